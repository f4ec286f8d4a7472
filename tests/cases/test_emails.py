"""The emails, word for word."""

import pytest
from django.conf import settings

from portal.accounts.models import User
from portal.cases import operations
from portal.cases.emails import EMAILS
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import Remark
from portal.cases.states import TRANSITIONS, Action, Status
from portal.mail.models import OutgoingMail
from tests.factories.cases import LATE, act, in_status, submitted

HELPLINE = "電腦操作/系統維修諮詢專線：(02) 2796-7162\n服務時間：週一至週五，08:30 - 19:00"


def text(case: Case) -> str:
    """Subject and body of the email that the case's last step caused."""
    email = OutgoingMail.objects.get(cause=f"case:{case.uid}:{case.version}")
    assert email.to == "xiaoming@example.test"
    return f"{email.subject}\n{email.body.rstrip()}"


def link(path: str) -> str:
    return f"{settings.BASE_URL}/china-student/individual/{path}"


def test_submitted(owner: User, kind: CaseKind) -> None:
    case = submitted(owner, kind=kind)
    assert (
        text(case)
        == f"""學生線上申辦系統：送件成功通知
王小明 您好：

您的「with-fee申請」已送件成功。

收件號：{case.case_no}
團號：S11511230001
送件時間：2026/11/23 10:30

接下來由審核人員審核您的申請，有結果時會再以 Email 通知您。您也可以隨時登入查看案件：
{link(f"cases/{case.case_no}/")}

{HELPLINE}"""
    )


def test_approved(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.AWAITING_PAYMENT, owner, officer, kind=kind)
    assert (
        text(case)
        == f"""學生線上申辦系統：審查核准待繳費通知
王小明 您好：

您的「with-fee申請」已審核核准，請於期限內繳費，以取得入出境許可證。

收件號：{case.case_no}
團號：S11511230001
應繳金額：新臺幣 1,000 元
繳費期限：2026/12/07

請登入後點選「線上繳費」：
{link("payments/")}

{HELPLINE}"""
    )


def test_completed(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.COMPLETED, owner, officer, kind=kind)
    assert (
        text(case)
        == f"""學生線上申辦系統：審核通過已完成製證通知
王小明 您好：

您的「with-fee申請」已結案，可下載電子許可證。

收件號：{case.case_no}
團號：S11511230001

請登入後點選「下載專區」的「許可證下載」：
{link("downloads/permits/")}

{HELPLINE}"""
    )


@pytest.mark.parametrize(
    ("action", "subject", "sentence"),
    [
        (Action.ASK_CORRECTION, "學生線上申辦系統：案件退請補正通知", "經審核需要補正資料，請依審核意見處理。"),
        (Action.ASK_SUPPLEMENT, "學生線上申辦系統：案件退請補件通知", "經審核需要補件，請依審核意見處理。"),
    ],
)
def test_returned(action: Action, subject: str, sentence: str, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=kind)
    case = act(action, case, officer, opinion='照片 < 4 KB & "模糊"\n請重拍')
    assert (
        text(case)
        == f"""{subject}
王小明 您好：

您的「with-fee申請」{sentence}

收件號：{case.case_no}
團號：S11511230001
期限：2027/01/25

審核意見：
照片 < 4 KB & "模糊"
請重拍

請登入後補正(件)，並按「送出」：
{link(f"corrections/{case.case_no}/")}

{HELPLINE}"""
    )


def test_remarks_and_the_asked_document_are_in_the_email(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=kind)
    remark = Remark("upload-enrolment", "請補蓋學校章戳")
    case = act(Action.ASK_SUPPLEMENT, case, officer, opinion="請補件", remarks=[remark], asked="休學證明")
    assert "審核意見：\n請補件\n\n- 在學證明：請補蓋學校章戳\n\n另請檢附：\n- 休學證明\n\n請登入" in text(case)


@pytest.mark.parametrize(("opinion", "notified"), [("已休學", "\n審核意見：\n已休學\n"), ("", "")])
def test_rejected(opinion: str, notified: str, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=kind)
    case = act(Action.REJECT, case, officer, opinion=opinion)
    assert (
        text(case)
        == f"""學生線上申辦系統：案件不予核准通知
王小明 您好：

您的「with-fee申請」經審核不予核准。

收件號：{case.case_no}
團號：S11511230001
不予核准原因：原申請事由或目的消失
{notified}
請登入查看案件：
{link(f"cases/{case.case_no}/")}

如不服本處分，得自處分達到之次日起 30 日內，繕具訴願書經由原處分機關向訴願管轄機關提起訴願（訴願法第14條、第58條）。

{HELPLINE}"""
    )


def test_a_refusal_names_its_article(owner: User, officer: User) -> None:
    case = in_status(Status.REJECTED, owner, officer)
    assert (
        "\n不予核准原因：原申請事由或目的消失\n法令依據：大陸地區人民來臺就讀專科以上學校辦法第11條第1項第6款、大陸地區人民進入臺灣地區許可辦法第12條\n"
        in text(case)
    )


def test_a_case_that_was_not_corrected_names_its_article_too(owner: User, officer: User) -> None:
    case = operations.expire(in_status(Status.CORRECTION, owner, officer), now=LATE)
    article = "大陸地區人民來臺就讀專科以上學校辦法第9條第2項"
    assert f"\n不予核准原因：逾期未補正(件)\n法令依據：{article}\n" in text(case)


def test_lapsed(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.LAPSED, owner, officer, kind=kind)
    assert (
        text(case)
        == f"""學生線上申辦系統：案件逾期未繳費通知
王小明 您好：

您的「with-fee申請」已核准，但未於期限內繳費，案件已結束。如仍需辦理，請重新申請。

收件號：{case.case_no}
團號：S11511230001
繳費期限：2026/12/07

請登入查看案件：
{link(f"cases/{case.case_no}/")}

{HELPLINE}"""
    )


def test_withdrawn(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.WITHDRAWN, owner, officer, kind=kind)
    assert (
        text(case)
        == f"""學生線上申辦系統：案件撤銷成功通知
王小明 您好：

您的「with-fee申請」已撤銷。如果不是您本人撤銷，請立即來電。

收件號：{case.case_no}
團號：S11511230001

{HELPLINE}"""
    )


def test_each_step_that_ends_or_returns_a_case_has_its_email() -> None:
    silent = {Action.TAKE, Action.RELEASE, Action.ASSIGN, Action.ASK_EXTENSION}
    steps = {(edge.action, target) for edge in TRANSITIONS for target in edge.targets or edge.sources}
    assert set(EMAILS) == {(action, target) for action, target in steps if action not in silent}


def test_steps_inside_the_house_send_nothing(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.IN_REVIEW, owner, officer, kind=kind)
    act(Action.RELEASE, case, officer)
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["case_submitted"]
