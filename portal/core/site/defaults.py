"""Every setting of the portal's own, with what it is unless a site says otherwise.

`portal.settings.base` takes these and lets the environment change some. On a site of somebody else they are put into
Django's settings where they are missing, when portal.core is loaded. Settings import this, so it imports no setting.
What a site must say itself has no default here: portal.core.site.checks names it.
"""

from collections.abc import Callable
from typing import Any, Final

from csp.constants import NONE, SELF

# A demonstration shows made-up people, their passwords and emails, and pays at the sandbank.
DEMO = False
# The one host whose pages are shown, as https://portal.example; empty: each name of the site is as good.
ONE_HOST = ""
# A demonstration's: what stands above every page, and what tells the codes of its made-up staff.
SITE_BAND = ""
SECOND_FACTOR_SHOWN_CODE = ""

RECORDS_SOURCE = "portal.records.local.LocalSource"
# Of the source `http`: where the agency's service is, and the bearer token that it asks for.
RECORDS_URL = RECORDS_TOKEN = ""
PAYMENT_DEADLINE_DAYS = 14
# Numbers given by this portal begin here each year, above those the agency's counters give.
SERIAL_START = 5_000_001
# method -> gateway, each by its code or by the dotted path of its module (docs/add-a-payment-method.md)
PAYMENT_METHODS: dict[str, str] = {}
# 手續費 that channels take from the payer, in TWD, by method or way; what is not here only the channel knows.
HANDLING_FEES: dict[str, int] = {}
# Slips whose codes are made here: obviously nobody's until an agency has a contract.
VIRTUAL_ACCOUNT_SCHEME = "portal.payments.slips.bank_of_taiwan.account"
COLLECTION_CODE = "999000"
STORE_ITEM_CODE = "000"
SANDBANK_KEYS: dict[str, str] = {}
# 綠界 ECPay: who the agency is there. ECPAY_URL is for a demonstration's own stand-in; empty: ECPay's stage, or its production.
ECPAY_MERCHANT_ID = ECPAY_HASH_KEY = ECPAY_HASH_IV = ECPAY_URL = ""
ECPAY_STAGE = False
# method -> ChoosePayment, and ChooseSubPayment behind a colon
ECPAY_PAYMENTS = {"card": "Credit", "web_atm": "WebATM:BOT", "virtual_account": "ATM:BOT", "store": "BARCODE"}
# Keys of the merchants that ECPay publishes for its stage: whatever is signed with them, anybody may have signed.
ECPAY_PUBLISHED_KEYS = frozenset(
    {
        "pwFHCqoQZGmho4w6",
        "EkRm7iFT261dpevs",
        "5294y06JbISpM5x9",
        "v77hoKGq4kWxNNIS",
        "spPjZn66i0OhqJsQ",
        "hT5OJckN45isQTTs",
    }
)

# A kept page is thrown away by publishing, and after so many seconds at the latest.
PAGE_CACHE_SECONDS = 3600
# After the password, staff give a code of their authenticator; production does not start without.
STAFF_SECOND_FACTOR = True
# How long a log-in of staff goes on unused; a student's is SESSION_COOKIE_AGE.
STAFF_SESSION_AGE = 30 * 60
# What encrypts columns that open something (encryption.fields): id -> key, the current one first.
FIELD_ENCRYPTION_KEYS: dict[str, bytes] = {}

# What signs permits and receipts (pdf.signing): one PEM text, or the path of its file, with a private key, its certificate and
# those above it. A demonstration makes itself one at that path.
DOCUMENT_SIGNER = ""
# PEM text or path: certificates that signed before, whose papers are still ours.
DOCUMENT_SIGNERS_BEFORE = ""
# The address of a time stamp service (RFC 3161); empty: the signature says our own moment.
DOCUMENT_TIMESTAMP_URL = ""
# 範例 on everything that is printed (pdf.rendering). An agency that may issue real ones turns it off.
DOCUMENT_SAMPLE = True

# A file that is kept as large as it came: a student's PDF, what editors upload.
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
# A student's picture, which is shrunk to half a megabyte. Cameras of phones write up to 25 MB.
UPLOAD_PICTURE_BYTES = 25 * 1024 * 1024
# Files are decoded in a process that may touch nothing (uploads.decoding); off is for developers on systems other than Linux.
UPLOAD_SANDBOX = True
# Seconds until the sender is answered, waiting for a turn included. A file that is too much uses up its CPU time before.
UPLOAD_ANSWER_SECONDS = 4.6
# How many bytes a request's body may have (throttling.body_limits); deploy/nginx says the same numbers, a test compares them.
BODY_LIMIT = 256 * 1024
# Pattern of the address, bytes, and whether a visitor who is not logged in gets BODY_LIMIT there. The first match holds.
BODY_LIMITS: list[tuple[str, int, bool]] = [
    (r"/payments/", 16 * 1024, False),
    # A permit or a receipt that somebody has looked at.
    (r"(/en|/zh-hans)?/verify/file/", 1024 * 1024, False),
    # 申請表 and 退補案件處理. Without scripts, two of the largest pictures, or those of the whole form as phones take them, and
    # what was typed.
    (
        r"(/en|/zh-hans)?/[a-z0-9-]+/individual/(apply/[a-z0-9-]+/[A-Za-z0-9_-]+/form|corrections/[0-9]{12})/$",
        2 * UPLOAD_PICTURE_BYTES + 1024 * 1024,
        True,
    ),
    (r"/admin/(images|documents)/", UPLOAD_MAX_BYTES + 1024 * 1024, True),
    # The agency's files, which records clerks send in.
    (r"/admin/records/imports/", 2 * 20 * 1024 * 1024 + 1024 * 1024, True),
    # 對帳檔 of a gateway.
    (r"/admin/money/settlements/", 5 * 1024 * 1024 + 1024 * 1024, True),
    # A long page of the CMS, with all its blocks.
    (r"/admin/", 2 * 1024 * 1024, True),
]
# How many proxies of our own stand before the portal; throttles count the visitor's address, not theirs.
TRUSTED_PROXIES = 0
# Where the web server takes private files from after X-Accel-Redirect; empty: Django sends them itself.
ACCEL_REDIRECT_PREFIX = ""

# The admin's (docs/adr/0023-the-admins-policy-and-editors-files.md).
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    # The tool that crops pictures asks whether a browser knows of touch by an attribute with this very text: `return;`.
    "script-src-attr": ["'unsafe-hashes'", "'sha256-i+qr4lq34KgNHiW62lWi9aInEBwiEOrfCzaNPCvkqD8='"],
    # The editor of rich text writes styles into the page.
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    # The preview of a page.
    "frame-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}

# What follows from another setting, in this order. One that is missing itself is named by a check.
_DERIVED: Final[dict[str, Callable[[Any], str]]] = {
    "BASE_URL": lambda settings: getattr(settings, "WAGTAILADMIN_BASE_URL", None) or "",
    "SANDBANK_URL": lambda settings: f"{settings.BASE_URL}/sandbank",
    "PRIVATE_ROOT": lambda settings: "",
    "UPLOAD_LOCKS": lambda settings: f"{settings.PRIVATE_ROOT}/.uploads.lock" if settings.PRIVATE_ROOT else "",
}


def private_storages(root: str) -> dict[str, Any]:
    """Where files are kept: all below `root`, which no web server shows, but for renditions of pictures."""
    private = "portal.core.files.PrivateFileSystemStorage"
    return {
        # What Wagtail keeps: editors' documents and the originals of their pictures. They have no address of their own.
        "default": {"BACKEND": private, "OPTIONS": {"location": f"{root}/editors"}},
        "private": {"BACKEND": private, "OPTIONS": {"location": root}},
        # The only public files: pictures drawn from originals, under MEDIA_ROOT.
        "renditions": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }


def fill_in(settings: Any) -> None:
    """Give each setting of ours that the site does not name its default."""
    for name, value in list(globals().items()):
        if name.isupper() and not name.startswith("_") and name not in {"NONE", "SELF"} and not hasattr(settings, name):
            setattr(settings, name, value)
    for name, derive in _DERIVED.items():
        if not hasattr(settings, name):
            setattr(settings, name, derive(settings))
    for alias in {"private", "renditions"} - settings.STORAGES.keys():
        settings.STORAGES = {**settings.STORAGES, alias: private_storages(settings.PRIVATE_ROOT)[alias]}
