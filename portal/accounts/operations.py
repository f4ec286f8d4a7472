"""Writing accounts: 註冊帳號, 帳號開通, and what follows from the records."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from portal.core.categories import StudentCategory
from portal.records.lookup import match_person
from portal.records.protocol import ApplicantRecord, Claim, Refusal

from . import email_requests as email_requests
from . import queries
from .models import ActivationLink, EmailRequest, LinkState, User

logger = logging.getLogger(__name__)


class UsernameTaken(Exception):
    """Somebody else has that 帳號. Told only to a person whose data match the records."""


@dataclass(frozen=True)
class NewAccount:
    """What a student chooses when registering."""

    username: str
    password: str
    email: str
    mobile: str
    language: str


def register(
    claim: Claim, account: NewAccount, *, category: StudentCategory, network: str, now: datetime, proof: int = 0
) -> Refusal | None:
    """註冊帳號: match the person with the records, make the account 待開通 and ask for its email.

    Whoever has an open account already gets the same answer, and an email to the address that is registered.
    Whoever never opened theirs starts again with what they typed now: a mistyped Email must not lock them out.
    `proof` is the step that the 驗證碼 was good for. Raises UsernameTaken, MoreProof.
    """
    found = match_person(claim, network=network, now=now, proof=proof)
    if isinstance(found, Refusal):
        return found
    password_hash = make_password(account.password)  # before the transaction: hashing is slow on purpose
    with_one_retry(lambda: _enter(found, account, password_hash, category=category, now=now))
    email_requests.note_sent(EmailRequest.Kind.ACTIVATION, account.username, category=category, network=network, now=now)
    return None


def with_one_retry(write: Callable[[], None]) -> None:
    """Two at once may both find nobody and both write; the second finds the first's account on its second try."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        with transaction.atomic():
            write()


def _enter(found: ApplicantRecord, account: NewAccount, password_hash: str, *, category: StudentCategory, now: datetime) -> None:
    """The same questions and writes whether or not the person has an account: how long it takes must not tell."""
    own = Q(category=category.slug, ui_no=found.ui_no)
    user = User.objects.select_for_update().filter(own).first()
    if User.objects.filter(username=account.username).exclude(own).exists():
        raise UsernameTaken
    user = user or User(category=category.slug, ui_no=found.ui_no, is_active=False)
    if user.awaits_activation:
        _fill(user, found, account, password_hash, now=now)
    user.save()  # an open account is written as it was
    email_requests.note(EmailRequest.Kind.REGISTERED, user.username, category=category, now=now)
    logger.info("account %s registered", user.pk)


def _fill(user: User, found: ApplicantRecord, account: NewAccount, password_hash: str, *, now: datetime) -> None:
    user.username, user.password, user.date_joined = account.username, password_hash, now
    user.email, user.mobile, user.language = account.email, account.mobile, account.language
    user.chinese_name, user.birth_date = found.chinese_name, found.birth_date


def set_language(user: User, language: str) -> None:
    """They read the portal in this language now; their emails follow."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def follow_records(user: User, changes: Mapping[str, str]) -> None:
    """Their record was corrected: the name and the date of birth that the account has from there follow, and nothing else."""
    known = {name: changes[name] for name in ("chinese_name", "birth_date") if name in changes}
    if known:
        User.objects.filter(pk=user.pk).update(**known)
        logger.info("account %s follows the records: %s", user.pk, ", ".join(known))


@transaction.atomic
def activate(token: str, *, category: StudentCategory, now: datetime) -> LinkState:
    """開通帳號: open the account if the link is valid; the answer is the state in which the link was found."""
    # Whoever activates, resends or registers this account at the same moment waits here.
    User.objects.select_for_update(of=("self",)).filter(activation_links__token_hash=queries.hash_of(token)).first()
    link = queries.activation_links(token, category=category.slug).first()
    if link is None:
        return LinkState.UNKNOWN
    state = link.state(now)
    if state is LinkState.VALID:
        _open(link, now)
    return state


def _open(link: ActivationLink, now: datetime) -> None:
    link.used_at = link.user.activated_at = now
    link.user.is_active = True
    link.user.save(update_fields=["is_active", "activated_at"])
    link.save(update_fields=["used_at"])
    logger.info("account %s activated", link.user.pk)
