"""A source of records that never answers."""

from typing import NoReturn

from portal.records.protocol import RecordsUnavailable


class SilentSource:
    def find_applicant(self, **_: object) -> NoReturn:
        raise RecordsUnavailable

    def find_permit(self, *_: object) -> NoReturn:
        raise RecordsUnavailable
