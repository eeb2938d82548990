"""Addresses of a distribution in a text: which file each names, and what is left without the signature."""

from collective.cfprivate.cloudfront.addresses import key_of
from collective.cfprivate.cloudfront.addresses import names_host
from collective.cfprivate.cloudfront.addresses import without_signatures
from collective.cfprivate.cloudfront.distribution import Distribution
from collective.cfprivate.cloudfront.policy import Policy
from collective.cfprivate.cloudfront.signer import Signer
from hypothesis import given
from hypothesis import strategies as st

import pytest


CDN = Distribution("d111111abcdef8.cloudfront.net")
BARE = "https://d111111abcdef8.cloudfront.net/talks/a.mp4"
CANNED = "Expires=1900000000&Signature=aB3~-_c&Key-Pair-Id=K2JCJMDEHXQW5F"
CUSTOM = "Policy=eyJ_-~&Signature=aB3~-_c&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256"

# What S3 takes as a key and CloudFront delivers.
KEYS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="*?\\/"), min_size=1).filter(
    lambda key: key not in {".", ".."}
)


class TestKey:
    @pytest.mark.parametrize(
        ("address", "key"),
        [
            (BARE, "talks/a.mp4"),
            (f"{BARE}?{CANNED}", "talks/a.mp4"),
            (f"{BARE}?{CUSTOM}#t=30", "talks/a.mp4"),
            (f"  {BARE}\n", "talks/a.mp4"),
            ("//d111111abcdef8.cloudfront.net/a.mp4", "a.mp4"),
            ("http://d111111abcdef8.cloudfront.net/a.mp4", "a.mp4"),
            ("HTTPS://D111111ABCDEF8.CloudFront.net/A.mp4", "A.mp4"),
            ("https://d111111abcdef8.cloudfront.net:443/a.mp4", "a.mp4"),
            ("https://d111111abcdef8.cloudfront.net/a%20b.mp4", "a b.mp4"),
            ("https://d111111abcdef8.cloudfront.net/a%2520b.mp4", "a%20b.mp4"),
            ("https://d111111abcdef8.cloudfront.net/a+b.mp4", "a+b.mp4"),
            ("https://d111111abcdef8.cloudfront.net/%E9%8D%B5.mp4", "鍵.mp4"),
        ],
    )
    def test_is_the_decoded_path(self, address, key):
        assert key_of(address, CDN) == key

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "talks/a.mp4",
            "/talks/a.mp4",
            "d111111abcdef8.cloudfront.net/a.mp4",
            "https://d111111abcdef8.cloudfront.net",
            "https://d111111abcdef8.cloudfront.net/",
            "https://d111111abcdef8.cloudfront.net.example.org/a.mp4",
            "https://xd111111abcdef8.cloudfront.net/a.mp4",
            "https://d111111abcdef8.cloudfront.net:8443/a.mp4",
            "https://example.org/d111111abcdef8.cloudfront.net/a.mp4",
            "https://example.org/?next=https://d111111abcdef8.cloudfront.net/a.mp4",
            "ftp://d111111abcdef8.cloudfront.net/a.mp4",
            "https://d111111abcdef8.cloudfront.net/%FF.mp4",
            f"{BARE} and more",
        ],
    )
    def test_is_none_of(self, address):
        assert key_of(address, CDN) is None

    @given(KEYS)
    def test_is_what_the_distribution_makes_an_address_of(self, key):
        assert key_of(CDN.url(key), CDN) == key

    def test_of_a_host_with_a_port(self):
        assert key_of("http://localhost:8081/a.mp4", Distribution("localhost:8081")) == "a.mp4"


class TestWithoutSignatures:
    @pytest.mark.parametrize(
        ("text", "clean"),
        [
            (f"{BARE}?{CANNED}", BARE),
            (f"{BARE}?{CUSTOM}", BARE),
            (f"{BARE}?{CANNED}#t=30", f"{BARE}#t=30"),
            (f"{BARE}?v=1&{CANNED}", f"{BARE}?v=1"),
            (f"{BARE}?{CANNED}&v=1", f"{BARE}?v=1"),
            (f"{BARE}?Expires=1&v=1&Signature=a&w=2&Key-Pair-Id=K", f"{BARE}?v=1&w=2"),
            (f"{BARE}?{CANNED.replace('&', '&amp;')}", BARE),
            (f"{BARE}?%53ignature=abc", BARE),
            (f"[a talk]({BARE}?{CANNED}).", f"[a talk]({BARE})."),
            (f"See {BARE}?{CANNED}, or\n{BARE}?{CUSTOM}", f"See {BARE}, or\n{BARE}"),
            (f"//d111111abcdef8.cloudfront.net?{CANNED}", "//d111111abcdef8.cloudfront.net"),
            (
                f"https://somebody@d111111abcdef8.cloudfront.net/a?{CANNED}",
                "https://somebody@d111111abcdef8.cloudfront.net/a",
            ),
            (f"{BARE}?{CANNED} 400w, {BARE}?{CANNED} 800w", f"{BARE} 400w, {BARE} 800w"),
        ],
    )
    def test_is_the_rest(self, text, clean):
        assert without_signatures(text, CDN) == clean

    @pytest.mark.parametrize(
        "text",
        [
            "",
            BARE,
            f"{BARE}?",
            f"{BARE}?v=1&amp;w=2",
            f"{BARE}?signature=1&Expire=2",
            f"https://example.org/a.mp4?{CANNED}",
            f"https://d111111abcdef8.cloudfront.net.example.org/a.mp4?{CANNED}",
            f"A {BARE} and {CANNED}",
        ],
    )
    def test_is_all_of_a_text_without_one(self, text):
        assert without_signatures(text, CDN) == text

    @given(object_key=KEYS)
    def test_is_what_was_signed(self, key, object_key):
        url = CDN.url(object_key)
        signed = Signer(key).sign_url(url, Policy.for_url(url, 1900000000))
        assert without_signatures(signed, CDN) == url


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"<a href='{BARE}'>", True),
        (BARE.upper(), True),
        ("https://d111111abcdef9.cloudfront.net/a", False),
        ("", False),
    ],
)
def test_names_the_host(text, named):
    assert names_host(text, CDN) is named
