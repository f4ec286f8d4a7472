"""The landing page of a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from .models import HomePage, SectionPage
from .seed_content import CONTENT

WORDS = CONTENT["zh-hant"]


def seed() -> None:
    """首頁 at the root of the site, in place of Wagtail's welcome page, and the folder 學生 /student/."""
    if HomePage.objects.exists():
        return
    home = Page.get_first_root_node().add_child(instance=HomePage(**WORDS.home.fields()))
    section = home.add_child(instance=SectionPage(title=WORDS.student, slug="student"))
    home.entries = [("entry", {"page": section, "text": WORDS.entry_button})]
    home.save()
    _put_at_root(home)
    _let_editors_say_whom_to_call()


def _put_at_root(home: HomePage) -> None:
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page, site.site_name = home, WORDS.home.title
    site.save()
    if welcome.specific_class is Page:
        welcome.refresh_from_db()  # the new pages have moved the tree's counters
        welcome.delete()


def _let_editors_say_whom_to_call() -> None:
    for editors in Group.objects.filter(name="Moderators"):
        editors.permissions.add(Permission.objects.get(codename="change_contactsettings"))
