"""The demonstration, for who works on it (bin/dev): error pages with their frames, nothing cached, every answer timed."""

from django.utils.autoreload import StatReloader

from .demo import *  # noqa: F403
from .demo import CACHES, LOGGING, MIDDLEWARE, STORAGES

DEBUG = True
# The first: its time is the whole answer's.
MIDDLEWARE = ["portal.core.middleware.TimedAnswerMiddleware", *MIDDLEWARE]
# Read from where they stand (WhiteNoise finds them itself under DEBUG), under their own names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PAGE_CACHE_SECONDS = 0
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# One line an answer, the middleware's; runserver's own would be a second one.
LOGGING["loggers"]["portal.core.middleware"] = {"level": "INFO"}
LOGGING["loggers"]["django.server"] = {"handlers": [], "level": "CRITICAL", "propagate": True}
# How often the reloader looks for changed files: twice as often as Django does by itself.
StatReloader.SLEEP_TIME = 0.5  # type: ignore[assignment]  # it goes to time.sleep
