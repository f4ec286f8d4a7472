"""The first pages of a fresh site, above those of the categories; the first notice; the guidance of the flows."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from wagtail.models import Page, Site
from wagtail.models import Revision as SnippetRevision

from portal.core.pages import BasePage
from portal.core.seeding import add_page
from portal.core.snippets import publish_new

from .groups import CHIEF_EDITORS
from .models import ContactSettings, FooterLink, HomePage, SectionPage, SitemapPage, StandardPage
from .seed_content import CONTENT
from .seed_guidance import GUIDANCE
from .seed_notice import NOTICE
from .snippets import Guidance, Notice


def seed() -> None:
    """首頁 at the root of the site, in place of Wagtail's welcome page; the folder 學生 /student/; the standard pages."""
    seed_guidance()
    if HomePage.objects.exists():
        return
    words = CONTENT.items()
    home = add_page(Page.get_first_root_node(), {code: HomePage(**said.home.fields()) for code, said in words})
    _put_at_root(home)
    add_page(home, {code: SectionPage(title=said.student, slug="student") for code, said in words})
    _lead_on_to_the_sections()
    for name in ("about", "privacy", "accessibility"):
        add_page(home, {code: StandardPage(**getattr(said, name).fields()) for code, said in words})
    add_page(home, {code: SitemapPage(**said.sitemap.fields()) for code, said in words})
    _let_editors_say_whom_to_call()
    _link_in_the_foot(home, "about", "privacy", "accessibility", "sitemap")
    publish_new(Notice(**NOTICE))


def _link_in_the_foot(home: BasePage, *slugs: str) -> None:
    office = ContactSettings.load()
    for order, slug in enumerate(slugs):
        page = home.get_children().get(slug=slug)
        titles = dict(page.get_translations(inclusive=True).values_list("locale__language_code", "title"))
        office.links.add(
            FooterLink(
                page=page, sort_order=order, label=titles["zh-hant"], label_en=titles["en"], label_zh_hans=titles["zh-hans"]
            )
        )
    office.save()


def seed_guidance() -> None:
    """What is said at each place of which nothing was ever written."""
    known = set(Guidance.objects.values_list("place", flat=True))
    now = timezone.now()
    _publish_all(
        [
            Guidance(
                place=place,
                text=_html(said.zh_hant),
                text_en=_html(said.en),
                text_zh_hans=_html(said.zh_hans),
                first_published_at=now,
                last_published_at=now,
            )
            for place, said in GUIDANCE.items()
            if place not in known
        ],
        now=now,
    )


def _publish_all(guidance: list[Guidance], *, now: datetime) -> None:
    """As one by one, each with its first revision, but thirty at once: tests lay out a fresh site often."""
    content_type = Guidance.get_content_type()
    Guidance.objects.bulk_create(guidance)
    revisions = SnippetRevision.objects.bulk_create(
        SnippetRevision(
            content_type=content_type,
            base_content_type=content_type,
            object_id=str(one.pk),
            object_str=str(one),
            content=one.serializable_data(),
            created_at=now,
        )
        for one in guidance
    )
    for one, revision in zip(guidance, revisions, strict=True):
        one.latest_revision = one.live_revision = revision
    Guidance.objects.bulk_update(guidance, ["latest_revision", "live_revision"])


def _html(said: str | tuple[str, ...]) -> str:
    if isinstance(said, str):
        return format_html("<p>{}</p>", said)
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((step,) for step in said)))


def _put_at_root(home: BasePage) -> None:
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page, site.site_name = home, home.title
    site.save()
    if welcome.specific_class is Page:
        welcome.refresh_from_db()  # the new pages have moved the tree's counters
        welcome.delete()


def _lead_on_to_the_sections() -> None:
    for home in HomePage.objects.filter(alias_of=None).select_related("locale"):
        button = CONTENT[home.locale.language_code].entry_button
        home.entries = [("entry", {"page": home.get_children().get(), "text": button})]
        home.save_revision().publish()


def _let_editors_say_whom_to_call() -> None:
    for editors in Group.objects.filter(name=CHIEF_EDITORS):
        editors.permissions.add(Permission.objects.get(codename="change_contactsettings"))
