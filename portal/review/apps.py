from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "portal.review"
    verbose_name = "案件審核"
