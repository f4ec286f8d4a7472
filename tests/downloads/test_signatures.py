"""The electronic signature: valid for everybody's validators, and broken by one changed byte or one changed value."""

import datetime as dt
import hashlib
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core
from cryptography.x509 import load_pem_x509_certificates
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pytest_django import Settings

from portal.cases.models import Case
from portal.downloads import operations, papers, seals
from portal.downloads.models import IssuedDocument
from portal.payments.models import BillLine, Receipt
from portal.pdf import signing, signing_keys
from portal.throttling import limits
from portal.throttling.models import LimitHit

from .test_permit import content_of

pytestmark = pytest.mark.django_db
ASK = "/verify/file/"


@pytest.fixture(params=["permit", "receipt"])
def document(request: pytest.FixtureRequest, receipt: Receipt, case: Case) -> IssuedDocument:
    return operations.issue_permit(case) if request.param == "permit" else operations.issue_receipt(receipt)


@pytest.fixture
def permit(case: Case) -> bytes:
    return content_of(operations.issue_permit(case))


def bring(client: Client, content: bytes, **more: Any) -> str:
    """What the page says of a file."""
    response = client.post(ASK, {"file": SimpleUploadedFile("permit.pdf", content, "application/pdf"), **more})
    assert response.status_code == 200
    return response.content.decode()


def test_pyhankos_own_validator_is_content(document: IssuedDocument, settings: Settings) -> None:
    pem = signing_keys.read(settings.DOCUMENT_SIGNER).encode()
    (own,) = load_certs_from_pemder_data(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    (signature,) = PdfFileReader(BytesIO(content_of(document))).embedded_signatures

    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[own]))

    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == document.issued_at.replace(microsecond=0)
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/Reason"] == f"SHA-256 of the facts: {document.facts_sha256}"


def test_popplers_is(document: IssuedDocument, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content_of(document))

    said = subprocess.run(["pdfsig", "-nocert", str(path)], check=True, capture_output=True, text=True).stdout

    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said


def test_what_was_drawn_stands_before_the_signature(document: IssuedDocument) -> None:
    content = content_of(document)
    drawn, mark, appended = content.partition(b"%%EOF")

    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert document.drawn_sha256 in {hashlib.sha256(drawn + mark + end).hexdigest() for end in (b"", b"\n")}
    assert b"/ByteRange" in appended
    assert document.template_version == papers.TEMPLATE_VERSION


def test_the_file_is_found_to_be_ours_and_the_same(client: Client, document: IssuedDocument) -> None:
    shown = bring(client, content_of(document))

    assert "<h2>檔案與存檔相同</h2>" in shown
    assert "<h2>有效</h2>" in shown
    assert document.number in shown
    assert "王○明" in shown
    assert "王小明" not in shown


@pytest.mark.parametrize("where", [0.02, 0.3, 0.6, 0.88])
def test_one_changed_byte_is_found(client: Client, permit: bytes, where: float) -> None:
    changed = bytearray(permit)
    changed[int(len(permit) * where)] ^= 1

    shown = bring(client, bytes(changed))

    assert "<h2>檔案已遭變更</h2>" in shown or "<h2>查無此檔案</h2>" in shown
    assert "115150000018" not in shown


def test_a_changed_byte_of_the_drawing_is_named(permit: bytes) -> None:
    changed = bytearray(permit)
    changed[len(permit) // 2] ^= 1

    assert signing.check(bytes(changed)) == signing.Checked(signing.SignatureState.CHANGED)
    assert signing.check(permit + b"\n").standing == signing.SignatureState.CHANGED


def test_a_changed_byte_of_the_signature_itself_is_found(permit: bytes) -> None:
    """Its certificates, versions and algorithms are covered by nothing; they have to be as we write them."""
    begins = permit.index(b"/Contents <") + len(b"/Contents <")
    written = len(signing._parts(permit)[0]) * 2

    for place in range(begins, begins + written + 40, 41):
        changed = bytearray(permit)
        changed[place : place + 1] = b"0" if permit[place : place + 1] != b"0" else b"1"
        assert signing.check(bytes(changed)).standing != signing.SignatureState.OURS, place - begins
    lower = permit[:begins] + permit[begins : begins + written].lower() + permit[begins + written :]
    assert signing.check(lower).standing == signing.SignatureState.CHANGED


def rewritten(permit: bytes, change: Callable[[Any], None]) -> bytes:
    """The paper with its own good signature, after a change of what this does not cover."""
    signature, _covered, _is_all = signing._parts(permit)
    signed = cms.ContentInfo.load(signature)["content"]
    change(signed)
    fields = {
        name: signed[name] for name in ("version", "digest_algorithms", "encap_content_info", "certificates", "signer_infos")
    }
    made = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(fields)}).dump()
    begins = permit.index(b"/Contents <") + len(b"/Contents <")
    room = permit.index(b">", begins) - begins
    return permit[:begins] + made.hex().upper().encode().ljust(room, b"0") + permit[begins + room :]


def test_what_is_written_again_without_a_change_is_ours(permit: bytes) -> None:
    assert rewritten(permit, lambda signed: None) == permit


# A certificate, and each other kind that the standard knows (RFC 5652, 10.2.2): extended, two of attributes, another's.
@pytest.mark.parametrize("tag", [0x30, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4])
def test_a_kind_of_certificate_that_we_never_write_is_not_ours(client: Client, permit: bytes, tag: int) -> None:
    def change(signed: Any) -> None:
        certificates = signed["certificates"].contents + bytes([tag, 2, 5, 0])
        signed["certificates"] = cms.CertificateSet.load(cms.CertificateSet(contents=certificates).dump())

    assert "<h2>查無此檔案</h2>" in bring(client, rewritten(permit, change))


def test_a_remark_beside_the_signature_is_not_ours(client: Client, permit: bytes) -> None:
    """A time stamp may stand there, and nothing else."""

    def change(signed: Any) -> None:
        (info,) = signed["signer_infos"]
        info["unsigned_attrs"] = [{"type": "1.2.3.4", "values": [core.UTF8String("something else")]}]

    assert "<h2>查無此檔案</h2>" in bring(client, rewritten(permit, change))


@pytest.mark.parametrize("content", [b"x", b"%PDF-1.7\n", b"/ByteRange [0 1 2 3]", b"/ByteRange [0 21 35 0]<3082ffff00>  "])
def test_other_files_are_not_ours(client: Client, content: bytes) -> None:
    assert "<h2>查無此檔案</h2>" in bring(client, content)


def test_what_another_key_signed_is_not_ours(client: Client, permit: bytes, settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_SIGNER = str(tmp_path / "other.pem")

    assert "<h2>查無此檔案</h2>" in bring(client, permit)


def test_the_papers_of_an_earlier_key_stay_ours(client: Client, permit: bytes, settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_SIGNERS_BEFORE, settings.DOCUMENT_SIGNER = settings.DOCUMENT_SIGNER, str(tmp_path / "other.pem")

    assert "<h2>檔案與存檔相同</h2>" in bring(client, permit)


def test_a_copy_from_before_the_file_was_made_again_is_ours(client: Client, permit: bytes) -> None:
    IssuedDocument.objects.update(sha256="0" * 64)

    shown = bring(client, permit)

    assert "<h2>電子簽章有效</h2>" in shown
    assert "<h2>有效</h2>" in shown


def change_case(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(permit_valid_until=dt.date(2030, 1, 1))


def change_name(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(answers={**case.answers, "chinese_name": "王大明"})


def change_photo(case: Case) -> None:
    case.documents.update(sha256="1" * 64)


def change_facts(case: Case) -> None:
    IssuedDocument.objects.update(facts_sha256="2" * 64)


@pytest.mark.parametrize("change", [change_case, change_name, change_photo, change_facts])
def test_a_changed_value_in_the_database_is_found(client: Client, case: Case, permit: bytes, change: Any) -> None:
    code = IssuedDocument.objects.get().verification_code
    assert "<h2>有效</h2>" in client.get(f"/verify/{code}/").content.decode()

    change(case)

    assert "<h2>資料不符</h2>" in client.get(f"/verify/{code}/").content.decode()
    assert "<h2>資料不符</h2>" in bring(client, permit)


def test_values_and_their_seal_changed_together_are_found_with_the_file(client: Client, case: Case, permit: bytes) -> None:
    change_case(case)
    forged = seals.facts_sha256(IssuedDocument.objects.get())
    IssuedDocument.objects.update(facts_sha256=forged)

    assert "<h2>資料不符</h2>" in bring(client, permit)


def test_a_changed_amount_is_found(client: Client, receipt: Receipt) -> None:
    code = operations.issue_receipt(receipt).verification_code
    BillLine.objects.update(amount=1)

    assert "<h2>資料不符</h2>" in client.get(f"/verify/{code}/").content.decode()


def test_what_was_changed_is_not_printed_again(case: Case) -> None:
    document = operations.issue_permit(case)
    document.file.storage.delete(document.file.name)
    change_case(case)

    with pytest.raises(operations.RenderError):
        operations.issue_permit(Case.objects.get())


def test_files_that_are_not_ours_are_counted_and_then_cost_proof(client: Client) -> None:
    bring(client, b"x")
    assert LimitHit.objects.filter(limit=limits.VERIFICATION_OF_NETWORK.name).count() == 1
    for _try in range(limits.VERIFICATION_OF_NETWORK.count):
        limits.note(limits.VERIFICATION_OF_NETWORK, "127.0.0.1", now=timezone.now())

    shown = bring(client, b"y")

    assert "查無此檔案" not in shown
    assert 'name="captcha_0"' in shown


def test_too_large_a_file_is_refused_in_words(client: Client) -> None:
    assert "檔案超過 1 MB" in bring(client, b"x" * 1_000_001)
    assert "這個欄位是必須的" in client.post(ASK).content.decode() or "必" in client.post(ASK).content.decode()


def test_two_at_once_make_one_key(tmp_path: Path) -> None:
    path = tmp_path / "signing" / "signer.pem"
    signing_keys.make_for_demonstration(path)
    before = path.read_text()
    signing_keys.make_for_demonstration(path)

    assert path.read_text() == before
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]
    assert load_pem_x509_certificates(before.encode())[0].subject.rfc4514_string() == f"CN={signing_keys.DEMO_NAME}"
    assert signing_keys.weakness(before) == "it is the certificate of a demonstration"


@pytest.mark.parametrize("given", ["", "/no/such/file.pem", "-----BEGIN PRIVATE KEY-----\nx", "x"])
def test_what_cannot_sign_is_named(given: str) -> None:
    assert signing_keys.weakness(given).startswith("give one PEM text")
