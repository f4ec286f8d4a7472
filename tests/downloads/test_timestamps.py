"""The optional time stamp of a signature, from a service on this machine; a service that fails in any way stops no paper."""

import datetime as dt
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any, ClassVar

import pikepdf
import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.test import Client
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pytest_django import Settings

from portal.cases.models import Case
from portal.downloads import operations
from portal.downloads.models import IssuedDocument
from portal.pdf import signing, signing_keys, timestamps

from .conftest import PAID_AT
from .test_permit import content_of
from .test_signatures import bring

STAMPED_AT = PAID_AT + dt.timedelta(seconds=7)
Answer = tuple[int, str, bytes]


@pytest.fixture(scope="module")
def authority() -> DummyTimeStamper:
    """pyHanko's own, with a certificate that may stamp."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "Time stamps of the tests")])
    made = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(PAID_AT - dt.timedelta(days=30))
        .not_valid_after(PAID_AT + dt.timedelta(days=30))
        .add_extension(certificates.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own = x509.Certificate.load(made.public_bytes(der))
    return DummyTimeStamper(own, keys.PrivateKeyInfo.load(private), fixed_dt=STAMPED_AT)


class Service(BaseHTTPRequestHandler):
    """Answers as the test says."""

    answer: ClassVar[Callable[[tsp.TimeStampReq], Answer]]
    asked: ClassVar[list[tsp.TimeStampReq]]

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == "application/timestamp-query"
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(request)
        status, content_type, body = type(self).answer(request)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", self.path)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def service(authority: DummyTimeStamper, settings: Settings) -> Iterator[type[Service]]:
    """One that does what it should, until a test says otherwise."""
    Service.asked, Service.answer = [], lambda request: granted(authority, request)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    settings.DOCUMENT_TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/stamp"
    try:
        yield Service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


REPLY = "application/timestamp-reply"


def granted(authority: DummyTimeStamper, request: tsp.TimeStampReq) -> Answer:
    return 200, REPLY, authority.request_tsa_response(request).dump()


def changed(authority: DummyTimeStamper, request: tsp.TimeStampReq, **changes: Any) -> Answer:
    """The answer to another question."""
    other = tsp.TimeStampReq.load(request.dump())
    for name, value in changes.items():
        other[name] = value
    return granted(authority, other)


def of_something_else(authority: DummyTimeStamper, request: tsp.TimeStampReq) -> Answer:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"x" * 32}
    return changed(authority, request, message_imprint=imprint)


def refused(authority: DummyTimeStamper, request: tsp.TimeStampReq) -> Answer:
    return 200, REPLY, tsp.TimeStampResp({"status": {"status": "rejection", "status_string": ["no"]}}).dump()


def too_large(authority: DummyTimeStamper, request: tsp.TimeStampReq) -> Answer:
    response, long = authority.request_tsa_response(request), x509.Certificate.load(authority.tsa_cert.dump())
    long["signature_value"] = b"\0" * (timestamps.TOKEN_MAX + 1)
    response["time_stamp_token"]["content"]["certificates"].append(long)
    return 200, REPLY, response.dump(force=True)


FAILURES: dict[str, Callable[[DummyTimeStamper, tsp.TimeStampReq], Answer]] = {
    "an error": lambda authority, request: (500, REPLY, b""),
    "a page": lambda authority, request: (200, "text/html", b"<p>log in</p>"),
    "no DER": lambda authority, request: (200, REPLY, b"\x30\x82zz"),
    "nothing": lambda authority, request: (200, REPLY, b""),
    "a redirect": lambda authority, request: (302, REPLY, b""),
    "another nonce": lambda authority, request: changed(authority, request, nonce=5),
    "of something else": of_something_else,
    "refused": refused,
    "too large": too_large,
}


def blank() -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


def signed() -> bytes:
    return signing.sign(blank(), at=PAID_AT, address="https://portal.example/verify/X/", reason="x")


def validated(content: bytes, settings: Settings, authority: DummyTimeStamper) -> Any:
    """What pyHanko's own validator says of the signature and of its stamp."""
    pem = signing_keys.read(settings.DOCUMENT_SIGNER).encode()
    (own,) = load_certs_from_pemder_data(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    stamps = ValidationContext(trust_roots=[authority.tsa_cert])
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[own]), stamps)


def test_the_service_says_when_it_was_signed(service: type[Service], authority: DummyTimeStamper, settings: Settings) -> None:
    content = signed()

    status = validated(content, settings, authority)
    assert status.bottom_line
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == STAMPED_AT
    assert signing.check(content).standing == signing.SignatureState.OURS
    assert len(service.asked) == 1


@pytest.mark.parametrize("failure", FAILURES)
def test_a_service_that_fails_stops_no_paper(
    service: type[Service], authority: DummyTimeStamper, settings: Settings, caplog: pytest.LogCaptureFixture, failure: str
) -> None:
    service.answer = lambda request: FAILURES[failure](authority, request)

    content = signed()

    status = validated(content, settings, authority)
    assert status.bottom_line
    assert status.timestamp_validity is None
    assert signing.check(content).standing == signing.SignatureState.OURS
    assert [record.levelname for record in caplog.records if record.name == signing.logger.name] == ["ERROR"]
    assert "no time stamp is to be had: signed without" in caplog.text
    assert len(service.asked) == 1


def test_nobody_listens(settings: Settings, authority: DummyTimeStamper, caplog: pytest.LogCaptureFixture) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    settings.DOCUMENT_TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
    server.server_close()

    assert validated(signed(), settings, authority).timestamp_validity is None
    assert "no time stamp is to be had: signed without" in caplog.text


@pytest.mark.django_db
def test_a_stamped_permit_is_the_same_and_made_again_stays_ours(service: type[Service], case: Case, client: Client) -> None:
    """Another stamp, so other bytes: the first copy is still ours, as docs/adr/0035 says."""
    document = operations.issue_permit(case)
    first, drawn = content_of(document), document.drawn_sha256
    assert "<h2>檔案與存檔相同</h2>" in bring(client, first)

    document.file.storage.delete(document.file.name)
    again = operations.issue_permit(case)

    assert again.drawn_sha256 == drawn
    assert "<h2>電子簽章有效</h2>" in bring(client, first)
    assert "<h2>檔案與存檔相同</h2>" in bring(client, content_of(IssuedDocument.objects.get()))
