"""Sources that the tests name in RECORDS_SOURCE."""

from collections.abc import Mapping
from threading import Barrier

from portal.records.protocol import ApplicantRecord, PermitRecord, RecordsUnavailable


class DownSource:
    """Records that do not answer."""

    def find_applicant(self, *, ui_no: str = "", permit_no: str = "") -> ApplicantRecord | None:
        raise RecordsUnavailable

    def find_permit(self, permit_no: str, permit_type: str) -> PermitRecord | None:
        raise RecordsUnavailable

    def permits_of(self, ui_no: str) -> tuple[PermitRecord, ...]:
        raise RecordsUnavailable

    def add_permit(self, permit: PermitRecord) -> None:
        raise RecordsUnavailable

    def correct_applicant(self, ui_no: str, changes: Mapping[str, str]) -> None:
        raise RecordsUnavailable


class MeetingSource(DownSource):
    """Knows nobody, and answers when as many have asked as it waits for: what throttles must have been passed by all of them."""

    meeting = Barrier(16, timeout=30)

    def find_applicant(self, *, ui_no: str = "", permit_no: str = "") -> ApplicantRecord | None:
        self.meeting.wait()
        return None
