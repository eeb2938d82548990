"""Keys are read in every form that people have, and refused with a reason."""

from collective.cfprivate.cloudfront import InvalidKey
from collective.cfprivate.cloudfront import PublicKey
from collective.cfprivate.cloudfront import SigningKey

import os
import pytest
import shutil
import subprocess
import time
import traceback


KEY_ID = "K2JCJMDEHXQW5F"
OPENSSL = shutil.which("openssl")
DIGEST = {"SHA1": "-sha1", "SHA256": "-sha256"}

# In CI the tests run, and fail, without it.
pytestmark = pytest.mark.skipif(OPENSSL is None and "CI" not in os.environ, reason="needs the openssl command")


def openssl(*arguments, **options):
    return subprocess.run([OPENSSL, *map(str, arguments)], check=True, capture_output=True, **options).stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """PEM texts made by openssl, by name."""
    folder = tmp_path_factory.mktemp("keys")
    rsa, ec = folder / "rsa.pem", folder / "ec.pem"
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", rsa)
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", ec)
    certificate = ("req", "-x509", "-key", rsa, "-subj", "/CN=a", "-days", "1")
    return {
        "rsa pkcs8": rsa.read_bytes(),
        "rsa pkcs1": openssl("rsa", "-in", rsa, "-traditional"),
        "rsa pkcs8 encrypted": openssl("pkcs8", "-topk8", "-in", rsa, "-passout", "pass:opensesame"),
        "rsa pkcs1 encrypted": openssl("rsa", "-in", rsa, "-traditional", "-aes128", "-passout", "pass:opensesame"),
        "ec pkcs8": ec.read_bytes(),
        "ec sec1": openssl("ec", "-in", ec),
        "ec sec1 with parameters": openssl("ecparam", "-name", "prime256v1") + openssl("ec", "-in", ec),
        "rsa public": openssl("pkey", "-in", rsa, "-pubout"),
        "ec public": openssl("pkey", "-in", ec, "-pubout"),
        "rsa public pkcs1": openssl("rsa", "-in", rsa, "-RSAPublicKey_out"),
        "certificate": openssl(*certificate),
        "rsa 1024": openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        "rsa 3072": openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"),
        "ec p-384": openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
        "ec secp256k1": openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
        "ed25519": openssl("genpkey", "-algorithm", "ED25519"),
    }


PLAIN = ["rsa pkcs8", "rsa pkcs1", "ec pkcs8", "ec sec1", "ec sec1 with parameters"]
ENCRYPTED = ["rsa pkcs8 encrypted", "rsa pkcs1 encrypted"]


def public_of(made, name):
    return made[f"{name.partition(' ')[0]} public"].decode()


@pytest.mark.parametrize("name", PLAIN)
def test_reads_every_plain_form(made, name):
    assert SigningKey.from_pem(made[name], KEY_ID).public_pem == public_of(made, name)


@pytest.mark.parametrize("name", ENCRYPTED)
@pytest.mark.parametrize("passphrase", ["opensesame", b"opensesame"])
def test_reads_every_encrypted_form(made, name, passphrase):
    assert SigningKey.from_pem(made[name], KEY_ID, passphrase).public_pem == public_of(made, name)


@pytest.mark.parametrize(
    "change",
    [
        lambda pem: pem.replace("\n", "\r\n"),
        lambda pem: f"\n\t  {pem} \n\n",
        lambda pem: pem.replace("\n", "\n    "),
        lambda pem: "\ufeff" + pem,
        lambda pem: pem.rstrip("\n"),
        lambda pem: b"\xef\xbb\xbf" + pem.encode(),
    ],
    ids=["crlf", "blanks around", "indented", "bom", "no end of line", "bom in bytes"],
)
@pytest.mark.parametrize("name", PLAIN)
def test_forgives_what_pasting_does(made, name, change):
    assert SigningKey.from_pem(change(made[name].decode()), KEY_ID).public_pem == public_of(made, name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rsa public", "public key"),
        ("rsa public pkcs1", "public key"),
        ("certificate", "certificate"),
        ("rsa 1024", "1024 bits"),
        ("rsa 3072", "3072 bits"),
        ("ec p-384", "secp384r1"),
        ("ec secp256k1", "secp256k1"),
        ("ed25519", "Ed25519"),
    ],
)
def test_refuses_with_what_it_found(made, name, reason):
    with pytest.raises(InvalidKey, match=reason):
        SigningKey.from_pem(made[name], KEY_ID)


@pytest.mark.parametrize("name", ENCRYPTED)
@pytest.mark.parametrize(("passphrase", "reason"), [(None, "no passphrase"), ("", "no passphrase"), ("no", "wrong")])
def test_refuses_a_passphrase_that_does_not_open(made, name, passphrase, reason):
    with pytest.raises(InvalidKey, match=reason):
        SigningKey.from_pem(made[name], KEY_ID, passphrase)


def test_refuses_a_passphrase_that_nothing_needs(made):
    with pytest.raises(InvalidKey, match="not encrypted"):
        SigningKey.from_pem(made["rsa pkcs8"], KEY_ID, "opensesame")


def shorten(pem):
    lines = pem.decode().splitlines()
    return "\n".join(lines[:10] + lines[-1:])


@pytest.mark.parametrize(
    "damage",
    [
        lambda made: b"",
        lambda made: "K2JCJMDEHXQW5F",
        lambda made: made["rsa pkcs1"][:600],
        lambda made: shorten(made["rsa pkcs1"]),
        lambda made: made["rsa pkcs1"] + made["ec pkcs8"],
        lambda made: made["rsa pkcs8"].decode().replace("BEGIN", "BEGIN\u00a0"),
        lambda made: made["rsa pkcs8"] + b" " * 70000,
        lambda made: None,
        lambda made: b"-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n",
    ],
    ids=["empty", "an id", "no end", "lines lost", "two keys", "non-ascii", "huge", "none", "hollow"],
)
def test_refuses_damaged_texts(made, damage):
    with pytest.raises(InvalidKey):
        SigningKey.from_pem(damage(made), KEY_ID)


def test_an_error_leaks_nothing_of_the_key(made):
    pem = shorten(made["rsa pkcs1"])
    with pytest.raises(InvalidKey) as caught:
        SigningKey.from_pem(pem, KEY_ID)
    shown = "".join(traceback.format_exception_only(caught.value))
    assert not any(line in shown for line in pem.splitlines()[1:-1])


def test_an_error_has_no_cause_and_no_context(made):
    with pytest.raises(InvalidKey) as caught:
        SigningKey.from_pem(shorten(made["rsa pkcs1"]), KEY_ID)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("key_id", ["K2JCJMDEHXQW5F", "APKAEIBAERJR2EXAMPLE", "k1"])
def test_key_ids_of_cloudfront(key_id):
    assert SigningKey.generate(key_id=key_id, algorithm="EC").key_id == key_id


@pytest.mark.parametrize("key_id", ["", " K1", "K1\n", "K-1", "K1&Expires=1", "ключ", "K" * 129, 7])
def test_refuses_other_key_ids(key_id):
    with pytest.raises(InvalidKey, match="key id"):
        SigningKey.generate(key_id=key_id, algorithm="EC")


def test_a_key_from_a_file_has_an_id(made):
    with pytest.raises(InvalidKey, match="key id"):
        SigningKey.from_pem(made["ec pkcs8"], None)


def test_a_key_is_made_before_cloudfront_names_it():
    assert SigningKey.generate(algorithm="EC").key_id is None


def test_the_id_comes_later(ec_key):
    assert ec_key.with_id("K2").key_id == "K2"


def test_the_id_changes_nothing_else(ec_key):
    assert ec_key.with_id("K2").with_id(ec_key.key_id) == ec_key


@pytest.mark.parametrize("key_id", [None, "", "K 1"])
def test_refuses_a_later_id_that_is_none(ec_key, key_id):
    with pytest.raises(InvalidKey, match="key id"):
        ec_key.with_id(key_id)


def test_refuses_other_algorithms_to_generate():
    with pytest.raises(InvalidKey, match="RSA and EC"):
        SigningKey.generate(key_id=KEY_ID, algorithm="DSA")


def test_a_generated_key_is_what_cloudfront_takes():
    shown = openssl("pkey", "-pubin", "-noout", "-text", input=SigningKey.generate(key_id="K1").public_pem.encode())
    assert b"2048 bit" in shown


def test_repr_shows_id_and_algorithm_only(key):
    assert repr(key) == "SigningKey(key_id='K2JCJMDEHXQW5F', algorithm='RSA')"


def test_private_pem_reads_back(either_key):
    assert SigningKey.from_pem(either_key.private_pem(), either_key.key_id) == either_key


@pytest.mark.parametrize("passphrase", ["open sesame", "ひらけごま", b"\xff\x00"])
def test_private_pem_reads_back_encrypted(either_key, passphrase):
    pem = either_key.private_pem(passphrase)
    assert SigningKey.from_pem(pem, either_key.key_id, passphrase) == either_key


def test_openssl_opens_an_encrypted_private_pem(ec_key):
    pem = ec_key.private_pem("opensesame").encode()
    shown = openssl("pkey", "-passin", "pass:opensesame", "-pubout", input=pem)
    assert shown.decode() == ec_key.public_pem


@pytest.mark.parametrize("passphrase", [None, "", b""])
def test_without_a_passphrase_private_pem_is_plain(ec_key, passphrase):
    assert ec_key.private_pem(passphrase).startswith("-----BEGIN PRIVATE KEY-----\n")


def test_with_a_passphrase_it_is_not(ec_key):
    assert ec_key.private_pem("opensesame").startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")


def test_fingerprint_is_that_of_openssl(either_key):
    der = openssl("pkey", "-pubin", "-outform", "DER", input=either_key.public_pem.encode())
    shown = openssl("dgst", "-sha256", "-c", input=der).decode()
    assert shown.strip().rpartition(" ")[2].upper() == either_key.fingerprint


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
def test_openssl_verifies_our_signatures(either_key, hash_algorithm, tmp_path):
    public, signature = tmp_path / "public.pem", tmp_path / "signature"
    public.write_text(either_key.public_pem)
    signature.write_bytes(either_key.sign(b"a statement", hash_algorithm))
    command = ("dgst", DIGEST[hash_algorithm], "-verify", public, "-signature", signature)
    assert openssl(*command, input=b"a statement") == b"Verified OK\n"


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
def test_signatures_are_deterministic(either_key, hash_algorithm):
    assert either_key.sign(b"a", hash_algorithm) == either_key.sign(b"a", hash_algorithm)


def test_rfc_6979_example():
    """RFC 6979, A.2.5: P-256 with SHA-256, message "sample"."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    private = ec.derive_private_key(
        0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721, ec.SECP256R1()
    ).private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signature = SigningKey.from_pem(private, "K1").sign(b"sample", "SHA256")
    assert decode_dss_signature(signature) == (
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    )


@pytest.mark.parametrize("hash_algorithm", ["MD5", "sha1", "", None, []])
def test_refuses_other_hashes(key, hash_algorithm):
    with pytest.raises(InvalidKey, match="SHA1 and SHA256"):
        key.sign(b"a", hash_algorithm)


@pytest.mark.parametrize("name", ["rsa pkcs8", "certificate", "rsa public pkcs1"])
def test_a_public_key_is_spki_only(made, name):
    with pytest.raises(InvalidKey, match="BEGIN PUBLIC KEY"):
        PublicKey.from_pem(made[name])


def test_a_damaged_public_key_is_refused(made):
    with pytest.raises(InvalidKey, match="damaged"):
        PublicKey.from_pem(made["rsa public"].replace(b"M", b"", 1))


@pytest.fixture
def signed(made, tmp_path):
    """A function that signs with openssl: signed("rsa", "SHA1", b"a") is the signature."""

    def sign(algorithm, hash_algorithm, message):
        private = tmp_path / "private.pem"
        private.write_bytes(made[f"{algorithm} pkcs8"])
        return openssl("dgst", DIGEST[hash_algorithm], "-sign", private, input=message)

    return sign


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_we_verify_openssls_signatures(made, signed, algorithm, hash_algorithm):
    public = PublicKey.from_pem(made[f"{algorithm} public"])
    assert public.verifies(signed(algorithm, hash_algorithm, b"a statement"), b"a statement", hash_algorithm) is True


@pytest.mark.parametrize(
    ("message", "hash_algorithm"), [(b"a statemens", "SHA1"), (b"", "SHA1"), (b"a statement", "SHA256")]
)
@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_a_signature_is_of_one_message_and_one_hash(made, signed, algorithm, message, hash_algorithm):
    signature = signed(algorithm, "SHA1", b"a statement")
    assert PublicKey.from_pem(made[f"{algorithm} public"]).verifies(signature, message, hash_algorithm) is False


@pytest.mark.parametrize("signature", [b"", b"a", b"\0" * 256])
@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_rubbish_is_no_signature(made, algorithm, signature):
    assert PublicKey.from_pem(made[f"{algorithm} public"]).verifies(signature, b"a", "SHA1") is False


def test_sha1_is_the_default(key):
    assert key.sign(b"a") == key.sign(b"a", "SHA1")


def test_keys_do_not_change(key):
    with pytest.raises(AttributeError):
        key.key_id = "KOTHER"


def test_public_keys_do_not_change(key):
    with pytest.raises(AttributeError):
        PublicKey.from_pem(key.public_pem).algorithm = "EC"


def test_repr_of_a_public_key_shows_its_algorithm_only(ec_key):
    assert repr(PublicKey.from_pem(ec_key.public_pem)) == "PublicKey(algorithm='EC')"


def test_algorithms_have_cloudfronts_names(made):
    names = {name: SigningKey.from_pem(made[f"{name} pkcs8"], KEY_ID).algorithm for name in ("rsa", "ec")}
    assert names == {"rsa": "RSA", "ec": "EC"}


@pytest.mark.parametrize("key_id", ["K", "K" * 128])
def test_the_shortest_and_the_longest_key_id(key_id):
    assert SigningKey.generate(key_id=key_id, algorithm="EC").key_id == key_id


@pytest.mark.parametrize(
    ("key_id", "found"),
    [("-K1", "'-' at position 1;"), ("K-1", "'-' at position 2;"), ("KABC_1", "'_' at position 5;")],
)
def test_says_where_a_key_id_is_wrong(key_id, found):
    with pytest.raises(InvalidKey, match=found):
        SigningKey.generate(key_id=key_id, algorithm="EC")


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "RSA-PSS", "SM2", "ec", "rsa", ""])
def test_refuses_what_only_sounds_like_an_algorithm(algorithm):
    with pytest.raises(InvalidKey, match="RSA and EC"):
        SigningKey.generate(algorithm=algorithm)


@pytest.mark.parametrize("passphrase", ["\udc80", "\ud800opensesame"])
def test_a_passphrase_that_is_no_text_of_unicode_is_a_wrong_one(made, passphrase):
    with pytest.raises(InvalidKey, match="wrong"):
        SigningKey.from_pem(made["rsa pkcs8 encrypted"], KEY_ID, passphrase)


WANTED = r"\. CloudFront takes RSA with 2048 bits or EC on P-256\."


def test_says_what_a_private_key_is_and_what_is_wanted(made):
    with pytest.raises(InvalidKey, match=f"Found a key of the kind Ed25519{WANTED}"):
        SigningKey.from_pem(made["ed25519"], KEY_ID)


def test_says_what_a_public_key_is_and_what_is_wanted(made):
    public = openssl("pkey", "-pubout", input=made["ed25519"])
    with pytest.raises(InvalidKey, match=f"Found a key of the kind Ed25519{WANTED}"):
        PublicKey.from_pem(public)


def test_says_how_long_a_key_is_and_what_is_wanted(made):
    with pytest.raises(InvalidKey, match=f"Found RSA with 1024 bits{WANTED}"):
        SigningKey.from_pem(made["rsa 1024"], KEY_ID)


def block(label):
    return f"-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (block("OPENSSH PRIVATE KEY"), r"Found an OpenSSH private key, wanted a private key \(.*\)\.$"),
        (block("DSA PRIVATE KEY"), "Found a DSA private key, wanted a private key"),
        (block("CERTIFICATE"), "Found a certificate, wanted a private key"),
        (block("X509 CRL"), "Found a PEM block of another kind, wanted a private key"),
        (block("PRIVATE KEY")[:40], "cut short: BEGIN has no END"),
        (block("PRIVATE KEY").lower(), "Found no PEM block"),
        ("", "Found no PEM block"),
        (block("PRIVATE KEY").replace("AAAA", "AAA\u00c4"), "outside ASCII"),
        ("# Schl\u00fcssel\n" + block("PRIVATE KEY"), "outside ASCII"),
        (block("PRIVATE KEY").replace("AAAA", "AAA\u00c4").encode(), "outside ASCII"),
    ],
)
def test_says_what_is_no_private_key(text, reason):
    with pytest.raises(InvalidKey, match=reason):
        SigningKey.from_pem(text, KEY_ID)


@pytest.mark.parametrize("label", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"])
def test_says_that_a_private_key_is_no_public_key(label):
    with pytest.raises(InvalidKey, match="Found a private key, wanted a public key"):
        PublicKey.from_pem(block(label))


def test_the_longest_text_of_a_key(made):
    padded = made["ec pkcs8"].decode().ljust(65536)
    assert SigningKey.from_pem(padded, KEY_ID).public_pem == public_of(made, "ec pkcs8")


def test_a_text_of_one_character_more_is_refused(made):
    with pytest.raises(InvalidKey, match="Found 65537 characters"):
        SigningKey.from_pem(made["ec pkcs8"].decode().ljust(65537), KEY_ID)


def test_the_longest_passphrase(ec_key):
    pem = ec_key.private_pem("x" * 1023)
    assert SigningKey.from_pem(pem, KEY_ID, "x" * 1023).public_pem == ec_key.public_pem


def test_a_longer_passphrase_is_refused(ec_key):
    with pytest.raises(InvalidKey, match="over 1023 bytes"):
        ec_key.private_pem("x" * 1024)


def test_a_text_of_beginnings_is_read_in_no_time():
    started = time.process_time()
    with pytest.raises(InvalidKey):
        PublicKey.from_pem("-----BEGIN A-----\n" * 3640)
    assert time.process_time() - started < 0.5


def test_sha1_is_the_default_of_who_signs_again_and_again(key):
    assert key.signing()(b"a") == key.sign(b"a", "SHA1")
