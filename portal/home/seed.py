"""The landing page of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from portal.core.pages import BasePage
from portal.core.seeding import add_page

from .models import HomePage, SectionPage
from .seed_content import ENTRY_BUTTON, FEATURES, HOME, STUDENT, TITLE


def seed() -> None:
    """首頁 at the root of the site, in place of Wagtail's welcome page, and the folder 學生 /student/."""
    if HomePage.objects.exists():
        return
    home = add_page(Page.get_first_root_node(), {"zh-hant": HomePage(**HOME, features=FEATURES)})
    _put_at_root(home)
    add_page(home, {"zh-hant": SectionPage(**STUDENT)})
    _lead_on_to_the_sections()
    _let_editors_say_whom_to_call()


def _put_at_root(home: BasePage) -> None:
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page, site.site_name = home, TITLE
    site.save()
    if welcome.specific_class is Page:
        welcome.refresh_from_db()  # the new pages have moved the tree's counters
        welcome.delete()


def _lead_on_to_the_sections() -> None:
    for home in HomePage.objects.filter(alias_of=None):
        home.entries = [("entry", {"page": home.get_children().get(), "text": ENTRY_BUTTON})]
        home.save_revision().publish()


def _let_editors_say_whom_to_call() -> None:
    for editors in Group.objects.filter(name="Moderators"):
        editors.permissions.add(Permission.objects.get(codename="change_contactsettings"))
