from django.apps import AppConfig


class DownloadsConfig(AppConfig):
    name = "portal.downloads"
    verbose_name = "下載專區"
