from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "portal_records"
    verbose_name = "署內資料"
