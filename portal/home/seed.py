"""The landing page and the standard pages of a fresh site, in each language."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from portal.core.pages import BasePage
from portal.core.seeding import add_page

from .models import HomePage, SectionPage, SitemapPage, StandardPage
from .seed_content import CONTENT


def seed() -> None:
    """首頁 at the root of the site, in place of Wagtail's welcome page; below it 學生 /student/ and the standard pages."""
    if HomePage.objects.exists():
        return
    home = add_page(Page.get_first_root_node(), {code: HomePage(**words.home.fields()) for code, words in CONTENT.items()})
    _put_at_root(home)
    add_page(home, {code: SectionPage(title=words.student, slug="student") for code, words in CONTENT.items()})
    add_page(home, {code: StandardPage(**words.about.fields()) for code, words in CONTENT.items()})
    add_page(home, {code: StandardPage(**words.privacy.fields()) for code, words in CONTENT.items()})
    add_page(home, {code: StandardPage(**words.accessibility.fields()) for code, words in CONTENT.items()})
    add_page(home, {code: SitemapPage(**words.sitemap.fields()) for code, words in CONTENT.items()})
    _lead_on_to_the_sections()
    _let_editors_say_whom_to_call()


def _put_at_root(home: BasePage) -> None:
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page, site.site_name = home, home.title
    site.save()
    if welcome.specific_class is Page:
        welcome.refresh_from_db()  # the new pages have moved the tree's counters
        welcome.delete()


def _lead_on_to_the_sections() -> None:
    for home in HomePage.objects.filter(alias_of=None):
        section = SectionPage.objects.child_of(home).get()
        home.entries = [("entry", {"page": section, "text": CONTENT[home.locale.language_code].entry_button})]
        home.save_revision().publish()


def _let_editors_say_whom_to_call() -> None:
    for editors in Group.objects.filter(name="Moderators"):
        editors.permissions.add(Permission.objects.get(codename="change_contactsettings"))
