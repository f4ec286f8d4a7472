"""How gunicorn serves the portal: in the demonstration, in the bench, and behind a web server. Addresses come by --bind."""

import multiprocessing
import os

wsgi_app = "portal.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, multiprocessing.cpu_count()))
# Twelve may be held by uploads (portal.uploads.waiting); the others are for everybody else.
threads = 16
preload_app = True
# Longer than a browser rests between two pages: closing sooner cuts off an upload that has just begun.
keepalive = 30
# Longer than a file is decoded (UPLOAD_ANSWER_SECONDS); the service gives up after 30.
graceful_timeout = 25
control_socket_disable = True
loglevel = "warning"
# gunicorn names the address in its errors; masked as everywhere (portal.core.logs). No access log: the web server keeps one.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "portal.core.logs.MaskingFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": [], "propagate": True}, "gunicorn.access": {"handlers": [], "propagate": False}},
}


def on_starting(server: object) -> None:
    """Loaded before the workers part, which would each load it with their first page and their first document."""
    from django.urls import get_resolver

    from portal.pdf import rendering as pdf

    get_resolver().url_patterns  # noqa: B018
    pdf.load()


def post_worker_init(worker: object) -> None:
    """Each worker has decoders of its own (docs/adr/0022-decoding-in-a-sandbox.md)."""
    from portal.uploads import forking

    forking.prepare()
