from django.apps import AppConfig


class OfficeCalendarConfig(AppConfig):
    name = "portal.office_calendar"
    label = "portal_office_calendar"
    verbose_name = "辦公日曆表"
