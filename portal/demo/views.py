"""/demo/: who is in the demonstration, and where to go."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.records.models import School

from .people import STAFF, STUDENTS
from .returned_cases import RETURNED


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """What to type into 註冊帳號, the passwords of staff, the mailbox and the admin."""
    if not settings.DEMO:
        raise Http404
    schools = {school.code: school.name for school in School.objects.all()}
    students = [(student, schools[student.school_code]) for student in STUDENTS]
    return render(request, "portal/demo/demo.html", {"students": students, "returned": RETURNED, "staff": STAFF})
