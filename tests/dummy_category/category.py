"""交換學生."""

from django.utils.translation import gettext_lazy as _

from portal.core.categories import StudentCategory, register

from .identity import IDENTITY

EXCHANGE_STUDENT = register(
    StudentCategory(
        slug="exchange-student",
        name=_("交換學生"),
        short_name=_("交換生"),
        identity=IDENTITY,
    )
)
