"""Reading accounts."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from .models import ActivationLink, LinkState, User


def student(username: str, *, category: str) -> User | None:
    """The account 帳號 of that category; the other category's account is as unknown."""
    return User.objects.filter(username=User.normalize_username(username), category=category).first() if category else None


def activation_links(token: str, *, category: str) -> QuerySet[ActivationLink]:
    """The link that the email's token opens, among the accounts of that category."""
    return ActivationLink.objects.select_related("user").filter(token_hash=hash_of(token), user__category=category)


def link_in_email(user: User, view: str, token: str) -> str:
    """The address for an email to that account, in the account's language: the page's may be another."""
    with translation.override(user.language):
        return settings.BASE_URL + reverse(view, args=[user.category, token])


def hash_of(token: str) -> str:
    """What is kept of a token. Tokens are long and random, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_state(token: str, *, category: str, now: datetime) -> LinkState:
    """What the email's link is worth at this moment."""
    link = activation_links(token, category=category).first()
    return link.state(now) if link else LinkState.UNKNOWN
