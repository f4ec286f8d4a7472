"""The admin of an editor and of an officer speaks Traditional Chinese, on every screen that they can reach."""

import datetime as dt
import re
from collections import deque
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission, Page, Revision, Workflow
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data
from wagtail.users.models import UserProfile

# A filter of Wagtail's takes its words while it is imported: before the first request, as in a server, not within `migrate`.
import portal.urls  # noqa: F401
from portal.accounts.models import User
from portal.cases.models import Case
from portal.china_student.models import ChinaStudentPage
from portal.home.models import HomePage, SectionPage
from portal.payments import registry
from portal.payments.cashier import settlement
from portal.records.models import School
from portal.student_entry.models import StudentEntryPage
from tests.architecture.admin_world import build, client_of
from tests.architecture.test_admin_access import addresses, name_of
from tests.bench import files
from tests.english import english_in, english_in_catalog, is_english
from tests.factories.cases import submitted
from tests.pages import hide_translations, public_texts, source
from tests.staff import KEY, logged_in, make_staff

LATER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
NOTHING = "找不到的詞"

# Wagtail leaves the file of a picture's thumbnail for the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")

# -- crawling -----------------------------------------------------------------------------------------------------

# These show the site's page, not the admin's.
SITES_PAGES = {f"wagtailadmin_pages:{name}" for name in ("revisions_view", "view_draft", "preview_on_edit", "workflow_preview")}


def crawl(client: Client, starts: Iterable[str]) -> dict[str, str]:
    """Address -> HTML of the starts, and of a page of each other view that links lead to from there."""
    pages: dict[str, str] = {}
    todo = deque(starts)
    views = {"", *map(_view, todo)}
    while todo:
        address = todo.popleft()
        if html := _html(client.get(address, follow=True)):
            pages[address] = html
        for link in _links(html):
            if (view := _view(link)) not in views:
                views.add(view)
                todo.append(link)
    return pages


def _html(response: Any) -> str:
    """A page, or what a modal window is filled with."""
    kind = response.headers["Content-Type"]
    if response.status_code != 200 or kind.startswith("text/html"):
        return response.content.decode() if response.status_code == 200 else ""
    data = response.json() if kind == "application/json" else None
    return data.get("html", "") if isinstance(data, dict) else ""


def _links(html: str) -> list[str]:
    """The admin's addresses in it: of its links, and those that its scripts ask for."""
    return re.findall(r'"(/admin/[^"\\#]*)', html.replace("&quot;", '"').replace("&amp;", "&"))


def _view(address: str) -> str:
    """The name of the admin's view that answers there; none for the way out, and for the site's pages."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    return "" if "logout" in name or name in SITES_PAGES else name


def english_on(pages: dict[str, str], data: Iterable[str] = ()) -> dict[str, str]:
    """English text -> an address where it stands. The key of an authenticator is data: chance makes words of it."""
    known = set(filter(is_english, data))
    return {text: address for address, html in pages.items() for text in english_in(html, known.union(KEY.findall(html)))}


# -- what there is to crawl ---------------------------------------------------------------------------------------


@pytest.fixture
def content(seeded: None) -> dict[str, int]:
    """Pages in each state that an editor may meet, and one of each other thing; name -> primary key."""
    hide_translations()
    author = make_staff("author1", "總編輯", chinese_name="林小編")
    page = source(ChinaStudentPage)
    for title in ("改過的標題", "再改過的標題"):
        page.title = title
        page.save_revision(user=author, log_action=True).publish(user=author)
    page.introduction = "尚未發布的導言"
    page.save_revision(user=author)
    home = source(HomePage)
    home.save_revision(user=author)
    Workflow.objects.get().start(home, author)
    home.add_child(instance=(locked := SectionPage(title="鎖定的頁面", slug="locked", locked=True, locked_by=author)))
    alias = locked.create_alias(parent=home, update_slug="alias")
    root = Collection.get_first_root_node()
    picture = Image.objects.create(
        title="圖片", file=ImageFile(ContentFile(files.picture(64, 48, kind="PNG")), "picture.png"), collection=root
    )
    document = Document.objects.create(title="文件", file=ContentFile(b"%PDF-1.7", "paper.pdf"), collection=root)
    scheduled = _schedule(source(StudentEntryPage), author)
    return {
        "home": home.pk,
        "page": page.pk,
        "alias": alias.pk,
        "locked": locked.pk,
        "image": picture.pk,
        "document": document.pk,
        "revision": page.revisions.order_by("pk")[0].pk,
        "later": page.revisions.order_by("pk")[1].pk,
        "task": home.current_workflow_task_state.pk,
        "scheduled": scheduled.object_id,
        "planned": scheduled.pk,
        "redirect": Redirect.objects.create(old_path="/old", redirect_link="/new").pk,
        "collection": root.add_child(name="集合").pk,
    }


def _schedule(page: Page, author: User) -> Revision:
    page.go_live_at = LATER
    revision = page.save_revision(user=author)
    revision.publish(user=author)
    return revision


@pytest.fixture
def editor_client(content: dict[str, int]) -> Client:
    """A moderator who also keeps redirects, collections, workflows, translations and every kind of snippet."""
    editors = Group.objects.get(name="總編輯")
    for codename in ("add_collection", "change_collection", "delete_collection"):
        permission = Permission.objects.get(codename=codename)
        GroupCollectionPermission.objects.create(
            group=editors, collection=Collection.get_first_root_node(), permission=permission
        )
    editors.permissions.add(
        *Permission.objects.filter(
            content_type__model__in=["redirect", "workflow", "task", "groupapprovaltask", "simpletranslation"]
        )
    )
    for model in get_snippet_models():
        editors.permissions.add(*Permission.objects.filter(content_type=ContentType.objects.get_for_model(model)))
    return logged_in(make_staff("editor1", "總編輯", chinese_name="陳編輯"))


def page_addresses(key: dict[str, int]) -> list[str]:
    """What an editor does with a page: also what no link leads to, but a script or a form."""
    by_page = {
        "page": [
            "edit",
            "history",
            "usage",
            "copy",
            "move",
            "delete",
            "unpublish",
            "workflow_history",
            "add_subpage",
        ],
        "home": ["edit", "history", "workflow_history", "delete", "unpublish", "confirm_workflow_cancellation"],
        "scheduled": ["edit", "history"],
        "locked": ["edit", "delete"],
        "alias": ["edit", "convert_alias"],
    }
    page, home, task = key["page"], key["home"], key["task"]
    others = [
        ("move_confirm", page, home),
        ("revisions_revert", page, key["revision"]),
        ("revisions_compare", page, key["revision"], key["later"]),
        ("revisions_compare", page, "earliest", "latest"),
        ("revisions_unschedule", key["scheduled"], key["planned"]),
        *[("workflow_action", home, action, task) for action in ("reject", "approve")],
        *[("collect_workflow_action_data", home, action, task) for action in ("reject", "approve")],
    ]
    return [
        *[reverse(f"wagtailadmin_pages:{name}", args=[key[which]]) for which, names in by_page.items() for name in names],
        *[reverse(f"wagtailadmin_pages:{name}", args=args) for name, *args in others],
        *[reverse("wagtailadmin_pages:search") + f"?q={term}" for term in ("", NOTHING)],
        reverse("wagtailadmin_explore_root") + "?ordering=ord",
        reverse("wagtailadmin_explore", args=[page]),
        reverse("simple_translation:submit_page_translation", args=[key["alias"]]),
        *_bulk("wagtailcore/page", ["publish", "unpublish", "delete", "move"], page, key["locked"]),
    ]


def other_addresses(key: dict[str, int]) -> list[str]:
    """Pictures, files, the windows in which something is chosen, redirects, collections, one's own account."""
    choosers = ["", "_external_link", "_email_link", "_phone_link", "_anchor_link"]
    by_thing = {
        "image": [
            "wagtailimages:edit",
            "wagtailimages:delete",
            "wagtailimages:image_usage",
            "wagtailimages_chooser:select_format",
        ],
        "document": ["wagtaildocs:edit", "wagtaildocs:delete", "wagtaildocs:document_usage"],
        "redirect": ["wagtailredirects:edit", "wagtailredirects:delete"],
        "collection": ["wagtailadmin_collections:edit", "wagtailadmin_collections:delete"],
    }
    plain = ["wagtailimages:add_multiple", "wagtaildocs:add_multiple", "wagtailadmin_account"]
    windows = [
        "wagtailimages_chooser:choose",
        "wagtaildocs_chooser:choose",
        "wagtailadmin_workflows:task_chooser",
    ]
    lists = ["wagtailimages:index", "wagtaildocs:index", "wagtailredirects:index", "wagtailadmin_choose_page_search"]
    return [
        *[reverse(f"wagtailadmin_choose_page{kind}") for kind in choosers],
        reverse("wagtailadmin_choose_page") + "?page_type=portal_student_entry.studententrypage",
        *[reverse(name, args=[key[thing]]) for thing, names in by_thing.items() for name in names],
        *[reverse(name) for name in [*plain, *windows]],
        *[reverse(name) + f"?q={NOTHING}" for name in lists],
        *_bulk("wagtailimages/image", ["delete", "add_tags", "add_to_collection"], key["image"]),
        *_bulk("wagtaildocs/document", ["delete", "add_tags", "add_to_collection"], key["document"]),
    ]


def _bulk(model: str, actions: Iterable[str], *keys: int) -> list[str]:
    chosen = "&".join(f"id={key}" for key in keys)
    return [f"/admin/bulk/{model}/{action}/?{chosen}" for action in actions]


# -- the tests ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_editor_meets_no_english(editor_client: Client, content: dict[str, int]) -> None:
    starts = [reverse("wagtailadmin_home"), *page_addresses(content), *other_addresses(content)]
    pages = crawl(editor_client, starts)
    assert [address for address in starts if address not in pages] == []
    assert english_on(pages, data=public_texts()) == {}


def test_an_officer_meets_no_english(officer_client: Client, officer: User, owner: User) -> None:
    case = submitted(owner)
    pages = crawl(officer_client, [reverse("wagtailadmin_home"), reverse("review:decision", args=[case.case_no])])
    assert english_on(pages, data=[officer.username, case.applicant["english_name"], case.answers["english_name"]]) == {}


@pytest.mark.slow
def test_nobody_of_another_duty_meets_english(db: None) -> None:
    """Each group of staff that there is, now and later, with one of each record to look at."""
    case = Case.objects.get(case_no=build().fillings["case_no"])
    names = ["reviewer", "xiaoming", "sandbank", case.applicant["english_name"], case.answers["english_name"], *public_texts()]
    names += School.objects.values_list("name_en", flat=True)
    # As the manual writes them, and as the banks' files name their columns.
    names += [str(method.name) for method in registry.methods()]
    names += ["YYYY-MM-DD", f"CSV，UTF-8 或 Big5；欄名為 {'、'.join(settlement.COLUMNS)}。"]
    for number, group in enumerate(Group.objects.exclude(name__in=["編輯", "總編輯"])):
        member = make_staff(f"staff{number}", group.name, chinese_name="人員")
        pages = crawl(logged_in(member), [reverse("wagtailadmin_home")])
        assert english_on(pages, data=names) == {}, group.name


def test_an_administrator_sets_the_portal_up_in_chinese(db: None) -> None:
    """設定 and what hangs on it: sites, groups with their permissions, workflows, reports."""
    world, client = build(), client_of("administrator")
    hide_translations()
    wanted = re.compile(
        r"wagtail(sites|users_groups|redirects|settings)|wagtailadmin_(workflows|collections|reports)|locales|second_factor:settings"
    )
    found = [address for address in addresses() if wanted.match(name_of(address)) and may_be_a_page(name_of(address))]
    assert len(found) > 30
    paths = {world.fill(name_of(address), address.route) for address in found}
    pages = {path: _html(client.get(path, follow=True)) for path in sorted(paths)}
    assert english_on(pages, data=["localhost", *public_texts()]) == {}


def may_be_a_page(name: str) -> bool:
    """Not a part of one, nor what only a script asks for."""
    return not any(part in name for part in ("results", "delete", "export", "chooser", "disable", "enable"))


def test_what_an_editor_reads_after_saving_is_chinese(editor_client: Client, content: dict[str, int]) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[content["locked"]])
    Page.objects.update(locked=False)
    notified: dict[str, str] = {}
    for action, title in [("", "草稿"), ("publish", "發布"), ("submit", "送審"), ("publish", ""), ("unpublish", "")]:
        form = {"title": title, "slug": "section", "introduction": "", "comments": inline_formset([]), f"action-{action}": "1"}
        notified[action + title] = _html(editor_client.post(edit, nested_form_data(form), follow=True))
    assert english_on(notified) == {}
    assert "頁面「發布」已發布。" in notified["publish發布"]
    assert "此欄位必填。" in notified["publish"]


def test_who_stands_before_the_admin_reads_chinese(client: Client, db: None) -> None:
    login = reverse("wagtailadmin_login")
    refused = client.post(login, {"username": "nobody1", "password": "wrong"})
    assert english_on({"empty": _html(client.get(login)), "refused": _html(refused)}) == {}
    assert "學生線上申辦系統" in _html(refused)


def test_a_page_that_the_admin_does_not_have_says_so_in_chinese(officer_client: Client) -> None:
    response = officer_client.get("/admin/no-such-page/")
    assert response.status_code == 404
    assert english_in(response.content.decode()) == []


def test_the_admins_scripts_speak_chinese(officer_client: Client) -> None:
    assert english_in_catalog(officer_client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()) == []


def test_english_is_there_for_who_asks_for_it(officer_client: Client, officer: User) -> None:
    UserProfile.objects.create(user=officer, preferred_language="en")
    assert "Log out" in _html(officer_client.get(reverse("wagtailadmin_home")))
