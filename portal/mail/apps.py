from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portal.mail"
    label = "portal_mail"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "信件"
