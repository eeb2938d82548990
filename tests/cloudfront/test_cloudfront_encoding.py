"""CloudFront's base64."""

from collective.cfprivate.cloudfront.encoding import decode
from collective.cfprivate.cloudfront.encoding import encode
from hypothesis import given
from hypothesis import strategies

import pytest


@pytest.mark.parametrize(
    ("data", "text"), [(b"", ""), (b"\xfb\xef\xbe", "----"), (b"\xff\xff\xff", "~~~~"), (b"a", "YQ__"), (b"ab", "YWI_")]
)
def test_alphabet(data, text):
    assert encode(data) == text


@given(strategies.binary())
def test_decode_undoes_encode(data):
    assert decode(encode(data)) == data


@pytest.mark.parametrize(
    "text", ["++++", "////", "YQ==", "YQ", "YQ_", "YR__", "YQ__ ", "YQ__\n", "Y", "____", "é", "YQ%5F_"]
)
def test_decode_refuses_every_other_spelling(text):
    with pytest.raises(ValueError):
        decode(text)
