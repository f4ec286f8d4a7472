"""The electronic signature of our papers (PAdES): with `timestamps` the one place that touches pyHanko.

The signature is appended to the drawn file, so that what was drawn stands before it byte for byte. Without a time stamp an RSA
key signs the same file into the same bytes.
"""

import enum
import hashlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from asn1crypto import cms, keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from . import signing_keys, timestamps

FIELD: Final = "Signature"
# What a PDF reader says of its field.
FIELD_LABEL: Final = "電子簽章 Electronic signature"
# Hexadecimal digits of a signature with a chain of certificates; a time stamp has a chain of its own.
_RESERVED: Final = 16 * 1024
_RESERVED_FOR_STAMP: Final = 2 * timestamps.TOKEN_MAX
# As pyHanko writes them into a file that it signs.
_BYTE_RANGE: Final = re.compile(rb"/ByteRange \[(\d{1,9}) (\d{1,9}) (\d{1,9}) (\d{1,9}) *\]")
_TEXTS: Final = re.compile(rb"/(Reason|ContactInfo) \(((?:[ -'*-\[\]-~]|\\[0-7]{3}){1,300})\)")
logger = logging.getLogger(__name__)


class SignatureState(enum.Enum):
    """What the signature of a file says."""

    OURS = "signed by us, and not a byte has changed"
    CHANGED = "signed by us, and changed afterwards"
    FOREIGN = "not signed by us, or no PDF at all"


@dataclass(frozen=True)
class Checked:
    """What the signature of a file says; where it is ours also the address and the reason that were signed."""

    standing: SignatureState
    address: str = ""
    reason: str = ""


def sign(content: bytes, *, at: datetime, address: str, reason: str) -> bytes:
    """The drawn PDF with our signature, which says that moment, and in ASCII where to ask about it, and what for."""
    with ThreadPoolExecutor(1) as thread:  # pyHanko runs a loop of its own, and the caller's thread may have one
        return thread.submit(_signed, content, at, address, reason).result()


def check(content: bytes) -> Checked:
    """What the signature of a file says that somebody brings. Any bytes may come: no PDF is read, only what we write."""
    try:
        signature, covered, is_all = _parts(content)
        signed = cms.ContentInfo.load(signature, strict=True)["content"]
        (info,) = signed["signer_infos"]
        signer = next((each for each in _trusted() if each.issuer_serial == _issuer_serial(info)), None)
        if signer is None:
            return Checked(SignatureState.FOREIGN)
        intact, valid = validate_sig_integrity(info, signer, "data", hashlib.sha256(covered).digest())
        is_all = is_all and signature == _as_we_write_it(signed, info, signer)
    except (ValueError, TypeError, KeyError, SignatureValidationError):  # asn1crypto's and pyHanko's words for what is none
        return Checked(SignatureState.FOREIGN)
    if not (intact and valid and is_all):
        return Checked(SignatureState.CHANGED)
    texts = {
        name: re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), text.decode()) for name, text in _TEXTS.findall(covered)
    }
    return Checked(SignatureState.OURS, address=texts.get(b"ContactInfo", ""), reason=texts.get(b"Reason", ""))


def _as_we_write_it(signed: cms.SignedData, info: cms.SignerInfo, signer: x509.Certificate) -> bytes:
    """The signature around what it covers itself: no certificate, version or algorithm in it was changed.

    What stands above our certificate (of an earlier one we do not know it) and a time stamp are signed by others.
    """
    if any(each.name != "certificate" for each in signed["certificates"]):
        raise ValueError("with a certificate of another kind")
    if any(each["type"].native != "signature_time_stamp_token" for each in info["unsigned_attrs"]):
        raise ValueError("with more than a time stamp")
    given = [each.chosen for each in signed["certificates"]]
    if [each.issuer_serial for each in given].count(signer.issuer_serial) != 1:
        raise ValueError("not with our certificate")
    writing = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": signer.issuer, "serial_number": signer.serial_number}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signature_algorithm": {"algorithm": "sha256_ecdsa" if signer.public_key.algorithm == "ec" else "sha256_rsa"},
    } | {name: info[name] for name in ("signed_attrs", "signature", "unsigned_attrs") if info[name].native is not None}
    written = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [signer if each.issuer_serial == signer.issuer_serial else each for each in given],
        "signer_infos": [writing],
    }
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(written)}).dump()
    return made


def _parts(content: bytes) -> tuple[bytes, bytes, bool]:
    """The signature, the bytes that it covers, and whether these are all but itself. Raises ValueError: there is none."""
    found = _BYTE_RANGE.findall(content)
    if len(found) != 1:
        raise ValueError(f"{len(found)} signatures")
    start, length, rest, rest_length = map(int, found[0])
    gap = content[start + length : rest]
    is_all = start == 0 and rest + rest_length == len(content) and gap[:1] == b"<" and gap[-1:] == b">"
    signature = bytes.fromhex(gap.strip(b"<>").decode("ascii"))
    is_all = is_all and gap[1:-1] == signature.hex().upper().encode()
    return _without_padding(signature), content[start : start + length] + content[rest : rest + rest_length], is_all


def _without_padding(signature: bytes) -> bytes:
    """The DER value at the beginning; zeros fill up what was reserved."""
    if signature[:2] != b"\x30\x82":
        raise ValueError("no signature")
    length = 4 + int.from_bytes(signature[2:4])
    if signature[length:].strip(b"\0"):
        raise ValueError("more than a signature")
    return signature[:length]


def _issuer_serial(info: cms.SignerInfo) -> bytes:
    named = info["sid"].chosen
    if not isinstance(named, cms.IssuerAndSerialNumber):
        raise ValueError("names no certificate")
    serial: bytes = named["issuer"].sha256 + b":" + str(named["serial_number"].native).encode()
    return serial


def _signed(content: bytes, at: datetime, address: str, reason: str) -> bytes:
    stamper = timestamps.Stamper(settings.DOCUMENT_TIMESTAMP_URL) if settings.DOCUMENT_TIMESTAMP_URL else None
    try:
        return _written(content, at, address, reason, stamper)
    except TimestampRequestError:
        # A paper is worth more than a stamp on it.
        logger.exception("no time stamp is to be had: signed without")
        return _written(content, at, address, reason, None)


def _written(content: bytes, at: datetime, address: str, reason: str, stamper: timestamps.Stamper | None) -> bytes:
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, contact_info=address, reason=reason
    )
    # PDF/A wants it printed, PDF/UA wants it off the page: nothing is seen of it.
    spec = SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True), readable_field_name=FIELD_LABEL)
    out = BytesIO()
    signer = _SignerAtMoment(meta, signer=_signer(), timestamper=stamper, new_field_spec=spec)
    signer.moment = at
    reserved = _RESERVED + (_RESERVED_FOR_STAMP if stamper else 0)
    signer.sign_pdf(_Writer(BytesIO(content)), bytes_reserved=reserved, output=out)
    return out.getvalue()


class _Writer(IncrementalPdfFileWriter):
    """Appends a signature and changes nothing else: its own leaves a random identifier and the time of the clock."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        made = super()._handle_id(prev)  # type: ignore[no-untyped-call]
        made[1] = ByteStringObject(hashlib.sha256(bytes(made[0])).digest()[:16])
        return made

    def _update_meta(self) -> None:
        pass


class _Signer(signers.SimpleSigner):
    """Keeps its key loaded: the library's own reads and tests it anew for each signature, in half a second."""

    def __init__(
        self, certificate: x509.Certificate, encoded: keys.PrivateKeyInfo, store: SimpleCertificateStore, key: Any
    ) -> None:
        super().__init__(certificate, encoded, store)
        self.key = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        assert digest_algorithm == "sha256"  # noqa: S101  # said in _written
        how = (PKCS1v15(), SHA256()) if isinstance(self.key, RSAPrivateKey) else (ECDSA(SHA256()),)
        signature: bytes = self.key.sign(data, *how)
        return signature


class _SignerAtMoment(signers.PdfSigner):
    """Says the moment of issue, not the clock's."""

    moment: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        return session


# -- keys --------------------------------------------------------------------------------------------


def load_key() -> None:
    """Have the key ready, where there is one: to read and to test it takes half a second."""
    if settings.DOCUMENT_SIGNER:
        _signer()


def _signer() -> signers.SimpleSigner:
    return _signer_of(_signer_pem())


def last_day() -> date:
    """Until when the certificate of DOCUMENT_SIGNER is good. Raises OSError, ValueError."""
    return timezone.localdate(load_pem_x509_certificates(_signer_pem().encode())[0].not_valid_after_utc)


def _signer_pem() -> str:
    """A demonstration makes itself a key the first time that it needs one."""
    if settings.DEMO and not settings.DOCUMENT_SIGNER.lstrip().startswith(signing_keys.BEGIN):
        signing_keys.make_for_demonstration(Path(settings.DOCUMENT_SIGNER))
    return signing_keys.read(settings.DOCUMENT_SIGNER)


@lru_cache(maxsize=4)
def _signer_of(pem: str) -> signers.SimpleSigner:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    own, *above = _certificates_in(pem)
    store = SimpleCertificateStore()
    store.register_multiple(above)
    encoded = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return _Signer(own, keys.PrivateKeyInfo.load(encoded), store, key)


def _trusted() -> list[x509.Certificate]:
    """The certificate that signs now, and those that did before (settings.DOCUMENT_SIGNERS_BEFORE)."""
    before = settings.DOCUMENT_SIGNERS_BEFORE
    return [_certificates_in(_signer_pem())[0], *(_certificates_in(signing_keys.read(before)) if before else ())]


@lru_cache(maxsize=8)
def _certificates_in(pem: str) -> list[x509.Certificate]:
    return [_as_asn1(each) for each in load_pem_x509_certificates(pem.encode())]


def _as_asn1(certificate: Certificate) -> x509.Certificate:
    loaded: x509.Certificate = x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    return loaded
