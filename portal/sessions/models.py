"""Django looks for models here; the one of this package stands beside the session engine that writes it."""

from .engine import AccountSession as AccountSession
