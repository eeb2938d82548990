"""Keys that sign for CloudFront, and the public keys that check it."""

from .errors import InvalidKey
from .errors import shown
from .hashing import find_hash
from .hashing import HashAlgorithm
from .pem import find_private_block
from .pem import find_public_block
from .pem import is_encrypted
from collections.abc import Callable
from cryptography.exceptions import InvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import partial
from typing import Literal

import hashlib
import re


Algorithm = Literal["RSA", "EC"]

# What OpenSSL takes, in bytes.
LONGEST_PASSPHRASE = 1023

_WANTED = "CloudFront takes RSA with 2048 bits or EC on P-256. Make such a key."
_FOREIGN = re.compile(r"[^A-Za-z0-9]")


def check_key_id(key_id: str) -> str:
    """`key_id` itself; InvalidKey unless it is 1 to 128 ASCII letters and digits.

    CloudFront's are ``K2JCJMDEHXQW5F`` (public key) or ``APKA…`` (legacy key pair of an account).
    """
    if not isinstance(key_id, str) or not 0 < len(key_id) <= 128:
        raise InvalidKey("The key id is empty, too long or no text. Give CloudFront's id, like K2JCJMDEHXQW5F.")
    foreign = _FOREIGN.search(key_id)
    if foreign:
        raise InvalidKey(
            f"The key id has {foreign[0]!a} at position {foreign.start() + 1}; it is letters and digits only, "
            "like K2JCJMDEHXQW5F. Copy it from CloudFront's list of public keys."
        )
    return key_id


@dataclass(frozen=True)
class SigningKey:
    """A private key with the id of its public key at CloudFront, or None before it was uploaded.

    `algorithm` is "RSA" or "EC". `public_pem` is the SPKI text to upload to CloudFront. `fingerprint` is the SHA-256
    of the public key's DER SPKI, as upper-case hex pairs with colons, the same as
    ``openssl pkey -pubin -outform DER | openssl dgst -sha256 -c`` (which writes lower case).
    """

    key_id: str | None
    algorithm: Algorithm
    fingerprint: str = field(repr=False)
    public_pem: str = field(repr=False)
    _private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_pem(cls, pem: str | bytes, key_id: str, passphrase: str | bytes | None = None) -> "SigningKey":
        """The key in `pem`: PKCS#1, PKCS#8 or SEC1, plain or encrypted; RSA-2048 or EC P-256.

        InvalidKey, with the reason, for any other text, key or key id, and for a passphrase that is absent, wrong or
        not needed. The error carries no cause: the details of a parser could hold parts of the key.
        """
        check_key_id(key_id)
        block = find_private_block(pem)
        secret = _passphrase(block, passphrase)
        private = _load_private(block, secret)
        if private is None:
            raise InvalidKey(_unreadable(secret))
        return cls._wrap(private, key_id)

    @classmethod
    def generate(cls, key_id: str | None = None, algorithm: Algorithm = "RSA") -> "SigningKey":
        """A new RSA-2048 ("RSA") or P-256 ("EC") key; InvalidKey for another algorithm or a bad `key_id`.

        CloudFront gives the id when it gets the public half: until then it is None, and `with_id` adds it.
        """
        if key_id is not None:
            check_key_id(key_id)
        if algorithm == "RSA":
            return cls._wrap(rsa.generate_private_key(public_exponent=65537, key_size=2048), key_id)
        if algorithm == "EC":
            return cls._wrap(ec.generate_private_key(ec.SECP256R1()), key_id)
        raise InvalidKey(f"Algorithm {shown(algorithm)}: CloudFront knows RSA and EC. Choose one of them.")

    @classmethod
    def _wrap(cls, private: object, key_id: str | None) -> "SigningKey":
        algorithm = _algorithm(private)
        public = private.public_key()
        return cls(key_id, algorithm, _fingerprint(public), _public_pem(public), private)

    def with_id(self, key_id: str) -> "SigningKey":
        """The same key under the id that CloudFront gave it; InvalidKey for a bad `key_id`."""
        return replace(self, key_id=check_key_id(key_id))

    def private_pem(self, passphrase: str | bytes | None = None) -> str:
        """The private key as PKCS#8 text; a method, so that nobody reaches it by accident.

        Encrypted where there is a `passphrase`, plain where it is None or empty; InvalidKey for one over 1023 bytes.
        """
        secret = _bytes(passphrase or b"")
        if len(secret) > LONGEST_PASSPHRASE:
            raise InvalidKey(f"The passphrase has over {LONGEST_PASSPHRASE} bytes. Take a shorter one.")
        encryption = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
        pem = self._private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        return pem.decode("ascii")

    def sign(self, message: bytes, hash_algorithm: HashAlgorithm = "SHA1") -> bytes:
        """The signature of `message`: PKCS#1 v1.5 (256 bytes) for RSA, DER (about 71 bytes) for EC.

        Both are deterministic (EC by RFC 6979), so that every process makes the same URL.
        InvalidKey for a `hash_algorithm` other than "SHA1" and "SHA256".
        """
        return self.signing(hash_algorithm)(message)

    def signing(self, hash_algorithm: HashAlgorithm = "SHA1") -> Callable[[bytes], bytes]:
        """The function behind `sign` for one `hash_algorithm`: for who signs again and again."""
        chosen = find_hash(hash_algorithm)
        if self.algorithm == "RSA":
            return partial(self._private.sign, padding=padding.PKCS1v15(), algorithm=chosen)
        return partial(self._private.sign, signature_algorithm=ec.ECDSA(chosen, deterministic_signing=True))


@dataclass(frozen=True)
class PublicKey:
    """A public key that checks signatures; `algorithm` is "RSA" or "EC"."""

    algorithm: Algorithm
    _public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey = field(repr=False)

    @classmethod
    def from_pem(cls, pem: str | bytes) -> "PublicKey":
        """The SPKI key in `pem`, RSA-2048 or EC P-256; InvalidKey, with the reason, for anything else."""
        public = _load_public(find_public_block(pem))
        if public is None:
            raise InvalidKey("The public key cannot be read: it is damaged or cut short. Give it whole.")
        return cls(_algorithm(public), public)

    def verifies(self, signature: bytes, message: bytes, hash_algorithm: HashAlgorithm) -> bool:
        """Whether `signature` of `message` was made by this key's private half."""
        chosen = find_hash(hash_algorithm)
        try:
            if isinstance(self._public, rsa.RSAPublicKey):
                self._public.verify(signature, message, padding.PKCS1v15(), chosen)
            else:
                self._public.verify(signature, message, ec.ECDSA(chosen))
        except InvalidSignature:
            return False
        return True


def _bytes(passphrase: str | bytes) -> bytes:
    return passphrase.encode("utf-8", "surrogatepass") if isinstance(passphrase, str) else passphrase


def _passphrase(block: bytes, passphrase: str | bytes | None) -> bytes | None:
    secret = _bytes(passphrase or b"")
    if is_encrypted(block) and not secret:
        raise InvalidKey("The private key is encrypted and no passphrase was given. Give its passphrase.")
    if secret and not is_encrypted(block):
        raise InvalidKey("A passphrase was given and the private key is not encrypted. Leave the passphrase empty.")
    return secret or None


def _load_private(block: bytes, secret: bytes | None) -> object | None:
    # None in place of an exception: raised outside the except clause, the error keeps no context.
    try:
        return serialization.load_pem_private_key(block, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _load_public(block: bytes) -> object | None:
    try:
        return serialization.load_pem_public_key(block)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _unreadable(secret: bytes | None) -> str:
    if secret:
        return "The private key cannot be decrypted: the passphrase is wrong, or the text is damaged. Give both anew."
    return "The private key cannot be read: it is damaged, cut short or of an unknown kind. " + _WANTED


def _algorithm(key: object) -> Algorithm:
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return _check("RSA", key.key_size == 2048, f"RSA with {key.key_size} bits")
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return _check("EC", isinstance(key.curve, ec.SECP256R1), f"EC on the curve {key.curve.name}")
    kind = type(key).__name__.removesuffix("PrivateKey").removesuffix("PublicKey")
    raise InvalidKey(f"Found a key of the kind {kind}. {_WANTED}")


def _check(algorithm: Algorithm, accepted: bool, found: str) -> Algorithm:
    if not accepted:
        raise InvalidKey(f"Found {found}. {_WANTED}")
    return algorithm


def _fingerprint(public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).digest().hex(":").upper()


def _public_pem(public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii")
