"""線上申辦, one wizard for every kind: 使用聲明事項 -> 許可證號碼 -> 申請書 -> 確認送出."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from formtools.wizard.views import NamedUrlWizardView

from portal.accounts.access import StudentRequest
from portal.cases import slots
from portal.cases.eligibility import already_open, check_permit
from portal.cases.kinds import CaseKind
from portal.cases.operations import NotAllowed
from portal.cases.queries import in_the_way
from portal.core.categories import StrOrPromise
from portal.core.languages import in_language
from portal.editorial.declaration import DeclarationVersion
from portal.editorial.declaration_versions import declaration_in_force
from portal.records.protocol import Match, Reason, Refusal
from portal.sessions import typed as waited
from portal.throttling.form_limits import kept_values

from . import operations, quotas
from .application import ApplicationForm, Difference
from .form_map import blocks_of
from .intake import Intake
from .models import Draft
from .prefilling import application_of, prefilled, sources
from .presentation import sections
from .slots import SlotFile, files_in
from .steps import CheckForm, DeclarationForm, PermitForm
from .storage import DraftStorage

STEPS: dict[str, StrOrPromise] = {
    "declaration": _("使用聲明事項"),
    "permit": _("許可證號碼"),
    "form": _("填寫申請書"),
    "check": _("確認送出"),
}
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
# After these noes the number may have been another one.
RETYPE = frozenset({Reason.UNKNOWN_NUMBER, Reason.NOT_YOURS, Reason.UNAVAILABLE, Reason.TOO_MANY})
STEP_FORMS: Sequence[tuple[str, type[forms.Form]]] = (
    ("declaration", DeclarationForm),
    ("permit", PermitForm),
    ("form", ApplicationForm),
    ("check", CheckForm),
)


class ApplicationWizard(NamedUrlWizardView):
    """The steps of one draft. A step opens when those before it are done; the POST of the last one sends, once."""

    storage_name = "portal.forms.storage.DraftStorage"  # type: ignore[assignment]
    storage: DraftStorage
    request: StudentRequest

    # What formtools asks

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> None:
        """No prefix: a page has one form."""

    def get_form_list(self) -> dict[str, type[forms.Form]]:
        return {**dict(STEP_FORMS), "form": self.form_class}

    def get_step_url(self, step: str) -> str:
        draft = self.draft
        return reverse("forms:step", args=[draft.category, draft.kind_code, draft.token, step])

    def get_form_initial(self, step: str) -> dict[str, Any]:
        typed = self.typed(step)
        if step == "declaration":
            return {"agree": self.accepted == self.declaration.label} if self.declaration else {}
        return {"number": typed.get("number", "")} if step == "permit" and typed else {}

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        if step == "declaration" and self.declaration:
            return {"newest": self.declaration.label}
        if step == "check":
            return {"differs": bool(self.differences())}
        return {"label": self.kind.number_label, "today": timezone.localdate()} if step == "permit" else {}

    @cached_property
    def answered(self) -> ApplicationForm:
        """The application as the last step shows it; nothing changes it there."""
        return self.application()

    def differences(self) -> list[Difference]:
        """What stands in the application against the records, beside what these say."""
        return self.answered.differences(self.storage.extra_data["recorded"]) if self.answered.is_valid() else []

    def get_template_names(self) -> list[str]:
        return [f"portal/forms/{self.steps.current}.html"]

    def get_context_data(self, form: forms.Form, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        here = self.steps.current
        context = {
            **kwargs,
            "form": form,
            "kind": self.kind,
            "draft": self.draft,
            "declaration": self.declaration if here == "declaration" else None,
            "slots": slots.of(self.kind, timezone.localdate()) if here == "declaration" else None,
            "saved": bool(self.storage.data["step_data"]),
            "steps": [{"label": label, "here": name == here} for name, label in STEPS.items()],
            "back": self.get_step_url(list(STEPS)[list(STEPS).index(here) - 1]),
        }
        if isinstance(form, ApplicationForm):
            asked = self.request.GET.get("block") or self.request.GET.get("open", "")
            only = "documents" if self.intake.notes or self.intake.problems else asked if not form.errors else ""
            known = self.storage.extra_data
            context["map"] = blocks_of(self.application(), form, only=only, sources=sources(self.form_class, known))
        if here == "check":
            application = self.answered
            answers = application.answers() if application.is_valid() else {}
            context["blocks"] = sections(self.kind, answers, self.storage.extra_data["prefill"])
            context["documents"] = application.required_documents()
            context["differences"] = self.differences()
            context["warnings"] = self.kind.warnings(answers, timezone.localdate())
        return context

    # The draft

    @property
    def draft(self) -> Draft:
        return self.storage.draft

    @cached_property
    def kind(self) -> CaseKind:
        return self.draft.kind

    @cached_property
    def form_class(self) -> type[ApplicationForm]:
        return self.kind.form

    @cached_property
    def intake(self) -> Intake:
        """What this request does to the draft's files."""
        return Intake(self.draft)

    @cached_property
    def uploaded(self) -> dict[str, list[SlotFile]]:
        return files_in(self.draft)

    def typed(self, step: str) -> "MultiValueDict[str, str] | None":
        """What was typed in that step, or None if nothing was."""
        saved: MultiValueDict[str, str] | None = self.storage.get_step_data(step)  # type: ignore[no-untyped-call]
        return saved

    def keep_typed(self, step: str, typed: "MultiValueDict[str, str] | None" = None) -> None:
        """Keep what was typed, right or wrong, as far as a field could hold it; what was not posted stays as it was."""
        posted = self.request.POST if typed is None else typed
        kept = kept_values(dict(posted.lists()), names=self.get_form_list()[step].base_fields.keys())
        self.storage.set_step_data(step, {**dict((self.typed(step) or MultiValueDict()).lists()), **kept})  # type: ignore[no-untyped-call]

    def is_done(self, step: str) -> bool:
        """Whether the step stands as it should; asks nobody outside."""
        if step == "declaration":
            return bool(self.accepted)
        if step == "permit":
            return "prefill" in self.storage.extra_data
        return self.answered.is_valid()

    @property
    def accepted(self) -> str:
        """The version of 使用聲明事項 that was accepted; it holds for this draft, whatever is published later."""
        label: str = self.storage.extra_data.get("declaration", "")
        return label

    @cached_property
    def declaration(self) -> DeclarationVersion | None:
        """使用聲明事項 as it is to be accepted now."""
        return declaration_in_force(self.draft.category, now=timezone.now())

    def application(self, *, checked: bool = True) -> ApplicationForm:
        """The application form as it was filled in and saved; not `checked`, it shows that without finding fault."""
        here = self.draft, self.storage.data, self.uploaded
        return application_of(*here, checked=checked, problems=self.intake.problems, notes=self.intake.notes)

    def step_form(self, step: str, data: Any = None) -> forms.Form:
        """The step's form, with `data` or unbound."""
        form: forms.Form = self.get_form(step, data=data)  # type: ignore[no-untyped-call]
        return form

    # GET

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        step: str = kwargs["step"]
        if redirection := self.redirect_if_unreachable(step):
            return redirection
        self.storage.current_step = step
        if step == "declaration" and not self.declaration:
            return self.render_closed()
        if step in ("permit", "form") and (typed := waited.take(self.request)):
            self.keep_typed(step, MultiValueDict(typed))
            self.storage.keep()
        return self.render_form(
            self.application(checked="errors" in self.request.GET) if step == "form" else self.step_form(step)
        )

    def redirect_if_unreachable(self, step: str) -> HttpResponseBase | None:
        """Where to go instead: to the page of what was sent, or to the first step that is not done."""
        if self.draft.sent_case:
            return self.to_sent()
        if step not in STEPS:
            raise Http404
        names = list(STEPS)
        missing = next((name for name in names[: names.index(step)] if not self.is_done(name)), None)
        if missing is None:
            return None
        then = "?errors" if missing == "form" and self.typed("form") else ""
        return self.sent_already() or self.to_step(missing, then=then)

    def to_step(self, step: str, *, then: str = "") -> HttpResponseRedirect:
        self.storage.current_step = step
        return redirect(self.get_step_url(step) + then)

    def to_sent(self) -> HttpResponseRedirect:
        return redirect("forms:sent", self.draft.category, self.draft.kind_code, self.draft.token)

    def render_closed(self) -> HttpResponseBase:
        """Without 使用聲明事項 nobody can apply."""
        return render(self.request, "portal/forms/closed.html", {"kind": self.kind}, status=503)

    def render_form(self, form: forms.Form) -> HttpResponseBase:
        page: HttpResponseBase = self.render(form)  # type: ignore[no-untyped-call]
        return page

    # POST

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        step: str = kwargs["step"]
        if redirection := self.redirect_if_unreachable(step):
            return redirection
        self.storage.current_step = step
        answers: dict[str, Callable[[], HttpResponseBase]] = {
            "declaration": self.post_declaration,
            "permit": self.post_permit,
            "form": self.post_form,
            "check": self.post_check,
        }
        return answers[step]()

    def post_declaration(self) -> HttpResponseBase:
        if not self.declaration:
            return self.render_closed()
        form = self.step_form("declaration", data=self.request.POST)
        if not form.is_valid():
            return self.render_form(form)
        self.keep_typed("declaration")
        self.storage.extra_data["declaration"] = self.declaration.label
        return self.to_step("permit")

    def post_permit(self) -> HttpResponseBase:
        self.keep_typed("permit")
        self.storage.extra_data.pop("prefill", None)
        form = self.step_form("permit", data=self.request.POST)
        if not form.is_valid():
            return self.render_form(form)
        answer = check_permit(self.kind, self.request.user, form.cleaned_data["number"], now=timezone.now())
        if isinstance(answer, Refusal):
            return self.render_refused(answer, form.cleaned_data["number"], form)
        self.store_match(answer)
        return self.to_step("form")

    def store_match(self, match: Match) -> None:
        """What the records and an earlier case say, so that the form can be shown without asking again."""
        self.storage.extra_data["permit_no"] = match.permit.permit_no
        self.storage.extra_data.update(prefilled(self.kind, match, self.request.user, today=timezone.localdate()))

    def render_refused(self, refusal: Refusal, permit_no: str, form: forms.Form | None = None) -> HttpResponseBase:
        """A no is a page of its own: what, why, and what now. Where another number may be the right one, it can be typed."""
        context = {
            "kind": self.kind,
            "refusal": refusal,
            "form": form if refusal.reason in RETYPE else None,
            "open_case": in_the_way(self.request.user, self.kind, permit_no),
        }
        return render(self.request, "portal/forms/refused.html", context)

    def post_form(self) -> HttpResponseBase:
        """Whichever button: what was typed and every chosen file is kept. Only 下一步 asks whether all is well."""
        if self.request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return self.post_slot()
        self.keep_typed("form")
        self.take_files()
        go = self.request.POST.get("go")
        if go == "check" or self.intake.problems:
            form = self.application(checked=go == "check")
            if form.errors and (self.intake.problems or self.intake.notes):
                return self.render_form(form)  # what is said of files is known to this answer alone
            if form.errors:  # at an address of its own: browsers do not go back to what answered a POST
                return self.to_step("form", then="?errors")
        if go in ("check", "permit"):
            return self.to_step(go)
        if go in LANGUAGES:
            return redirect(in_language(self.get_step_url("form"), go))
        if self.intake.notes:
            return self.render_form(self.application(checked=False))
        slot = self.request.POST.get("upload")
        return self.to_step("form", then=f"?open=documents#slot-{slot}" if slot else "")

    def post_slot(self) -> HttpResponseBase:
        """The files of one slot, sent by upload.js the moment they were chosen, or 移除; answered with the slot as it is now."""
        self.take_files()
        return self.intake.slot_response(self.request, self.application(checked=False))

    def take_files(self) -> None:
        """What this request does to files."""
        self.intake.handle(self.request, slots.of(self.kind, timezone.localdate()))

    def post_check(self) -> HttpResponseBase:
        """送出. The records are asked once more: what was true when the draft was begun may have changed."""
        now, permit_no = timezone.now(), self.storage.extra_data["permit_no"]
        form = self.step_form("check", data=self.request.POST)
        if not form.is_valid():
            return self.render_form(form)
        answer = check_permit(self.kind, self.request.user, permit_no, now=now)
        if isinstance(answer, Refusal):
            return self.sent_already() or self.render_refused(answer, permit_no)
        self.store_match(answer)
        application = self.application()
        if not application.is_valid():
            return self.sent_already() or self.to_step("form", then="?errors")
        assert application.slots  # noqa: S101  # it was made with its kind
        try:
            operations.send(
                self.draft,
                match=answer,
                answers=application.answers(),
                offered=application.slots,
                declaration_version=self.accepted,
                now=now,
            )
        except operations.TooManySent:
            return self.sent_already() or self.not_sent(quotas.TOO_MANY_SENT)
        except NotAllowed:
            refusal = already_open(self.kind, self.request.user, permit_no)
            other = self.render_refused(refusal, permit_no) if refusal else self.not_sent(_("資料已變更，請確認後再送出一次"))
            return self.sent_already() or other
        return self.to_sent()

    def sent_already(self) -> HttpResponseBase | None:
        """To the page of what was sent, if the same draft was sent by a first click that was quicker."""
        is_sent = Draft.objects.filter(pk=self.draft.pk, sent_case__isnull=False).exists()
        return self.to_sent() if is_sent else None

    def not_sent(self, why: StrOrPromise) -> HttpResponseBase:
        form = self.step_form("check", data=self.request.POST)
        form.add_error(None, str(why))
        return self.render_form(form)
