"""The first pages of a fresh site, above those of the categories; the first announcement."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from portal.cms.pages import BasePage
from portal.cms.seeding import add_page
from portal.cms.snippets import publish_new
from portal.editorial.contact import ContactSettings, FooterLink
from portal.editorial.seed_announcement import ANNOUNCEMENT
from portal.editorial.snippets import Announcement
from portal.home.models import HomePage, SectionPage, SitemapPage, StandardPage

from .groups import CHIEF_EDITORS
from .seed_content import CONTENT


def seed() -> None:
    """首頁 at the root of the site, in place of Wagtail's welcome page; the folder 學生 /student/; the standard pages."""
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
    publish_new(Announcement(**ANNOUNCEMENT))


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
