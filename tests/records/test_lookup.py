"""Questions to the records: every outcome, the throttle, the log."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connections
from pytest_django import Settings

from portal.china_student.identity import MULTIPLE, SINGLE
from portal.records import lookup
from portal.records.lookup import match_permit, match_person
from portal.records.models import Applicant, LookupLog, Permit
from portal.records.protocol import ApplicantRecord, Claim, Match, Reason, Refusal
from portal.throttling.limits import MoreProof
from tests import people

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
WANG = Claim(
    category=people.CATEGORY,
    chinese_name="王小明",
    birth_date=dt.date(2004, 5, 6),
    papers={"travel_document_no": "L10000001"},
    school_code="0003",
    ui_no="A890000002",
)
BY_PERMIT = replace(WANG, ui_no="", permit_no=people.SINGLE_PERMIT_NO)
NOBODY = Refusal(Reason.UNKNOWN_PERSON)


def person(identity: Claim, *, asker: str = "192.0.2.1", now: dt.datetime = NOW) -> ApplicantRecord | Refusal:
    return match_person(identity, network=asker, now=now)


def permit(
    number: str,
    *,
    ui_no: str = "A890000002",
    asker: str = "account:1",
    now: dt.datetime = NOW,
    kind: str = SINGLE,
    category: str = people.CATEGORY,
) -> object:
    return match_permit(number, kind, category=category, ui_no=ui_no, asker=asker, now=now)


def outcomes() -> list[str]:
    return list(LookupLog.objects.order_by("pk").values_list("outcome", flat=True))


@pytest.mark.parametrize("identity", [WANG, BY_PERMIT, replace(BY_PERMIT, ui_no="A890000002")])
def test_the_person_is_found_by_either_number_or_both(wang: Applicant, identity: Claim) -> None:
    found = person(identity)
    assert isinstance(found, ApplicantRecord)
    assert (found.ui_no, found.school_name) == ("A890000002", "國立臺灣大學")
    assert outcomes() == ["matched"]


@pytest.mark.parametrize(
    "typed",
    [
        replace(WANG, ui_no="ａ89 0000-002", papers={"travel_document_no": "l1000 0001"}),
        replace(WANG, chinese_name=" 王 小明\u3000"),
        replace(BY_PERMIT, permit_no="1150 0000 0015"),
    ],
)
def test_the_width_and_the_blanks_of_what_was_typed_do_not_matter(wang: Applicant, typed: Claim) -> None:
    assert isinstance(person(typed), ApplicantRecord)


@pytest.mark.parametrize("dot", ["", "•", "・", "‧", ".", "．", " · "])
def test_any_dot_between_the_parts_of_a_name(dot: str, db: None) -> None:
    people.applicant(chinese_name="阿不都熱依木·買買提")
    assert isinstance(person(replace(WANG, chinese_name=f"阿不都熱依木{dot}買買提")), ApplicantRecord)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WANG, chinese_name="王大明"),
        replace(WANG, birth_date=dt.date(2004, 6, 5)),
        replace(WANG, papers={"travel_document_no": "T10000001"}),
        replace(WANG, papers={"person_id": "310104200405060010"}),
        replace(WANG, papers={}),
        replace(WANG, category="exchange-student"),
        replace(WANG, school_code="0001"),
        replace(WANG, ui_no="A990000013"),
        replace(WANG, ui_no=""),
        replace(WANG, permit_no="115000000023"),
        replace(BY_PERMIT, permit_no="115000000023"),
    ],
)
def test_one_thing_wrong_is_as_unknown_as_everything_wrong(wang: Applicant, chen: Applicant, wrong: Claim) -> None:
    assert person(wrong) == NOBODY
    assert NOBODY.message == "查無此學生資料"
    assert outcomes() == ["unknown_person"]


def test_a_network_has_room_for_a_dormitory_and_then_is_asked_for_more_proof(wang: Applicant) -> None:
    for number in range(100):
        guess = replace(WANG, ui_no=f"X{number}", papers={"travel_document_no": f"Y{number}"})
        assert person(guess) == NOBODY
    with pytest.raises(MoreProof) as needed:
        person(WANG)
    assert needed.value.step == 1
    assert isinstance(match_person(WANG, network="192.0.2.1", now=NOW, proof=1), ApplicantRecord)
    assert isinstance(person(WANG, asker="192.0.2.2"), ApplicantRecord)
    assert isinstance(person(WANG, now=NOW + dt.timedelta(minutes=60)), ApplicantRecord)
    assert outcomes() == ["unknown_person"] * 100 + ["more_proof", "matched", "matched", "matched"]


@pytest.mark.parametrize("kept", ["ui_no", "papers"])
def test_five_failures_an_hour_for_one_number_from_one_network(wang: Applicant, kept: str) -> None:
    for number in range(5):
        other = replace(WANG, chinese_name="王大明", papers={"travel_document_no": f"Y{number}"}, ui_no=f"X{number}")
        guess = replace(other, **{kept: getattr(WANG, kept)})
        assert person(guess, now=NOW + dt.timedelta(minutes=number)) == NOBODY
    refusal = person(WANG, now=NOW + dt.timedelta(minutes=59))
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, str(refusal.detail)) == (Reason.TOO_MANY, "請於 2026/11/23 19:00 以後再試。")
    assert isinstance(person(WANG, asker="203.0.113.9"), ApplicantRecord)  # nobody shuts another person out
    assert isinstance(person(WANG, now=NOW + dt.timedelta(minutes=60)), ApplicantRecord)


def test_guessing_at_one_number_from_many_networks_asks_for_more_proof_and_closes_nothing(wang: Applicant) -> None:
    for number in range(20):
        assert person(replace(WANG, chinese_name="王大明"), asker=f"198.51.100.{number}") == NOBODY
    with pytest.raises(MoreProof):
        person(WANG, asker="203.0.113.9")
    assert isinstance(match_person(WANG, network="203.0.113.9", now=NOW, proof=1), ApplicantRecord)


def test_successes_do_not_count(wang: Applicant) -> None:
    for _ in range(9):
        assert isinstance(person(WANG), ApplicantRecord)


def test_questions_without_a_number_do_not_throttle_each_other(db: None) -> None:
    for number in range(7):
        assert person(replace(WANG, ui_no="", papers={}), asker=f"198.51.100.{number}") == NOBODY


@pytest.mark.django_db(transaction=True)
def test_of_guesses_at_the_same_moment_no_more_than_five_are_answered(settings: Settings) -> None:
    settings.RECORDS_SOURCE = "tests.records.sources.MeetingSource"
    assert _answered_at_once() <= 5  # none at all, where all were logged before the first counted


@pytest.mark.django_db(transaction=True)
def test_without_the_second_count_all_of_them_would_be(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RECORDS_SOURCE = "tests.records.sources.MeetingSource"
    counted = lookup._full_until
    monkeypatch.setattr(lookup, "_full_until", lambda question, *, beyond=0: None if question.pk else counted(question))
    assert _answered_at_once() == 16


def _answered_at_once() -> int:
    def guess(number: int) -> object:
        try:
            return person(replace(WANG, chinese_name=f"王{number}"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(guess, range(16))).count(NOBODY)


def test_a_permit_of_ones_own(single_permit: Permit) -> None:
    found = permit("1150-0000-0015")
    assert isinstance(found, Match)
    assert (found.applicant.chinese_name, found.permit.permit_no, found.permit.permit_type) == ("王小明", "115000000015", SINGLE)
    assert found.permits == (found.permit,)
    assert outcomes() == ["matched"]


@pytest.mark.parametrize("number", ["115000000023", "", "11500000001", "不是號碼", "1" * 200])
def test_a_number_that_nobody_has(single_permit: Permit, number: str) -> None:
    assert permit(number) == Refusal(Reason.UNKNOWN_NUMBER)
    assert Refusal(Reason.UNKNOWN_NUMBER).message == "查無此證號資料"


def test_a_number_of_the_other_type(single_permit: Permit) -> None:
    assert permit(people.SINGLE_PERMIT_NO, kind=MULTIPLE) == Refusal(Reason.UNKNOWN_NUMBER)


def test_somebody_elses_permit(single_permit: Permit, chen: Applicant) -> None:
    assert permit(people.SINGLE_PERMIT_NO, ui_no=chen.ui_no) == Refusal(Reason.NOT_YOURS)
    assert Refusal(Reason.NOT_YOURS).message == "帳號基資與案件資料不符"


def test_ones_own_permit_asked_for_as_somebody_of_another_category(single_permit: Permit) -> None:
    assert permit(people.SINGLE_PERMIT_NO, category="exchange-student") == Refusal(Reason.NOT_YOURS)


def test_a_revoked_permit(single_permit: Permit) -> None:
    Permit.objects.update(revoked=True)
    refusal = permit(people.SINGLE_PERMIT_NO)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.message, refusal.detail) == (Reason.NOT_ELIGIBLE, "不符合申請條件", "此許可證已經廢止。")


def test_twenty_failures_an_hour_of_one_account(single_permit: Permit) -> None:
    for number in range(20):
        assert permit(f"{number:012d}") == Refusal(Reason.UNKNOWN_NUMBER)
    refusal = permit(people.SINGLE_PERMIT_NO)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, str(refusal.detail)) == (Reason.TOO_MANY, "請於 2026/11/23 19:00 以後再試。")
    assert isinstance(permit(people.SINGLE_PERMIT_NO, asker="account:2"), Match)
    assert isinstance(permit(people.SINGLE_PERMIT_NO, now=NOW + dt.timedelta(hours=1)), Match)


def test_failed_registrations_do_not_throttle_permits(single_permit: Permit) -> None:
    for _ in range(5):
        person(replace(WANG, chinese_name="王大明"), asker="one")
    assert isinstance(permit(people.SINGLE_PERMIT_NO, asker="one"), Match)


def test_records_that_do_not_answer(settings: Settings, db: None) -> None:
    settings.RECORDS_SOURCE = "tests.records.sources.DownSource"
    assert [person(WANG) for _ in range(7)] == [Refusal(Reason.UNAVAILABLE)] * 7
    assert permit(people.SINGLE_PERMIT_NO) == Refusal(Reason.UNAVAILABLE)
    assert outcomes() == ["unavailable"] * 8


def test_the_log_holds_no_number_and_its_hashes_need_the_key(single_permit: Permit, settings: Settings) -> None:
    person(WANG)
    permit(people.SINGLE_PERMIT_NO)
    settings.SECRET_KEY = "another key"
    person(WANG)
    rows = list(LookupLog.objects.order_by("pk").values())
    kept = repr(rows)
    assert not any(secret in kept for secret in ("A890000002", "L10000001", people.SINGLE_PERMIT_NO, "王小明"))
    assert [(row["question"], row["asker"], row["outcome"], row["asked_at"]) for row in rows] == [
        ("person", "192.0.2.1", "matched", NOW),
        ("permit", "account:1", "matched", NOW),
        ("person", "192.0.2.1", "matched", NOW),
    ]
    assert rows[0]["key_hash"] != rows[2]["key_hash"]
    assert [len(row["key_hash"]) for row in rows] == [64, 64, 64]
