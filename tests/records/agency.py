"""Made-up files of the agency: applicants.csv and permits.csv."""

import csv
import datetime as dt
from pathlib import Path

from portal.china_student.identity import is_person_id
from portal.fields.identifiers import is_ui_no

Row = dict[str, str]
# 中文姓名 holds no figures; a student of these files is asked for the name as a form takes it.
HAN_FIGURES = str.maketrans("0123456789", "零一二三四五六七八九")


def chinese_name(number: int) -> str:
    return f"測試{number:06d}".translate(HAN_FIGURES)


def applicant_row(number: int = 0, **changes: str) -> Row:
    """A person whom the other numbers do not resemble."""
    born = dt.date(2004, 5, 6)
    row = {
        "ui_no": next(ui for digit in range(10) if is_ui_no(ui := f"A89{number:06d}{digit}")),
        "chinese_name": chinese_name(number),
        "english_name": f"STUDENT, NUMBER {number:06d}",
        "gender": "0",
        "birth_date": str(born),
        "birth_place": "31",
        "person_id": next(found for end in "0123456789X" if is_person_id(found := f"310104{born:%Y%m%d}001{end}")),
        "travel_document_no": f"L{number:08d}",
        "travel_document_expiry": "2031-01-01",
        "school_code": "0003",
        "department": "資訊工程學系",
        "degree": "B",
        "student_no": f"115{number:06d}",
        "enrolled_on": "2026-09-01",
    }
    return {**row, **changes}


def permit_row(number: int = 0, **changes: str) -> Row:
    """The single-entry permit of the applicant of the same number."""
    row = {
        "permit_no": f"1150{number:08d}",
        "ui_no": applicant_row(number)["ui_no"],
        "permit_type": "single",
        "issued_on": "2026-10-20",
        "valid_until": "2027-01-20",
        "entered_on": "2026-11-02",
        "stay_until": "2027-01-02",
    }
    return {**row, **changes}


def write(path: Path, *rows: Row, encoding: str = "utf-8") -> Path:
    """A file of those rows, its header the names of the first."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path
