from django.apps import AppConfig


class OfficeCalendarConfig(AppConfig):
    name = "portal.office_calendar"
    verbose_name = "辦公日曆表"
