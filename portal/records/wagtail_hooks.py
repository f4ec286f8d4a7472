"""The agency's records in the admin, for records clerks. They come in with `manage.py import_records`."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from portal.cms.model_admin import RecordsAdmin

from .models import Applicant, Permit, School


class ApplicantAdmin(RecordsAdmin):
    """申請人資料."""

    model = Applicant
    menu_icon = "group"
    list_display = ("ui_no", "chinese_name", "birth_date", "travel_document_no", "travel_document_expiry", "school")
    list_export = list_display
    list_filter = ("gender", "degree")
    search_fields = ("ui_no", "chinese_name", "travel_document_no")
    list_select_related = ("school",)
    inspect_view_enabled = True


class PermitAdmin(RecordsAdmin):
    """許可證資料."""

    model = Permit
    menu_icon = "clipboard-list"
    list_display = ("permit_no", "applicant", "permit_type", "issued_on", "valid_until", "stay_until", "revoked_shown")
    list_export = ("permit_no", "applicant", "permit_type", "issued_on", "valid_until", "stay_until", "revoked")
    list_filter = ("permit_type", "revoked")
    search_fields = ("permit_no", "applicant__ui_no", "applicant__chinese_name")
    list_select_related = ("applicant",)
    inspect_view_enabled = True

    def revoked_shown(self, permit: Permit) -> str:
        """已廢止 in words."""
        return "是" if permit.revoked else "否"

    revoked_shown.short_description = "已廢止"  # type: ignore[attr-defined]


class SchoolAdmin(RecordsAdmin):
    """學校."""

    model = School
    menu_icon = "home"
    list_display = ("code", "name", "city")
    list_export = list_display
    list_filter = ("city",)
    search_fields = ("code", "name")


class RecordsGroup(ModelAdminGroup):
    """署內資料."""

    menu_label = "署內資料"
    menu_icon = "folder-open-inverse"
    menu_order = 310
    items = (ApplicantAdmin, PermitAdmin, SchoolAdmin)


modeladmin_register(RecordsGroup)
