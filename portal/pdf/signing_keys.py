"""DOCUMENT_SIGNER, what signs our papers: one PEM text with a private key, its certificate and the certificates above it.

Settings import this, so it imports nothing of Django's and nothing of pyHanko's. No message repeats a key.
"""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

BEGIN: Final = "-----BEGIN "
KEY_BITS: Final = 3072
YEARS: Final = 10
# Who signs for a demonstration. Nobody takes such a paper for an agency's.
DEMO_NAME: Final = "SAMPLE - demonstration of the student permit portal"


def read(text_or_path: str) -> str:
    """The PEM text, given itself (with real or written line ends) or by the path of its file. Raises OSError."""
    given = text_or_path.strip().replace("\\n", "\n")
    return given if given.startswith(BEGIN) else Path(given).read_text("ascii")


def weakness(text_or_path: str) -> str:
    """Why nothing can be signed with this, or nobody would believe it; "" when all is well."""
    try:
        pem = read(text_or_path)
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        certificates = x509.load_pem_x509_certificates(pem.encode())
    except (OSError, ValueError, TypeError):
        return "give one PEM text, or the path of its file, with an unencrypted private key and its certificate"
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        return "the key is neither RSA nor on an elliptic curve"
    if certificates[0].public_key() != key.public_key():
        return "the first certificate is not that of the private key"
    return "it is the certificate of a demonstration" if is_demonstration(certificates[0]) else ""


def unreadable_before(text_or_path: str) -> str:
    """Why papers of earlier signers cannot be verified with these certificates; "" when all is well, or there are none."""
    try:
        if text_or_path:
            x509.load_pem_x509_certificates(read(text_or_path).encode())
    except (OSError, ValueError):
        return "give the PEM text of the certificates that signed before, or the path of its file"
    return ""


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Whether a demonstration made it for itself."""
    return certificate.subject == _name(DEMO_NAME)


def make_for_demonstration(path: Path) -> None:
    """A key and a certificate that names itself, unless they are there. Of two processes at once one is first."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(self_signed(DEMO_NAME))
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process's is as good
    finally:
        os.unlink(draft)


def self_signed(common_name: str) -> str:
    """A new key with a certificate that names itself."""
    name = _name(common_name)
    key, now = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS), datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))  # a demonstration's people have a history
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
