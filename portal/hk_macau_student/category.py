"""港澳僑生. Announced, with a log-in page of its own: nobody registers, and there is nothing to apply for yet."""

from django.utils.translation import gettext_lazy as _

from portal.core.categories import StudentCategory, register

HK_MACAU_STUDENT = register(StudentCategory(slug="hk-macau-student", name=_("港澳僑生"), short_name=_("港澳僑生")))
