"""The one PEM block that a pasted text or a file holds."""

from .errors import InvalidKey

import re


PRIVATE_LABELS = frozenset({"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
PUBLIC_LABELS = frozenset({"PUBLIC KEY"})

_LARGEST = 65536
# No line of a block begins with five hyphens, so that none is looked at twice.
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----\n((?:(?!-----).*\n)*)-----END \1-----")
_KINDS = {
    "PUBLIC KEY": "a public key",
    "RSA PUBLIC KEY": "a PKCS#1 public key",
    "CERTIFICATE": "a certificate",
    "OPENSSH PRIVATE KEY": "an OpenSSH private key",
    "DSA PRIVATE KEY": "a DSA private key",
}


def find_private_block(pem: str | bytes) -> bytes:
    """The block of a private key in PKCS#1, PKCS#8 or SEC1; InvalidKey with the reason if there is none."""
    return _only_block(pem, PRIVATE_LABELS, "a private key (BEGIN PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)")


def find_public_block(pem: str | bytes) -> bytes:
    """The block of a public key as CloudFront takes it (SPKI); InvalidKey with the reason if there is none."""
    return _only_block(pem, PUBLIC_LABELS, "a public key (BEGIN PUBLIC KEY, as made by `openssl pkey -pubout`)")


def is_encrypted(block: bytes) -> bool:
    """Whether `block` needs a passphrase: encrypted PKCS#8, or OpenSSL's older ``Proc-Type: 4,ENCRYPTED``."""
    return b"BEGIN ENCRYPTED PRIVATE KEY" in block or b"Proc-Type: 4,ENCRYPTED" in block


def _only_block(pem: str | bytes, labels: frozenset[str], wanted: str) -> bytes:
    text = _tidy(pem)
    # `openssl ecparam -genkey` writes the name of the curve in a block of its own, before the key.
    blocks = [match for match in _BLOCK.finditer(text) if match[1] != "EC PARAMETERS"]
    if not blocks:
        raise InvalidKey(_nothing_found(text, wanted))
    if len(blocks) > 1:
        raise InvalidKey(f"Found {len(blocks)} PEM blocks, wanted only {wanted}. Give that block alone.")
    if blocks[0][1] not in labels:
        raise InvalidKey(f"Found {_kind(blocks[0][1])}, wanted {wanted}.")
    return blocks[0][0].encode("ascii") + b"\n"


def _tidy(pem: str | bytes) -> str:
    if not isinstance(pem, str | bytes):
        raise InvalidKey(f"Found {type(pem).__name__} in place of a PEM text. Give the text of the key file.")
    if len(pem) > _LARGEST:
        raise InvalidKey(f"Found {len(pem)} characters; a PEM key has about 2000. Give the key file alone.")
    text = pem.decode("latin-1").removeprefix("\xef\xbb\xbf") if isinstance(pem, bytes) else pem.removeprefix("\ufeff")
    if not text.isascii():
        raise InvalidKey("The PEM text holds characters outside ASCII. Give the key file as it was made.")
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _nothing_found(text: str, wanted: str) -> str:
    if "-----BEGIN " in text:
        return f"The PEM text is cut short: BEGIN has no END. Give {wanted} whole."
    return f"Found no PEM block, wanted {wanted}. Give the text of the file from BEGIN to END."


def _kind(label: str) -> str:
    if label in PRIVATE_LABELS:
        return "a private key"
    return _KINDS.get(label, "a PEM block of another kind")
