"""大陸學生 (陸生)."""

from django.utils.translation import gettext_lazy as _

from portal.core.categories import StudentCategory, register

from .identity import IDENTITY

CHINA_STUDENT = register(
    StudentCategory(
        slug="china-student",
        name=_("大陸學生"),
        short_name=_("陸生"),
        identity=IDENTITY,
    )
)
