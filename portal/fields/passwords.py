"""How long a password may be: long passphrases are welcome, and nothing longer is hashed, compared or searched."""

from typing import Final

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PASSWORD_MAX: Final = 1024


class MaximumLengthValidator:
    """For every form that sets a password, Wagtail's among them. It stands first: what it refuses nobody else need look at."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > PASSWORD_MAX:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("密碼不可超過 {most} 個字元。").format(most=PASSWORD_MAX)


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's, with what to do."""

    def get_error_message(self) -> str:
        return _("這個密碼太常見了，請改用其他密碼。")
