"""Groups of staff 人員群組 who work with records (docs/staff.md); those who write pages are in portal.home.groups."""

from typing import Any, Final

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

OFFICERS: Final = "審查人員"
SUPERVISORS: Final = "主管"
CASHIERS: Final = "出納"
RECORDS_CLERKS: Final = "資料管理人員"

CASES: Final = ("portal_cases.view_case",)
EMAILS: Final = ("portal_mail.view_outgoingmail",)
LOG_INS: Final = ("portal_accounts.view_loginattempt",)
TRACES: Final = ("portal_cms.view_listexport", "portal_records.view_lookuplog")
MONEY: Final = (
    "portal_payments.view_bill",
    "portal_payments.view_payment",
    "portal_payments.view_ledgerevent",
    "portal_payments.view_receipt",
)
CASHIER: Final = (
    "portal_payments.change_reviewitem",
    "portal_payments.add_refund",
    "portal_payments.approve_refund",
    "portal_payments.add_settlementfile",
    "portal_payments.add_dayclose",
)
CALENDAR: Final = ("portal_office_calendar.view_officeday",)
RECORDS: Final = ("portal_records.view_applicant", "portal_records.view_permit", "portal_records.view_school")
CLERKS: Final = ("portal_records.import_recordsimport", "portal_records.correct_recordcorrection")
# What each group may do besides entering the admin.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    OFFICERS: ("portal_cases.review_case", *CALENDAR),
    SUPERVISORS: (*CASES, "portal_cases.assign_case", *EMAILS, *LOG_INS, *TRACES, *CALENDAR),
    CASHIERS: (*MONEY, *CASHIER),
    RECORDS_CLERKS: (*RECORDS, *CLERKS, *CALENDAR),
}


def create_groups(**kwargs: Any) -> None:
    """Make each group where there is none of its name yet. What an administrator changes in one stays."""
    for name, permissions in GROUPS.items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set([_access_admin(), *map(_permission, permissions)])


def _access_admin() -> Permission:
    # Wagtail makes its own permission after ours is asked for.
    content_type, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    return _get(content_type, "access_admin", "Can access Wagtail admin")


def _permission(name: str) -> Permission:
    """As Django will make it after the migrations of its own app."""
    app_label, _, codename = name.partition(".")
    model = apps.get_model(app_label, codename.partition("_")[2])
    label = dict(model._meta.permissions).get(codename, f"Can view {model._meta.verbose_name_raw}")
    return _get(ContentType.objects.get_for_model(model), codename, label)


def _get(content_type: ContentType, codename: str, name: str) -> Permission:
    return Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})[0]
