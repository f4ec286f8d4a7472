"""The source `local`: the agency's records in our own tables, filled by `import_records`."""

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.db.models import Exists, OuterRef

from .models import Applicant, Permit
from .protocol import ApplicantRecord, PermitRecord, RecordsUnavailable


class LocalSource:
    """Asks our own tables."""

    def find_applicant(self, *, ui_no: str = "", permit_no: str = "") -> ApplicantRecord | None:
        """The person of that 統一證號 and holder of that permit, as far as each is given."""
        given = {"ui_no": ui_no, "permits__permit_no": permit_no}
        named = {field: number for field, number in given.items() if number}
        found = Applicant.objects.select_related("school").filter(**named).first() if named else None
        return _applicant_record(found) if found else None

    def find_permit(self, permit_no: str, permit_type: str) -> PermitRecord | None:
        """The permit of that number and type."""
        later = Permit.objects.filter(previous_permit_no=OuterRef("permit_no"))
        wanted = Permit.objects.filter(permit_no=permit_no, permit_type=permit_type)
        found = wanted.annotate(superseded=Exists(later)).first()
        return _permit_record(found, superseded=found.superseded) if found else None

    def permits_of(self, ui_no: str) -> tuple[PermitRecord, ...]:
        """Every permit of the person, oldest first."""
        rows = tuple(Permit.objects.filter(applicant__ui_no=ui_no).order_by("issued_on", "permit_no"))
        exchanged = {row.previous_permit_no for row in rows}
        return tuple(_permit_record(row, superseded=row.permit_no in exchanged) for row in rows)

    def add_permit(self, permit: PermitRecord) -> None:
        """A new row, unless there is one of that number; the permit from which it came keeps its own."""
        if not Applicant.objects.filter(ui_no=permit.ui_no).exists():
            raise RecordsUnavailable("the holder is not in the records")
        known = asdict(permit)
        number, holder = known.pop("permit_no"), known.pop("ui_no")
        del known["superseded"]  # follows from the other rows
        Permit.objects.get_or_create(permit_no=number, defaults={"applicant_id": holder, **known})

    @transaction.atomic
    def correct_applicant(self, ui_no: str, changes: Mapping[str, str]) -> None:
        """The person's row with those columns; what is no column of the table stands in `papers`."""
        row = Applicant.objects.select_for_update().filter(ui_no=ui_no).first()
        if row is None:
            raise RecordsUnavailable("the person is not in the records")
        columns = {field.name for field in Applicant._meta.fields}
        for name, value in changes.items():
            if name in columns:
                setattr(row, name, value)
            else:
                row.papers = {**row.papers, name: value}
        row.save()


def _applicant_record(row: Applicant) -> ApplicantRecord:
    return ApplicantRecord(
        category=row.category,
        ui_no=row.ui_no,
        chinese_name=row.chinese_name,
        english_name=row.english_name,
        gender=row.gender,
        birth_date=row.birth_date,
        birth_place=row.birth_place,
        papers=row.papers,
        school_code=row.school_id,
        school_name=row.school.name,
        department=row.department,
        degree=row.degree,
        student_no=row.student_no,
        enrolled_on=row.enrolled_on,
    )


def _permit_record(row: Permit, *, superseded: bool) -> PermitRecord:
    return PermitRecord(
        permit_no=row.permit_no,
        ui_no=row.applicant_id,
        permit_type=row.permit_type,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        entered_on=row.entered_on,
        stay_until=row.stay_until,
        revoked=row.revoked,
        previous_permit_no=row.previous_permit_no,
        first_permit_no=row.first_permit_no,
        superseded=superseded,
    )
