"""The source `local`: the agency's records in our own tables, filled by `import_records`."""

from dataclasses import asdict

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

    def add_permit(self, permit: PermitRecord) -> None:
        """A new row, unless there is one of that number; the permit from which it came keeps its own."""
        if not Applicant.objects.filter(ui_no=permit.ui_no).exists():
            raise RecordsUnavailable("the holder is not in the records")
        known = asdict(permit)
        number, holder = known.pop("permit_no"), known.pop("ui_no")
        del known["superseded"]  # follows from the other rows
        Permit.objects.get_or_create(permit_no=number, defaults={"applicant_id": holder, **known})


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
