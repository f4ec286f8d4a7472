from django.apps import AppConfig


class OfficeCalendarConfig(AppConfig):
    name = "portal.office_calendar"
    label = "portal_office_calendar"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "辦公日曆表"
