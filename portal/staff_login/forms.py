"""The log-in form of the admin. After failures, of this account or of this network, it asks for a 驗證碼, and closes nothing."""
# mypy: allow-untyped-calls

from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from wagtail.admin.forms.auth import LoginForm

from portal.accounts.login_guard import STAFF_REALM, network_step, note_wrong_captcha
from portal.captcha import answered
from portal.captcha.challenges import CaptchaField, Solved
from portal.fields.passwords import PASSWORD_MAX
from portal.throttling import limits
from portal.throttling.form_limits import LengthFirst
from portal.throttling.network import client_network


class StaffLogInForm(LengthFirst, LoginForm):
    """Wagtail's, and a 驗證碼 where limits ask for more proof."""

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["password"].max_length = PASSWORD_MAX  # type: ignore[attr-defined]  # a CharField, as `username` is
        step = network_step(client_network(request), realm=STAFF_REALM, now=timezone.now())
        # The account's own failures are known once it is named: the page then asked, and this is the answer.
        if step or "captcha_0" in self.data:
            self._ask(max(step, 1))

    def _ask(self, step: int) -> CaptchaField:
        field = self.fields.setdefault("captcha", CaptchaField())
        assert isinstance(field, CaptchaField)  # noqa: S101
        field.form_digest = answered.digest_of(self.data, about="staff")
        field.ask(step)
        return field

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if self.request and self.has_error("captcha", "wrong"):
            note_wrong_captcha(data.get("username", ""), realm=STAFF_REALM, request=self.request, now=timezone.now())
        if not self.errors:
            self._authenticate(data["username"], data["password"], data.get("captcha"))
        return data

    def _authenticate(self, username: str, password: str, solved: Solved | None) -> None:
        proof = solved.step if solved else 0
        try:
            self.user_cache = authenticate(self.request, username=username, password=password, proof=proof)
        except limits.MoreProof as needed:
            self.add_error("captcha", self._ask(needed.step).more())
            return
        if self.user_cache is None:
            raise self.get_invalid_login_error()
        self.confirm_login_allowed(self.user_cache)
