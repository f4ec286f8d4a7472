"""Live preview: Wagtail's admin shows what editors write in a frame, which our pages allow nobody else."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.utils.decorators import method_decorator

# For `serve_preview`. X-Frame-Options Wagtail sees to itself.
framed_by_the_admin = method_decorator(csp_replace({"frame-ancestors": [SELF]}))
