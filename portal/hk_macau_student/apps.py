from django.apps import AppConfig


class HkMacauStudentConfig(AppConfig):
    name = "portal.hk_macau_student"
    label = "portal_hk_macau_student"
    verbose_name = "港澳僑生"
