"""`python -m tests.bench.bare.prepare`: the tables, and one page at the root of the site."""

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from wagtail.models import Page, Site

    from tests.bench.bare.models import BarePage

    call_command("migrate", interactive=False, verbosity=0)
    page = Page.get_first_root_node().add_child(instance=BarePage(title="Bare", slug="bare"))
    Site.objects.update(root_page=page)


if __name__ == "__main__":
    main()
