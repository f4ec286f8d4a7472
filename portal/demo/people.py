"""Who is in the demonstration: made-up students in the agency's records, and staff. Dates are counted from today."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core import categories
from portal.core.categories import StrOrPromise
from portal.demo import second_factor
from portal.fields.identifiers import case_no
from portal.home.groups import CHIEF_EDITORS, EDITORS
from portal.office_calendar.periods import months_before, period_end
from portal.records.models import Applicant, Permit, School
from portal.staff_login import operations

# The category of the demonstration, and its types of permit as the agency's records have them.
CATEGORY, SINGLE, MULTIPLE = "china-student", "single", "multiple"

# Numbers of the demonstration keep this year, so that people stay who they are when the year turns.
ROC_YEAR = 115


@dataclass(frozen=True)
class DemoStudent:
    """One student; `outcome` is what the portal will say when they apply.

    Who holds a single-entry permit `entered` so many days ago, and whose is `left` ends in so many days: theirs is a
    multiple-entry permit. `months` is how long ago their studies began.
    """

    serial: int
    chinese_name: str
    english_name: str
    gender: str
    birth_date: date
    ui_no: str
    person_id: str
    school_code: str
    outcome: str | Promise
    entered: int | None = 20
    left: int | None = None
    degree: str = "B"
    months: int = 2
    revoked: bool = False
    travel_document_days: int = 1500

    @property
    def permit_type(self) -> str:
        return SINGLE if self.left is None else MULTIPLE

    @property
    def permit_label(self) -> StrOrPromise:
        return dict(categories.identities()[CATEGORY].permit_types)[self.permit_type]

    @property
    def travel_document_no(self) -> str:
        return f"L{20000000 + self.serial}"

    @property
    def permit_no(self) -> str:
        return case_no(roc_year=ROC_YEAR, digit="0" if self.left is None else "1", serial=self.serial)

    @property
    def school(self) -> School:
        return School.objects.get(code=self.school_code)


@dataclass(frozen=True)
class DemoStaff:
    """One member of staff, logging in at /admin/."""

    username: str
    name: str
    duty: str | Promise
    groups: tuple[str, ...] = ()
    is_superuser: bool = False

    @property
    def password(self) -> str:
        return f"{self.username}-demo-2026"


QUALIFIES = _("可以申請換發多次證，一路辦到下載許可證與收據")
RARE = _("可以申請換發多次證；姓名有罕用字")
# Today most students hold a multiple-entry permit: they extend it, have it corrected, or come back to their studies.
STUDENTS = (
    DemoStudent(1, "王小明", "WANG, XIAOMING", "0", date(2004, 5, 6), "A890000011", "31010420040506103X", "0003", QUALIFIES),
    DemoStudent(2, "陳美玲", "CHEN, MEILING", "1", date(2005, 3, 14), "A990000022", "350203200503141048", "0001", QUALIFIES, 35),
    DemoStudent(3, "林示範", "LIN, SHIFAN", "0", date(2003, 11, 20), "A890000039", "440106200311201072", "0005", QUALIFIES, 8),
    DemoStudent(6, "歐陽䶮", "OUYANG, YAN", "0", date(2001, 9, 9), "A890000066", "510107200109091134", "1005", RARE, 28),
    DemoStudent(7, "阿里木·試驗", "ALIMU SHIYAN", "0", date(2004, 12, 1), "A890000075", "650102200412011159", "0004", RARE, 17),
    DemoStudent(
        18,
        "高復學",
        "GAO, FUXUE",
        "0",
        date(2001, 6, 12),
        "A890000182",
        "440103200106121373",
        "0006",
        _("復學：可以申請換發多次證，曾繳交健康檢查合格證明者免附"),
        10,
        degree="M",
        months=30,
    ),
    DemoStudent(
        4,
        "張範例",
        "ZHANG, FANLI",
        "1",
        date(2006, 1, 8),
        "A990000040",
        "110105200601081088",
        "1001",
        _("可以申請延期，最長 2 年"),
        left=60,
        months=20,
    ),
    DemoStudent(
        13,
        "孫延期",
        "SUN, YANQI",
        "1",
        date(1996, 3, 20),
        "A990000139",
        "11010819960320126X",
        "0003",
        _("可以申請延期，最長 2 年"),
        left=30,
        degree="D",
        months=50,
    ),
    DemoStudent(
        15,
        "馬六月",
        "MA, LIUYUE",
        "1",
        date(1998, 7, 14),
        "A990000157",
        "37010219980714130X",
        "0002",
        _("可以申請延期；碩士班修業已滿 3 年，最長 6 個月"),
        left=45,
        degree="M",
        months=40,
    ),
    DemoStudent(
        19,
        "曹升學",
        "CAO, SHENGXUE",
        "1",
        date(1999, 1, 1),
        "A990000193",
        "320102199901011385",
        "0007",
        _("升學博士班，修業年數重新起算：可以申請延期，最長 2 年"),
        left=75,
        degree="D",
        months=1,
    ),
    DemoStudent(
        16,
        "胡換證",
        "HU, HUANZHENG",
        "0",
        date(2000, 2, 29),
        "A890000164",
        "330102200002291333",
        "1004",
        _("可以申請延期；通行證效期未滿 1 個月，會提醒儘速換發"),
        left=50,
        degree="M",
        months=20,
        travel_document_days=20,
    ),
    DemoStudent(
        14,
        "羅太早",
        "LUO, TAIZAO",
        "0",
        date(1999, 11, 5),
        "A890000146",
        "350102199911051298",
        "0008",
        _("延期尚未到可以申請的時間，會顯示可申請的日期"),
        left=150,
        degree="M",
        months=18,
    ),
    DemoStudent(
        17,
        "郭改名",
        "GUO, GAIMING",
        "1",
        date(1997, 9, 28),
        "A990000175",
        "310104199709281343",
        "1006",
        _("可以申請資料異動，例如變更姓名；免費，核准後即可下載"),
        left=500,
        degree="D",
        months=10,
    ),
    DemoStudent(
        5,
        "李樣本",
        "LI, YANGBEN",
        "0",
        date(2002, 7, 30),
        "A890000057",
        "330106200207301115",
        "0002",
        _("可以申請資料異動，例如更換通行證；免費，核准後即可下載"),
        left=400,
        degree="M",
        months=14,
    ),
    DemoStudent(
        12,
        "鄭多次",
        "ZHENG, DUOCI",
        "1",
        date(2001, 6, 16),
        "A990000120",
        "430102200106161246",
        "1016",
        _("已持有多次證，查無單次證；延期尚未到可以申請的時間"),
        left=116,
        months=26,
    ),
    DemoStudent(
        20,
        "潘屆滿",
        "PAN, JIEMAN",
        "0",
        date(2000, 12, 31),
        "A890000208",
        "420102200012311416",
        "1003",
        _("停留期間已屆滿，不能申請延期或資料異動"),
        left=-10,
        degree="M",
        months=30,
    ),
    DemoStudent(
        8, "周太晚", "ZHOU, TAIWAN", "1", date(2003, 2, 27), "A990000086", "320102200302271164", "0003", _("停留期間已屆滿"), 80
    ),
    DemoStudent(
        9, "何未入", "HE, WEIRU", "0", date(2005, 8, 18), "A890000093", "420106200508181198", "0012", _("尚未入境"), None
    ),
    DemoStudent(
        10,
        "許逾期",
        "XU, YUQI",
        "1",
        date(2002, 4, 4),
        "A990000102",
        "610102200204041209",
        "1002",
        _("通行證已逾期"),
        travel_document_days=-3,
    ),
    DemoStudent(
        11,
        "吳廢止",
        "WU, FEIZHI",
        "0",
        date(2004, 10, 10),
        "A890000119",
        "120101200410101230",
        "1006",
        _("許可證已廢止"),
        revoked=True,
    ),
)
STAFF = (
    DemoStaff("officer", "王審查", _("審查人員：案件審核"), ("審查人員",)),
    DemoStaff("officer2", "李審查", _("審查人員：案件審核"), ("審查人員",)),
    DemoStaff("editor", "林編輯", _("編輯人員：網站內容"), (EDITORS, CHIEF_EDITORS)),
    DemoStaff("supervisor", "陳主管", _("主管：查閱案件與信件，不審核"), ("主管",)),
    DemoStaff("cashier", "吳出納", _("出納：繳費與帳務"), ("出納",)),
    DemoStaff("clerk", "周資料", _("資料管理人員：署內申請人與許可證資料"), ("資料管理人員",)),
    DemoStaff("administrator", "黃管理", _("系統管理人員：全部功能"), is_superuser=True),
)


@transaction.atomic
def write_students(*, today: date) -> None:
    """Put the students and their permits into the agency's records, or move their dates up to today."""
    for student in STUDENTS:
        write_student(student, today=today)


def write_student(student: DemoStudent, *, today: date) -> None:
    """One of them."""
    applicant, _new = Applicant.objects.update_or_create(ui_no=student.ui_no, defaults=_applicant_fields(student, today=today))
    Permit.objects.update_or_create(
        permit_no=student.permit_no, defaults={"applicant": applicant, **_permit_fields(student, today=today)}
    )


def _applicant_fields(student: DemoStudent, *, today: date) -> dict[str, object]:
    own = ("chinese_name", "english_name", "gender", "birth_date", "school")
    return {
        **{name: getattr(student, name) for name in own},
        "category": CATEGORY,
        "birth_place": student.person_id[:2],
        "papers": {
            "person_id": student.person_id,
            "travel_document_no": student.travel_document_no,
            "travel_document_expiry": str(today + timedelta(days=student.travel_document_days)),
        },
        "department": "資訊工程學系",
        "degree": student.degree,
        "student_no": f"{student.degree}{ROC_YEAR}{student.serial:06d}",
        "enrolled_on": months_before(today.replace(day=1), student.months),
    }


def _permit_fields(student: DemoStudent, *, today: date) -> dict[str, object]:
    dates = _of_single(student.entered, today) if student.left is None else _of_multiple(student.left, today)
    return {"permit_type": student.permit_type, "revoked": student.revoked, **dates}


def _of_single(days_ago: int | None, today: date) -> dict[str, object]:
    entered = today - timedelta(days=days_ago) if days_ago is not None else None
    issued = (entered or today) - timedelta(days=14)
    stay_until = period_end(entered or today, 2)
    return {"issued_on": issued, "valid_until": period_end(issued, 3), "entered_on": entered, "stay_until": stay_until}


def _of_multiple(days_left: int, today: date) -> dict[str, object]:
    until = today + timedelta(days=days_left)
    return {"issued_on": months_before(until, 24), "valid_until": until, "entered_on": None, "stay_until": until}


@transaction.atomic
def write_staff() -> None:
    """Make the members of staff who are not there yet, each with an authenticator whose codes the demonstration tells."""
    for one in STAFF:
        user = User.objects.filter(username=one.username).first() or _enter(one)
        second_factor.give_authenticator(user)


def _enter(one: DemoStaff) -> User:
    """As the administrator's form makes them; the password is printed, so there is no link to follow."""
    now = timezone.now()
    member = operations.NewMember(
        username=one.username, chinese_name=one.name, email=f"{one.username}@staff.example", is_superuser=one.is_superuser
    )
    user = operations.create(member, Group.objects.filter(name__in=one.groups), now=now)
    user.password, user.activated_at = make_password(one.password), now
    user.save(update_fields=["password", "activated_at"])
    return user
