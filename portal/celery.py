"""Celery: emails and documents are made by tasks after commit; sweeps run on a schedule."""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**signal: Any) -> None:
    """Workers and beat log as the rest does; Celery's own handlers would write unmasked."""
    if settings.LOGGING:  # a site that installs the portal may have none
        dictConfig(settings.LOGGING)


@worker_init.connect
def load_documents(**signal: Any) -> None:
    """Before the processes of a worker part, which would each load it with their first document."""
    from portal.pdf import rendering as pdf

    pdf.load()
