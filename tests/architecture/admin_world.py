"""One of each thing that the portal and its admin have an address for, and the people who knock there."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, GroupApprovalTask, Site, Workflow
from wagtail.snippets.models import get_snippet_models

from portal.accounts.models import ActivationLink, EmailChange, User
from portal.accounts.queries import hash_of
from portal.cases import kinds
from portal.cases.models import AddedSlot, Case
from portal.cases.reasons.models import RefusalGround
from portal.cases.states import Action
from portal.china_student.identity import MULTIPLE
from portal.cms.snippets import publish_new
from portal.downloads.models import IssuedDocument
from portal.editorial.contact import ContactSettings
from portal.forms.models import Draft, DraftUpload
from portal.home.groups import CHIEF_EDITORS, EDITORS
from portal.home.models import HomePage, StandardPage
from portal.mail.models import EmailText, OutgoingMail
from portal.payments.models import Receipt, Refund, SettlementFile
from portal.payments.protocol import Outcome
from portal.records.models import RecordsImport
from portal.review.groups import CASHIERS, OFFICERS, RECORDS_CLERKS, SUPERVISORS
from portal.review.models import ReasonTemplate
from portal.sandbank.models import Order
from portal.sessions.engine import AccountSession
from portal.staff_login import operations
from portal.staff_login.models import SecondFactorReset
from portal.throttling.models import QuotaUse
from tests import people
from tests.bench import files
from tests.factories import payments as make
from tests.factories.cases import PNG, act, approved, document, match, submitted
from tests.pages import source
from tests.staff import logged_in, make_administrator, make_staff
from tests.worlds import seed_pages, world

GROUPS = {
    "editor": EDITORS,
    "chief": CHIEF_EDITORS,
    "officer": OFFICERS,
    "supervisor": SUPERVISORS,
    "cashier": CASHIERS,
    "clerk": RECORDS_CLERKS,
}
HOLE = re.compile(r"\(\?P<(?P<named>\w+)>[^)]*\)|<(?:\w+:)?(?P<hole>\w+)>|\([^)]*\)")


WEEK = dt.timedelta(days=7)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")


def client_of(role: str) -> Client:
    """A browser in which somebody of that role is logged in."""
    if role == "visitor":
        return Client()
    if role in OTHER_STUDENTS:
        return logged_in(_other_student(role))
    if role == "administrator":
        return logged_in(make_administrator())
    if role == "student":
        return logged_in(User.objects.get(username="xiaoming"))
    return logged_in(make_staff(f"{role}1", GROUPS[role]))


# Not the owner: one of the owner's category, one of another, and one whom SQL has put into a group of staff.
OTHER_STUDENTS = {
    "stranger": {"ui_no": "A990000013", "travel_document_no": "T20000002"},
    "foreign": {"ui_no": "A890000100", "travel_document_no": "T20000003"},
    "smuggled": {"ui_no": "A890000119", "travel_document_no": "T20000004"},
}


def _other_student(role: str) -> User:
    user = people.student(people.applicant(student_no=f"B-{role}", **OTHER_STUDENTS[role]), role)
    if role == "foreign":
        User.objects.filter(pk=user.pk).update(category="exchange-student")
    if role == "smuggled":
        User.groups.through.objects.create(user_id=user.pk, group_id=Group.objects.get(name=OFFICERS).pk)
    return User.objects.get(pk=user.pk)


def contents() -> dict[str, str]:
    """A digest of each table but two: log-ins, which say when somebody was last there, and what is used of quotas, which
    counts how often typed text was kept in them (test_filling.py says which addresses do so)."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return {table: _digest(table) for table in sorted(tables - {AccountSession._meta.db_table, QuotaUse._meta.db_table})}


def _digest(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a name of Django's
        rows = sorted(map(repr, cursor.fetchall()))
    return hashlib.sha256("".join(rows).encode()).hexdigest()


@dataclass(frozen=True)
class World:
    """What stands in the holes of addresses: by the address's prefix and the hole's name, or by the name alone."""

    fillings: dict[str, Any]

    def fill(self, name: str, route: str) -> str:
        """The address, with one of each thing in its holes; "1" where there is no such thing."""
        if name in self.fillings:
            return str(self.fillings[name])

        def thing(match: re.Match[str]) -> str:
            hole = match["named"] or match["hole"] or "unnamed"
            prefix = name.rpartition(":")[0] or name
            return str(self.fillings.get(f"{prefix}.{hole}", self.fillings.get(hole, 1)))

        path = HOLE.sub(thing, route).replace("^", "").replace("$", "").replace("\\", "")
        return f"/{path}".replace(".*", "nonsense")


def build() -> World:
    """A laid-out site, a paid case and a waiting one, an email, a picture, a document, …"""
    seed_pages()
    made: World = world("one of each", lambda: World({**_shapes(), **_pages(), **_things(), **_records()}))
    return made


def _shapes() -> dict[str, Any]:
    return {
        "app_label": "wagtailcore",
        "model_name": "page",
        "action": "publish",
        "action_name": "approve",
        "app_name": "wagtailimages",
        "content_type_app_name": "portal_home",
        "content_type_model_name": "standardpage",
        "wagtailadmin_pages.app_label": "portal_home",
        "wagtailadmin_pages.model_name": "standardpage",
        "wagtailadmin_workflows.app_label": "wagtailcore",
        "wagtailadmin_workflows.model_name": "groupapprovaltask",
        "simple_translation.app_label": "portal_editorial",
        "simple_translation.model_name": "announcement",
        "wagtailsettings.app_name": "portal_editorial",
        "wagtailsettings.model_name": "contactsettings",
        "wagtailadmin_tag_model_autocomplete.app_name": "wagtailimages",
        "wagtailadmin_tag_model_autocomplete.model_name": "image",
        "filter_spec": "original",
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "uidb64": "x",
        "token": "x",
    }


def _pages() -> dict[str, Any]:
    home, page = source(HomePage), StandardPage.objects.get(slug="about", locale__language_code="zh-hant")
    Workflow.objects.get().start(page, None)
    task = page.current_workflow_task_state
    names = ("page_id", "page_to_move_id", "page_pk", "pk")
    return {
        **dict.fromkeys(names, page.pk),
        "wagtail_serve": "/about/",
        "parent_page_id": home.pk,
        "destination_id": home.pk,
        "task_state_id": task.pk,
        "workflow_state_id": page.current_workflow_state.pk,
        "revision_id": page.latest_revision_id,
        "task_id": task.task_id,
    }


def _things() -> dict[str, Any]:
    root, task = Collection.get_first_root_node(), GroupApprovalTask.objects.get()
    picture = ImageFile(ContentFile(files.picture(64, 48, kind="PNG")), "picture.png")
    image = Image.objects.create(title="圖片", file=picture, collection=root)
    paper = Document.objects.create(title="文件", file=ContentFile(b"%PDF-1.7", "paper.pdf"), collection=root)
    collection = root.add_child(name="集合")
    return {
        "image_id": image.pk,
        "wagtailimages_chooser.pk": image.pk,
        "wagtailadmin_api:images.pk": image.pk,
        "document_id": paper.pk,
        "doc_id": paper.pk,
        "wagtaildocs_chooser.pk": paper.pk,
        "wagtailadmin_api:documents.pk": paper.pk,
        "collection_id": collection.pk,
        "wagtailadmin_collections.pk": collection.pk,
        "wagtailadmin_workflows.pk": Workflow.objects.get().pk,
        "workflow_pk": Workflow.objects.get().pk,
        "wagtailadmin_workflows.task_id": task.pk,
        "redirect_id": Redirect.objects.create(old_path="/old", redirect_link="/new").pk,
        "wagtailsites.pk": Site.objects.get().pk,
        "wagtailsettings.pk": ContactSettings.load().pk,
        "wagtailusers_groups.pk": Group.objects.get(name=OFFICERS).pk,
        **_snippets(),
    }


def _snippets() -> dict[str, Any]:
    publish_new(AddedSlot(label="監護人同意書", kinds=["china-student.extension"]))
    publish_new(ReasonTemplate(name="照片不清楚", text="請重新上傳照片。"))
    publish_new(RefusalGround(code="made-up", label="虛構原因", law="虛構辦法第1條"))
    publish_new(EmailText(kind="case_withdrawn", subject="案件撤銷成功通知", text="收件號 {case_no} 已撤銷。"))
    found: dict[str, Any] = {}
    for model in get_snippet_models():
        one = model._default_manager.exclude(latest_revision=None).first()
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        found[f"wagtailsnippets_{name}.pk"] = found[f"wagtailsnippetchoosers_{name}.pk"] = one.pk
        found[f"wagtailsnippets_{name}.revision_id"] = one.latest_revision_id
        found["simple_translation.pk"] = one.pk
    return found


def _records() -> dict[str, Any]:
    applicant = people.applicant()
    owner = people.student(applicant)
    officer = make_staff("reviewer", OFFICERS)
    payment = make.slip(make.open_bill(owner, approved(owner, officer)))  # a slip was printed, and paid
    assert make.record(payment) is Outcome.BOOKED
    receipt = Receipt.objects.get(payment=payment)
    case = submitted(owner, documents=[document()])
    SecondFactorReset.objects.create(pk=officer.pk, step="asked", person=officer, actor=officer, at=timezone.now())
    sent_in = RecordsImport.objects.create(by=officer, category=people.CATEGORY, at=timezone.now(), state="checked")
    refund = Refund.objects.create(
        payment=receipt.payment, amount=1, reason="x", requested_by=officer, requested_at=timezone.now()
    )
    settled = SettlementFile.objects.create(
        gateway="sandbank", name="a.csv", sha256="0" * 64, imported_by=officer, imported_at=timezone.now()
    )
    email = OutgoingMail.objects.create(kind="test", to="a@example.test", subject="s", body="b", next_attempt_at=timezone.now())
    closed = receipt.bill.lines.get().case
    IssuedDocument.objects.update_or_create(
        kind="permit", number=closed.case_no, defaults={"case": closed, "file": ContentFile(files.pdf(), "permit.pdf")}
    )
    return {
        **_belongings(owner, officer, case, receipt),
        "review:paper": f"/admin/cases/review/{closed.case_no}/papers/{closed.case_no}/",
        "wagtailusers_users.pk": make_staff("newcomer", CASHIERS).pk,
        "staff.pk": officer.pk,
        "staff-set-up.token": operations.invite(officer, now=timezone.now()).rstrip("/").rpartition("/")[2],
        "case_no": case.case_no,
        "downloads.case_no": closed.case_no,
        "mail.message_id": email.message_id,
        "id": case.documents.get().uid,
        "records-clerks.uid": sent_in.uid,
        "cashier.reference": receipt.payment.reference,
        "cashier.uid": refund.uid,
        "cashier.pk": settled.pk,
        "number": receipt.number,
        "records-clerks.table": "applicants",
        "records-clerks.pk": applicant.pk,
        "portal_records_applicant_modeladmin_inspect.instance_pk": applicant.pk,
        "portal_records_permit_modeladmin_inspect.instance_pk": people.single_permit(applicant).pk,
        "portal_mail_outgoingmail_modeladmin_inspect.instance_pk": email.pk,
        "portal_payments_bill_modeladmin_inspect.instance_pk": receipt.bill_id,
        "portal_payments_payment_modeladmin_inspect.instance_pk": receipt.payment_id,
        "portal_payments_ledgerevent_modeladmin_inspect.instance_pk": receipt.payment.events.get().pk,
        "portal_payments_receipt_modeladmin_inspect.instance_pk": receipt.pk,
    }


def _returned(owner: User, officer: User) -> Case:
    """Another case, which waits for its correction."""
    until = people.TODAY + dt.timedelta(days=60)
    held = {"permit_no": "114150000019", "permit_type": MULTIPLE, "issued_on": dt.date(2025, 2, 1), "entered_on": None}
    permit = match(owner, **held, valid_until=until, stay_until=until)
    case = submitted(owner, kind=kinds.get(people.CATEGORY, "extension"), match=permit)
    return act(Action.ASK_CORRECTION, act(Action.TAKE, case, officer), officer)


def _belongings(owner: User, officer: User, case: Case, receipt: Receipt) -> dict[str, Any]:
    """What stands behind the addresses of the owner."""
    payment = receipt.payment
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry", sent_case=case)
    upload = DraftUpload.objects.create(
        draft=draft, slot="photo", original_name="a.png", content_type="image/png", size=67, sha256="0" * 64,
        file=ContentFile(PNG, "a.png"),
    )  # fmt: skip
    returned = _returned(owner, officer)
    begun = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry")
    apply = f"/{people.CATEGORY}/individual/apply/multiple-entry"
    link = {"user": owner, "token_hash": hash_of("token"), "created_at": timezone.now(), "expires_at": timezone.now() + WEEK}
    ActivationLink.objects.create(**link)
    EmailChange.objects.create(**link, email="new@example.test")
    order = Order.objects.create(
        merchant="student-permits", trade_no=payment.reference, amount=payment.amount, currency="TWD", method="card",
        return_url="http://localhost/", notify_url="http://localhost/", created_at=timezone.now(),
    )  # fmt: skip
    return {
        "category": people.CATEGORY,
        "accounts.token": "token",
        "sandbank.uid": order.uid,
        "kind": "multiple-entry",
        "step": "declaration",
        "gateway": "sandbank",
        "forms.token": draft.token,
        "forms:delete": f"{apply}/{begun.token}/delete/",
        "forms:opening": f"{apply}/opening.ics?day=2026-11-23",
        "forms.uid": upload.uid,
        "my_cases:deadline": f"/{people.CATEGORY}/individual/cases/{returned.case_no}/deadline.ics",
        "bill_no": receipt.bill.number,
        "payments.code": "egov",
    }


def refuses(response: HttpResponseBase) -> bool:
    """Whether the admin lets somebody in: it sends others to its log-in page or to its first page, or tells them so."""
    if response.status_code == 302:
        return response.headers["Location"].startswith("/admin/login/") or response.headers["Location"] == "/admin/"
    tells_methods_only = "Allow" in response.headers and not response.content  # type: ignore[attr-defined]
    return response.status_code in {403, 404, 405} or tells_methods_only


def opens(client: Client, path: str) -> bool:
    """Whether that person gets in; what a request changes is undone. A view that takes no GET is asked by POST."""
    response = undone(client, client.get, path)
    if response.status_code == 405:
        response = undone(client, client.post, path)
    return not refuses(response)


def undone(client: Client, ask: Any, path: str) -> HttpResponseBase:
    """The answer, and nothing changed by it."""
    cookies = client.cookies.output(header="")
    before = transaction.savepoint()  # a durable block may stand in it, which none may in another atomic block
    response: HttpResponseBase = ask(path, headers={"accept": "text/html"})
    if response.streaming:
        list(response)  # to its end, which closes the file
    transaction.savepoint_rollback(before)
    client.cookies = SimpleCookie(cookies)  # one of the addresses logs out
    return response
