"""What search engines ask for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.languages import front_page


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: the public pages, and nothing of students or staff."""
    hidden = ["/admin/", *(f"{front_page(code)}verify/" for code, _name in settings.LANGUAGES)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden), f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
