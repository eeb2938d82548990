"""Playlists: what lies in the directory is signed, what is elsewhere is left alone, all else is refused."""

from collective.cfprivate import cloudfront
from collective.cfprivate.cloudfront import check_url
from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront.errors import PlaylistError
from collective.cfprivate.cloudfront.playlist import rewrite_playlist
from contextlib import suppress
from hypothesis import assume
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies
from pathlib import Path
from urllib.parse import unquote
from urllib.parse import urljoin
from urllib.parse import urlsplit

import json
import os
import pytest
import shutil
import subprocess
import time


HOST = "https://d1.cloudfront.net"
DIRECTORY = f"{HOST}/uid/hls/"
BASE = f"{DIRECTORY}index.m3u8"
DEMO = Path(cloudfront.__file__).parents[1] / "demo" / "media" / "talk" / "hls"
NODE = shutil.which("node")
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def mark(url, kind):
    """In place of a signature: what was asked for."""
    return f"{check_url(url)}?{kind}"


def rewrite(*lines, base=BASE, directory=DIRECTORY, sign=mark):
    """The lines behind #EXTM3U, rewritten."""
    text = rewrite_playlist("\n".join(["#EXTM3U", *lines]), base, directory, sign)
    return text.removeprefix("#EXTM3U\n").split("\n")


def refusal(*lines, base=BASE, directory=DIRECTORY):
    with pytest.raises(PlaylistError) as caught:
        rewrite(*lines, base=base, directory=directory)
    return str(caught.value)


def never(url, kind):
    raise AssertionError(f"asked to sign {kind} {url}")


# kinds


@pytest.mark.parametrize("name", ["180p/", "360p/"])
def test_a_media_playlist_of_the_demo(name):
    text = (DEMO / name / "index.m3u8").read_text()
    expected = text.replace("\n00", f"\n{DIRECTORY}{name}00").replace(".ts", ".ts?segment")
    assert expected.count(".ts?segment") == 3
    assert rewrite_playlist(text, f"{DIRECTORY}{name}index.m3u8", DIRECTORY, mark) == expected


def test_the_master_playlist_of_the_demo():
    text = (DEMO / "index.m3u8").read_text()
    expected = text.replace("\n360p/index.m3u8", f"\n{DIRECTORY}360p/index.m3u8?playlist")
    expected = expected.replace("\n180p/index.m3u8", f"\n{DIRECTORY}180p/index.m3u8?playlist")
    assert rewrite_playlist(text, BASE, DIRECTORY, mark) == expected


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('#EXT-X-KEY:METHOD=AES-128,URI="a.bin",IV=0x0123', "key"),
        ('#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="a.bin",KEYFORMAT="identity"', "key"),
        ('#EXT-X-MAP:URI="a.bin",BYTERANGE="616@0"', "map"),
        ('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="a.bin"', "playlist"),
        ('#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="a.bin"', "playlist"),
        ('#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,RESOLUTION=320x180,URI="a.bin"', "playlist"),
        ('#EXT-X-RENDITION-REPORT:URI="a.bin",LAST-MSN=1', "playlist"),
        ('#EXT-X-PART:DURATION=0.3,URI="a.bin",INDEPENDENT=YES', "segment"),
        ('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a.bin",BYTERANGE-START=0', "segment"),
        ('#EXT-X-PRELOAD-HINT:URI="a.bin",TYPE=MAP', "map"),
        ('#EXT-X-PRELOAD-HINT:TYPE=NEW,URI="a.bin"', "other"),
        ('#EXT-X-PRELOAD-HINT:TYPE="PART",URI="a.bin"', "other"),
        ('#EXT-X-PRELOAD-HINT:URI="a.bin"', "other"),
        ('#EXT-X-SESSION-DATA:DATA-ID="a",URI="a.bin"', "other"),
        ('#EXT-X-CONTENT-STEERING:SERVER-URI="a.bin",PATHWAY-ID="a"', "other"),
        ('#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.interstitial",X-ASSET-URI="a.bin",X-SNAP="IN"', "playlist"),
        ('#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="a.bin"', "other"),
        ('#EXT-X-MAP: URI="a.bin" , BYTERANGE="616@0"', "map"),
        ('#EXT-X-MAP:URI="a.bin",', "map"),
        ('#EXT-X-MEDIA:TYPE=AUDIO,NAME="x,URI=y",URI="a.bin"', "playlist"),
        ('#EXT-X-MEDIA:NAME="x",URI="a.bin",ASSOC-LANGUAGE="x,URI=a.bin"', "playlist"),
        ('#EXT-X-MEDIA:TYPE=AUDIO,NAME="{$undefined}",URI="a.bin"', "playlist"),
    ],
)
def test_the_attribute_of_a_tag(line, kind):
    assert rewrite(line) == [line.replace('="a.bin"', f'="{DIRECTORY}a.bin?{kind}"')]


def test_a_tag_with_two_uris():
    line = '#EXT-X-DATERANGE:X-ASSET-LIST="a",ID="b",X-ASSET-URI="c",END-ON-NEXT=YES'
    signed = (
        f'#EXT-X-DATERANGE:X-ASSET-LIST="{DIRECTORY}a?other",ID="b",X-ASSET-URI="{DIRECTORY}c?playlist",END-ON-NEXT=YES'
    )
    assert rewrite(line) == [signed]


@pytest.mark.parametrize("between", [[], [""], ["#", "#EXT-X-UNKNOWN", "  "], ['#EXT-X-MEDIA:TYPE=VIDEO,NAME="a"']])
@pytest.mark.parametrize("name", ["a.m3u8", "a b.m3u8"])
def test_the_line_behind_a_variant_is_a_playlist(between, name):
    *_, first, second = rewrite("#EXT-X-STREAM-INF:BANDWIDTH=1", *between, name, name)
    assert (first[-8:], second[-8:]) == ("playlist", "?segment")


def test_a_variant_elsewhere_is_still_the_variant():
    lines = ["#EXT-X-STREAM-INF:BANDWIDTH=1", "https://other.example/a.m3u8", "b.ts"]
    assert rewrite(*lines)[-1] == f"{DIRECTORY}b.ts?segment"


# what stays as it is


@pytest.mark.parametrize(
    "line",
    [
        "#",
        '# a comment, URI="a.ts"',
        "#a.ts",
        '##EXT-X-KEY:URI="a"',
        '#ext-x-key:URI="a"',
        '#EXT-X-KEYS:URI="a"',
        '#EXT-X-KEY :URI="a"',
        '#EXT-X-UNKNOWN:URI="../../a"',
        "#EXT-X-KEY:METHOD=NONE",
        '#EXT-X-KEY:METHOD=AES-128,uri="a"',
        '#EXT-X-KEY:METHOD=AES-128,X-URI="a"',
        '#EXT-X-MEDIA:NAME="a,URI=",LANGUAGE=",URI=b,"',
        "#EXT-X-MAP:",
        "#EXT-X-BYTERANGE:75232@0",
        '#EXTINF:4.0,a title, with URI="a" and {$b}',
        '#EXT-X-DEFINE:NAME="a",VALUE="b"',
        '#EXT-X-DEFINE:IMPORT="a"',
        '#EXT-X-DEFINE:QUERYPARAM="a"',
        "#EXT-X-ENDLIST",
        "#\u2028a.ts\x0ba.ts\x0ca.ts\x85a.ts\x00",
        "",
        "   ",
        "\t",
    ],
)
def test_is_untouched(line):
    assert rewrite(line, sign=never) == [line]


@pytest.mark.parametrize(
    "uri",
    [
        "https://other.example/a.ts",
        "https://other.example/a b\\c?Policy=x&100%#%",
        "http://other.example/uid/hls/a.ts",
        "//other.example/uid/hls/a.ts",
        "https://other.example",
        "  https://other.example/a.ts ",
        "https://user:secret@other.example/a.ts",
        "https://d1.cloudfront.net@other.example/uid/hls/a.ts",
        "https://d1.cloudfront.net.other.example/uid/hls/a.ts",
        "https://other-d1.cloudfront.net/uid/hls/a.ts",
        "https://d1-cloudfront.net/uid/hls/a.ts",
        "https://d1.cloudfront.net:8443/uid/hls/a.ts",
        "https://192.0.2.1/uid/hls/a.ts",
        "https://[::1]:8080/uid/hls/a.ts",
        "https://a_b.example/a.ts",
        "data:text/plain;base64,AAAA",
        "data:text/plain,100% of {this}\\",
        "skd://key/1",
        "SKD://d1.cloudfront.net/uid/hls/a",
        "ftp://d1.cloudfront.net/uid/hls/a.ts",
        "urn:uuid:1",
        "blob:https://d1.cloudfront.net/uid",
    ],
)
@pytest.mark.parametrize("line", ["{}", '#EXT-X-KEY:METHOD=AES-128,URI="{}",KEYFORMAT="x"'])
def test_elsewhere_is_untouched_and_never_signed(line, uri):
    assert rewrite(line.format(uri), sign=never) == [line.format(uri)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_stay(end):
    text = end.join(["#EXTM3U", "", "#EXTINF:4,", "a.ts", "#EXTINF:4,", "b c.ts", '#EXT-X-MAP:URI="d"', ""])
    signed = [f"{DIRECTORY}a.ts?segment", "#EXTINF:4,", f"{DIRECTORY}b%20c.ts?segment"]
    expected = end.join(["#EXTM3U", "", "#EXTINF:4,", *signed, f'#EXT-X-MAP:URI="{DIRECTORY}d?map"', ""])
    assert rewrite_playlist(text, BASE, DIRECTORY, mark) == expected


def test_ends_of_lines_may_be_mixed():
    text = "#EXTM3U\r\na\rb\n\r\r\nc\n\n#d\re"
    expected = "#EXTM3U\r\nA\rA\n\r\r\nA\n\n#d\rA"
    assert rewrite_playlist(text, BASE, DIRECTORY, lambda url, kind: "A") == expected


def test_the_byte_order_mark_is_dropped():
    assert rewrite_playlist("\ufeff#EXTM3U\na", BASE, DIRECTORY, mark) == f"#EXTM3U\n{DIRECTORY}a?segment"


@pytest.mark.parametrize(
    "text",
    ["", "\n#EXTM3U", " #EXTM3U", "#EXTM3U8", "#EXTM3U x", "#extm3u", "a.ts", "\ufeff\ufeff#EXTM3U", "#EXTM3U\x0b"],
)
def test_refuses_what_does_not_begin_like_a_playlist(text):
    with pytest.raises(PlaylistError, match="first line is not #EXTM3U"):
        rewrite_playlist(text, BASE, DIRECTORY, never)


@pytest.mark.parametrize("text", [None, b"#EXTM3U\n", 7, ["#EXTM3U"]])
def test_refuses_what_is_no_text(text):
    with pytest.raises(PlaylistError, match="Decode it as UTF-8"):
        rewrite_playlist(text, BASE, DIRECTORY, never)


def test_refuses_half_a_character():
    assert refusal("#\ud800") == "Character 10 is half of a pair. Save the playlist as UTF-8."


# URIs in the directory

PLAIN = "abcXYZ019-_"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        (PLAIN, PLAIN),
        ("a.b/c-d/e_f.ts", "a.b/c-d/e_f.ts"),
        ("./a.ts", "a.ts"),
        ("b/../a.ts", "a.ts"),
        ("b/./../c/../../hls/a.ts", "a.ts"),
        ("../hls/a.ts", "a.ts"),
        ("../../../../uid/hls/a.ts", "a.ts"),
        ("b/..", ""),
        ("b/.", "b/"),
        (".hidden/..a/...", ".hidden/..a/..."),
        ("a//b.ts", "a//b.ts"),
        ("/uid/hls/a.ts", "a.ts"),
        ("/other/../uid/./hls/a.ts", "a.ts"),
        ("//d1.cloudfront.net/uid/hls/a.ts", "a.ts"),
        (f"{DIRECTORY}a.ts", "a.ts"),
        (f"{DIRECTORY}b/../a.ts", "a.ts"),
        ("HTTPS://D1.CloudFront.NET/uid/hls/a.ts", "a.ts"),
        ("https://d1.cloudfront.net:443/uid/hls/a.ts", "a.ts"),
        ("https://d1.cloudfront.net:00443/uid/hls/a.ts", "a.ts"),
        ("https://d1.cloudfront.net:/uid/hls/a.ts", "a.ts"),
        ("  a.ts ", "a.ts"),
        ("a b.ts", "a%20b.ts"),
        ("ä/テ.ts", "%C3%A4/%E3%83%86.ts"),
        ("😀.ts", "%F0%9F%98%80.ts"),
        ("a\u2028b\ufeff.ts", "a%E2%80%A8b%EF%BB%BF.ts"),
        ("a<>^`{|}.ts", "a%3C%3E%5E%60%7B%7C%7D.ts"),
        ("{$}{$a b}{$", "%7B$%7D%7B$a%20b%7D%7B$"),
        ("a%20b%2Fc%c3%A4%25.ts", "a%20b%2Fc%c3%A4%25.ts"),
        ("a%2e.ts", "a%2e.ts"),
        ("..%2ea/..", ""),
        ("a!$&'()*+,;=@~[].ts", "a!$&'()*+,;=@~[].ts"),
        ("1:2.ts", "1:2.ts"),
        ("./a:b.ts", "a:b.ts"),
        ("b/c:d@e", "b/c:d@e"),
    ],
)
@pytest.mark.parametrize("line", ["{}", '#EXT-X-PART:URI="{}"'])
def test_a_uri_in_the_directory(line, uri, path):
    assert rewrite(line.format(uri)) == [line.format(f"{DIRECTORY}{path}?segment")]


@pytest.mark.parametrize(
    ("uri", "signed"),
    [
        ("a.ts?x=1&y=%20", "a.ts?x=1&y=%20"),
        ("a.ts?", "a.ts"),
        ("?x=1", "index.m3u8?x=1"),
        ("a.ts?../../../b", "a.ts?../../../b"),
        ("a.ts?x=a b'\\ä?", "a.ts?x=a%20b%27%5C%C3%A4?"),
        ("a.ts?policy=1&Policyx=2&x=Policy", "a.ts?policy=1&Policyx=2&x=Policy"),
        ("a.ts?//other.example/", "a.ts?//other.example/"),
    ],
)
def test_a_query_is_kept(uri, signed):
    asked = []
    rewrite(uri, sign=lambda url, kind: asked.append(url) or url)
    assert asked == [f"{DIRECTORY}{signed}"]


@pytest.mark.parametrize(
    ("uri", "signed"),
    [
        ("a.ts#t=1,2", f"{DIRECTORY}a.ts?segment#t=1,2"),
        ("a.ts#", f"{DIRECTORY}a.ts?segment#"),
        ("a.ts#a/?#'b", f"{DIRECTORY}a.ts?segment#a/?#'b"),
        ("a.ts#ä {b}%", f"{DIRECTORY}a.ts?segment#%C3%A4%20%7Bb%7D%"),
        ("a.ts#?Policy=1", f"{DIRECTORY}a.ts?segment#?Policy=1"),
    ],
)
def test_a_fragment_is_kept_behind_the_signature(uri, signed):
    assert rewrite(uri) == [signed]


# directory escapes


@pytest.mark.parametrize(
    "uri",
    [
        "../a.ts",
        "..",
        "b/../../a.ts",
        "../hls",
        "../hlsx/a.ts",
        "../../../../../etc/passwd",
        "/",
        "/a.ts",
        "/uid/hls",
        "/UID/hls/a.ts",
        "/uid/hls/../a.ts",
        "/uid//hls/a.ts",
        "/uid%2Fhls/a.ts",
        "/%75id/hls/a.ts",
        HOST,
        f"{HOST}?x=/uid/hls/",
        f"{HOST}/",
        f"{HOST}/a.ts",
        f"{HOST}//uid/hls/a.ts",
        f"{DIRECTORY}../a.ts",
        "//d1.cloudfront.net",
        "//d1.cloudfront.net/a.ts",
    ],
)
@pytest.mark.parametrize("line", ["{}", '#EXT-X-MAP:URI="{}"'])
def test_refuses_the_distribution_outside_the_directory(line, uri):
    assert "outside the signed directory" in refusal(line.format(uri))


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("..\\a.ts", "backslash"),
        ("b\\..\\..\\a.ts", "backslash"),
        ("\\uid\\hls\\a.ts", "backslash"),
        ("\\\\other.example\\a.ts", "backslash"),
        ("/\\other.example/a.ts", "backslash"),
        (f"{HOST}\\uid/hls/a.ts", "no host"),
        (f"{HOST}\\@other.example/uid/hls/a.ts", "no host"),
        ("https://other.example\\@d1.cloudfront.net/uid/hls/a.ts", "no host"),
        ("https:a.ts", "no host"),
        ("https:/uid/hls/a.ts", "no host"),
        ("https:\\\\d1.cloudfront.net/uid/hls/a.ts", "no host"),
        ("http:a.ts", "no host"),
        ("https:", "no host"),
        ("https://", "no host"),
        ("https:///d1.cloudfront.net/uid/hls/a.ts", "no host"),
        ("///d1.cloudfront.net/uid/hls/a.ts", "no host"),
        ("//", "no host"),
        ("https://:443/uid/hls/a.ts", "no host"),
        ("https://user@/uid/hls/a.ts", "no host"),
        ("https://a@other.example@d1.cloudfront.net/uid/hls/a.ts", "no host"),
        ("https://d1.cloudfront.net:4 43/uid/hls/a.ts", "no host"),
        ("https://d1.cloudfront.net:000443/uid/hls/a.ts", "no host"),
        ("https://d1.cloudfront.net:x/uid/hls/a.ts", "no host"),
        ("https://d1%2Ecloudfront.net/uid/hls/a.ts", "no host"),
        ("https://d1\u3002cloudfront\uff0enet/uid/hls/a.ts", "no host"),
        ("https://\uff44\uff11.cloudfront.net/uid/hls/a.ts", "no host"),
        ("https://d1.cloud\u00adfront.net/uid/hls/a.ts", "no host"),
        ("https://d1.cloudfront.net[::1]/uid/hls/a.ts", "no host"),
        ("http://d1.cloudfront.net/uid/hls/a.ts", "in another way"),
        ("http://d1.cloudfront.net:443/uid/hls/a.ts", "in another way"),
        ("https://d1.cloudfront.net:80/uid/hls/a.ts", "in another way"),
        ("https://d1.cloudfront.net./uid/hls/a.ts", "in another way"),
        ("https://user@d1.cloudfront.net/uid/hls/a.ts", "in another way"),
        ("https://:@D1.cloudfront.net:443/uid/hls/a.ts", "in another way"),
        ("https://@d1.cloudfront.net/uid/hls/a.ts", "in another way"),
        ("%2e%2e/a.ts", "escaped"),
        ("b/.%2E/a.ts", "escaped"),
        ("b/%2e/a.ts", "escaped"),
        ("b/%2e%2E", "escaped"),
        ("..%2fa.ts", "escaped"),
        ("b%2f..%2Fa.ts", "escaped"),
        ("..%5Ca.ts", "escaped"),
        ("%2e%2e%2f%2e%2e%2fa.ts", "escaped"),
        ("%252e%252e/a.ts", "escaped"),
        ("..%25252fa.ts", "escaped"),
        ("..%255ca.ts", "escaped"),
        ("a%.ts", "stray %"),
        ("a.ts?100%", "stray %"),
        ("a%2.ts", "stray %"),
        ("a%zz.ts", "stray %"),
        ("a.ts?Policy=x", "CloudFront's"),
        ("a.ts?x=1&Expires=1", "CloudFront's"),
        ("a.ts?x=1&Signature", "CloudFront's"),
        ("a.ts?Key-Pair-Id=K1", "CloudFront's"),
        ("a.ts?Hash-Algorithm=SHA256", "CloudFront's"),
        ("a.ts?%50olicy=x", "CloudFront's"),
        ("a\x00.ts", "control character"),
        ("a\t.ts", "control character"),
        ("a.ts\t", "control character"),
        ("\x0ba.ts", "control character"),
        ("a\x0c.ts", "control character"),
        ("a\x7f.ts", "control character"),
        ("a\x85.ts", "control character"),
        ("https://other.example/\x1f", "control character"),
        ("ht\ttps://d1.cloudfront.net/a.ts", "control character"),
        ("https://0xC0.0.2.1/a.ts", "unusual spelling of an IP address"),
        ("https://192.0.513/a.ts", "unusual spelling of an IP address"),
        ("https://3221225985/a.ts", "unusual spelling of an IP address"),
        ("https://192.0.2.1./a.ts", "unusual spelling of an IP address"),
        ("https://0300.0.2.1/a.ts", "unusual spelling of an IP address"),
        ("https://0x/a.ts", "unusual spelling of an IP address"),
        ("https://a.256/a.ts", "unusual spelling of an IP address"),
    ],
)
@pytest.mark.parametrize("line", ["{}", '#EXT-X-MAP:URI="{}"'])
def test_refuses_what_players_read_differently(line, uri, reason):
    assert reason in refusal(line.format(uri))


@pytest.mark.parametrize("line", [" #a.ts", '#EXT-X-MAP:URI=""', '#EXT-X-MAP:URI=" "', '#EXT-X-MAP:URI="#a"'])
def test_refuses_an_empty_uri(line):
    assert "the URI is empty" in refusal(line)


@pytest.mark.parametrize(
    "line",
    [
        "#EXT-X-KEY",
        "#EXT-X-KEY:a",
        "#EXT-X-KEY:=a",
        '#EXT-X-KEY:"a"',
        "#EXT-X-KEY:,",
        '#EXT-X-KEY:METHOD=AES-128 URI="a"',
        '#EXT-X-KEY:METHOD=AES-128;URI="a"',
        '#EXT-X-KEY:METHOD=AES-128,,URI="a"',
        '#EXT-X-KEY:URI="a',
        '#EXT-X-KEY:URI=a"',
        '#EXT-X-KEY:URI="a"b',
        '#EXT-X-KEY:URI="a" KEYFORMAT="b"',
        '#EXT-X-KEY:URI="a""b"',
        '#EXT-X-KEY:URI ="a"',
        '#EXT-X-KEY:URI="a",URI="b"',
        '#EXT-X-KEY:URI="a",KEYFORMAT="b',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,TYPE=MAP,URI="a"',
        '#EXT-X-DEFINE:NAME="a",NAME="b",VALUE="c"',
        '#EXT-X-DEFINE:NAME="a',
    ],
)
def test_refuses_malformed_attributes(line):
    assert "attributes are malformed, or one is doubled" in refusal(line)


@pytest.mark.parametrize("value", ["", "a.ts", "'a.ts'", "0x12"])
def test_refuses_a_uri_without_quotes(value):
    assert refusal(f"#EXT-X-KEY:METHOD=AES-128,URI={value}") == (
        'Line 2 (EXT-X-KEY): URI has no quotes. Write URI="VALUE".'
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("../secret", "Line 5"),
        ('#EXT-X-MAP:URI="../secret"', "Line 5 (EXT-X-MAP)"),
        ('#EXT-X-DEFINE:NAME="secret"', "Line 5 (EXT-X-DEFINE)"),
        ("secret:..", "Line 6"),
    ],
)
def test_a_refusal_names_line_and_tag_and_no_uri(end, line, name):
    with pytest.raises(PlaylistError) as caught:
        rewrite_playlist(end.join(["#EXTM3U", "a.ts", "", "#", line, "../b"]), BASE, DIRECTORY, mark)
    assert str(caught.value).startswith(f"{name}: ")
    assert "secret" not in str(caught.value)


# variables


DEFINE = '#EXT-X-DEFINE:NAME="{}",VALUE="{}"'


@pytest.mark.parametrize(
    ("value", "uri", "path"),
    [
        ("b", "{$a}.ts", "b.ts"),
        ("b", "{$a}{$a}/{$a}", "bb/b"),
        ("", "c{$a}.ts", "c.ts"),
        ("/uid/hls/", "{$a}c.ts", "c.ts"),
        (DIRECTORY, "{$a}c.ts", "c.ts"),
        ("b/..", "{$a}/c.ts", "c.ts"),
        ("b c", "{$a}.ts", "b%20c.ts"),
        ("$", "{{$a}a}", "%7B$a%7D"),
        ("{$", "{$a}a}", "%7B$a%7D"),
    ],
)
@pytest.mark.parametrize("line", ["{}", '#EXT-X-PART:URI="{}"'])
def test_a_variable_is_substituted_once(value, uri, path, line):
    lines = rewrite(DEFINE.format("a", value), line.replace("{}", uri))
    assert lines == [DEFINE.format("a", value), line.replace("{}", f"{DIRECTORY}{path}?segment")]


def test_a_fragment_of_variables_holds_no_reference():
    assert rewrite(DEFINE.format("a", "$"), "b#{{$a}a}")[1] == f"{DIRECTORY}b?segment#%7B$a%7D"


def test_names_of_variables():
    assert rewrite(DEFINE.format("A-b_1", "c"), "{$A-b_1}")[1] == f"{DIRECTORY}c?segment"


@pytest.mark.parametrize("uri", ["{$a}://b/c", "https://{$b}/c", "{$c}"])
def test_a_variable_that_leads_elsewhere_stays(uri):
    values = {"a": "skd", "b": "other.example", "c": "https://other.example/{}"}
    defined = [DEFINE.format(*item) for item in values.items()]
    assert rewrite(*defined, uri, sign=never) == [*defined, uri]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("..", "outside"),
        ("/x", "outside"),
        ("%2e%2e", "escaped"),
        ("..\\", "backslash"),
        ("//user@d1.cloudfront.net/uid/hls", "in another way"),
        ("?Policy=", "CloudFront's"),
        ("%", "stray %"),
        ("\x01", "control character"),
    ],
)
def test_a_variable_cannot_lead_out(value, reason):
    assert reason in refusal(DEFINE.format("a", value), "{$a}/b.ts")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "is not defined in a line before"),
        ([DEFINE.format("A", "b")], "is not defined in a line before"),
        (['#EXT-X-DEFINE:IMPORT="a"'], "comes from another playlist"),
        (['#EXT-X-DEFINE:QUERYPARAM="a"'], "comes from the URL of the playlist"),
        ([DEFINE.format("b", "c"), DEFINE.format("a", "{$b}")], "refers to another variable"),
    ],
)
@pytest.mark.parametrize("line", ["{$a}.ts", "https://other.example/{$a}", '#EXT-X-MAP:URI="{$a}"'])
def test_refuses_a_variable_without_a_value_of_its_own(lines, line, reason):
    assert f"the variable a, which {reason}" in refusal(*lines, line)


def test_a_refusal_shows_the_start_of_a_name_only():
    assert len(refusal("{$" + "a" * 1_000_000 + "}")) < 200


def test_a_variable_is_defined_before_its_use():
    assert refusal("{$a}.ts", DEFINE.format("a", "b")).startswith("Line 2: the URI has the variable a")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("#EXT-X-DEFINE:", "defines nothing"),
        ('#EXT-X-DEFINE:X="a"', "defines nothing"),
        ('#EXT-X-DEFINE:NAME="a"', "defines nothing"),
        ('#EXT-X-DEFINE:VALUE="a"', "defines nothing"),
        ('#EXT-X-DEFINE:NAME="a",VALUE="b",IMPORT="c"', "two things"),
        ('#EXT-X-DEFINE:IMPORT="a",QUERYPARAM="b"', "two things"),
        ('#EXT-X-DEFINE:IMPORT="a",VALUE="b"', "defines nothing"),
        ('#EXT-X-DEFINE:NAME=a,VALUE="b"', "no quotes"),
        ('#EXT-X-DEFINE:NAME="a",VALUE=b', "no quotes"),
        ("#EXT-X-DEFINE:IMPORT=a", "no quotes"),
        ('#EXT-X-DEFINE:NAME="",VALUE="b"', "name is malformed"),
        ('#EXT-X-DEFINE:NAME="a b",VALUE="b"', "name is malformed"),
        ('#EXT-X-DEFINE:NAME="{$a}",VALUE="b"', "name is malformed"),
        ('#EXT-X-DEFINE:IMPORT="ä"', "name is malformed"),
        ('#EXT-X-DEFINE:NAME="x",VALUE="b"', "defined before"),
        ('#EXT-X-DEFINE:QUERYPARAM="x"', "defined before"),
        ('#EXT-X-DEFINE:IMPORT="y"', "defined before"),
        ('#EXT-X-DEFINE:NAME="y",VALUE=""', "defined before"),
    ],
)
def test_refuses_malformed_definitions(line, reason):
    assert reason in refusal(DEFINE.format("x", "1"), '#EXT-X-DEFINE:IMPORT="y"', line)


def test_variables_cannot_blow_up_a_playlist():
    define = DEFINE.format("a", "data:".ljust(1_000_000, "b"))
    assert len(rewrite(define, *["{$a}"] * 10, sign=never)) == 11
    assert refusal(define, *["{$a}"] * 11).startswith("Line 13: variables have put in over 10000000 characters")


# the arguments


@pytest.mark.parametrize(
    "base",
    [BASE, f"{BASE}?Policy=a&Signature=b%&Key-Pair-Id=c/../d", f"{BASE}#../a", f"{DIRECTORY}?x", DIRECTORY],
)
def test_query_and_fragment_of_the_base_are_ignored(base):
    assert rewrite("a", "b c", base=base) == [f"{DIRECTORY}a?segment", f"{DIRECTORY}b%20c?segment"]


@pytest.mark.parametrize("directory", [DIRECTORY, DIRECTORY[:-1], f"{DIRECTORY}*"])
def test_spellings_of_the_directory(directory):
    assert rewrite("a", directory=directory) == [f"{DIRECTORY}a?segment"]
    assert "outside" in refusal("/uid/hlsx/a", directory=directory)


@pytest.mark.parametrize("directory", [f"{HOST}/", f"{HOST}/*"])
def test_the_root_is_a_directory(directory):
    assert rewrite("../../a", "//d1.cloudfront.net", directory=directory) == [f"{HOST}/a?segment", f"{HOST}/?segment"]


@pytest.mark.parametrize("name", ["a.ts", "a b.ts"])
def test_the_playlist_may_be_above_the_directory(name):
    base = f"{HOST}/uid/index.m3u8"
    assert rewrite(f"hls/{name}", base=base)[0].endswith("ts?segment")
    assert "outside" in refusal(name, base=base)


@pytest.mark.parametrize("name", ["b.ts", "b c.ts"])
def test_the_playlist_may_be_deeper_than_the_directory(name):
    assert rewrite(f"../{name}", base=f"{DIRECTORY}a/index.m3u8") == [f"{DIRECTORY}{name.replace(' ', '%20')}?segment"]


@pytest.mark.parametrize(
    ("origin", "uri"),
    [
        ("http://localhost:8080", "http://localhost/uid/hls/a"),
        ("http://localhost:8080", "http://localhost:8081/uid/hls/a"),
        ("http://localhost:8080", "https://localhost/uid/hls/a"),
        ("http://127.0.0.1:8080", "http://127.0.0.2:8080/uid/hls/a"),
        (HOST, "https://d1.cloudfront.net:444/uid/hls/a"),
    ],
)
def test_another_port_is_another_server(origin, uri):
    assert rewrite(uri, base=f"{origin}/uid/hls/", directory=f"{origin}/uid/hls/", sign=never) == [uri]


@pytest.mark.parametrize(
    ("origin", "uri"),
    [
        ("http://localhost:8080", "https://localhost:8080/uid/hls/a"),
        ("http://localhost", "https://localhost/uid/hls/a"),
        ("http://127.0.0.1:8080", "http://127.1:8080/uid/hls/a"),
        ("http://127.0.0.1:8080", "http://0x7f000001:8080/uid/hls/a"),
        ("http://127.0.0.1:8080", "http://2130706433:8080/uid/hls/a"),
        ("http://127.0.0.1:8080", "http://127.0.0.1.:8080/uid/hls/a"),
    ],
)
def test_refuses_other_names_of_the_same_server(origin, uri):
    assert refusal(uri, base=f"{origin}/uid/hls/", directory=f"{origin}/uid/hls/")


@pytest.mark.parametrize("origin", ["http://localhost", "http://127.0.0.1:8080", "https://a.example:8443"])
def test_any_origin_of_a_distribution(origin):
    lines = rewrite("a", f"{origin}/uid/hls/b", base=f"{origin}/uid/hls/", directory=f"{origin}/uid/hls/")
    assert lines == [f"{origin}/uid/hls/a?segment", f"{origin}/uid/hls/b?segment"]


BAD = [
    "",
    None,
    7,
    DIRECTORY.encode(),
    "uid/hls/",
    "/uid/hls/",
    "//d1.cloudfront.net/uid/hls/",
    "ftp://d1.cloudfront.net/uid/hls/",
    "https:/d1.cloudfront.net/uid/hls/",
    "https:///uid/hls/",
    HOST,
    "https://user@d1.cloudfront.net/uid/hls/",
    "https://D1.cloudfront.net/uid/hls/",
    "https://d1.cloudfront.net./uid/hls/",
    "https://d1.cloudfront.net:443/uid/hls/",
    "https://d1.cloudfront.net:/uid/hls/",
    "https://*.cloudfront.net/uid/hls/",
    f"{HOST}/uid/*/",
    f"{HOST}/uid/hls*",
    f"{HOST}/uid/hls/**",
    f"{HOST}/uid/../hls/",
    f"{HOST}/uid/./hls/",
    f"{HOST}/uid/%2e%2E/hls/",
    f"{HOST}/uid/..%2Fhls/",
    f"{HOST}/uid\\hls/",
    f"{HOST}/u d/hls/",
    f"{HOST}/ü/hls/",
    f"{HOST}/100%/hls/",
    f"{HOST}/uid\n/hls/",
    f" {DIRECTORY}",
    "https://d1.cloudfront.net:8443/uid/hls/",
    "https://d2.cloudfront.net/uid/hls/",
    "http://d1.cloudfront.net/uid/hls/",
    "http://d1.cloudfront.net:80/uid/hls/",
]


@pytest.mark.parametrize("base", BAD)
def test_refuses_a_bad_base(base):
    assert refusal("a", base=base).startswith("base_url")


@pytest.mark.parametrize("directory", [*BAD, f"{DIRECTORY}?x=1", f"{DIRECTORY}?", f"{DIRECTORY}#a", f"{DIRECTORY}\\?x"])
def test_refuses_a_bad_directory(directory):
    assert refusal("a", directory=directory).startswith(("directory", "base_url and directory differ"))


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        ("http://d1.cloudfront.net:80", "default port"),
        ("https://localhost:443", "default port"),
        ("https://d1.cloudfront.net.", "not spelled as browsers send it"),
        ("https://127.1", "not spelled as browsers send it"),
        ("https://d1.cloudfront.net:99999", "not spelled as browsers send it"),
    ],
)
def test_refuses_an_unusual_origin_even_if_both_have_it(origin, reason):
    assert reason in refusal("a", base=f"{origin}/", directory=f"{origin}/")


def test_the_reason_names_the_argument():
    assert refusal("a", base="ftp://a/").startswith("base_url: ")
    assert refusal("a", directory="ftp://a/").startswith("directory: ")


# bounds


def test_ten_million_bytes_are_accepted():
    text = "#EXTM3U\n#" + "é" * 4_999_995 + "a"
    assert len(text.encode()) == 10_000_000
    assert rewrite_playlist(text, BASE, DIRECTORY, never) == text


@pytest.mark.parametrize("text", ["é" * 4_999_996, "a" * 9_999_992, "a" * 9_999_991 + "\ud800"])
def test_one_byte_more_is_refused(text):
    assert "over 10000000 bytes" in refusal("#" + text)


HOSTILE = {
    "line ends": lambda n: "\n" * n,
    "names": lambda n: "a\n" * (n // 2),
    "segments of a path": lambda n: "a/" * (n // 2) + "!",
    "segments up": lambda n: "a/../" * (n // 5),
    "durations": lambda n: "#EXTINF:\n" * (n // 9) + "!",
    "a duration": lambda n: "#EXTINF:" + "\n" * n + "!",
    "attributes": lambda n: "#EXT-X-KEY:" + "A=," * (n // 3),
    "an open quote": lambda n: '#EXT-X-KEY:URI="' + "a" * n,
    "quotes": lambda n: "#EXT-X-KEY:" + 'A="",' * (n // 5),
    "blanks before a name": lambda n: "#EXT-X-KEY:" + " " * n,
    "blanks in a value": lambda n: "#EXT-X-KEY:A=" + " " * n + '"',
    "blanks behind a value": lambda n: '#EXT-X-KEY:A=""' + " " * n + "a",
    "a name": lambda n: "#EXT-X-KEY:" + "A" * n,
    "open variables": lambda n: "{$" * (n // 2),
    "a variable": lambda n: "{$" + "a" * n,
    "variables": lambda n: DEFINE.format("a", "b") + "\n" + "{$a}" * (n // 4),
    "definitions": lambda n: "\n".join(DEFINE.format(f"a{i}", "") for i in range(n // 35)),
    "escapes": lambda n: "%25" * (n // 3),
    "one escape": lambda n: "%" + "25" * (n // 2),
    "parameters": lambda n: "a?" + "&" * n,
    "a scheme": lambda n: "a" * n,
    "users": lambda n: "//" + "@" * n,
    "a port": lambda n: "//a:" + "0" * n,
    "labels": lambda n: "//" + "a." * (n // 2),
    "blanks": lambda n: " " * n + "!" + " " * n,
    "variants": lambda n: "#EXT-X-STREAM-INF:\n" * (n // 19),
}


def cost(text):
    """Seconds of this process, the best of three."""
    costs = []
    for _ in range(3):
        started = time.process_time()
        with suppress(PlaylistError):
            rewrite_playlist(f"#EXTM3U\n{text}", BASE, DIRECTORY, lambda url, kind: "")
        costs.append(time.process_time() - started)
    return min(costs)


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_costs_not_sixteen_times(name):
    small, large = (cost(HOSTILE[name](size)) for size in (50_000, 200_000))
    assert large < max(0.05, 9 * small)


# signing


def test_errors_of_the_signer_pass():
    signer = Signer(SigningKey.generate("K1", "EC")).directory(Policy(f"{DIRECTORY}*", 2000000000))
    with pytest.raises(InvalidURL, match="signed URL has"):
        rewrite("a" * 8192, sign=lambda url, kind: signer(url))


def test_a_refusal_of_the_signer_passes_as_it_is():
    def refuse(url, kind):
        raise PlaylistError("as it is")

    with pytest.raises(PlaylistError, match=r"^as it is$"):
        rewrite("a b", sign=refuse)


def test_one_signature_is_enough_and_every_url_is_accepted(signatures, either_key, verifier):
    policy = Policy(f"{DIRECTORY}*", 2000)
    directory = Signer(either_key).directory(policy)
    names = [f"{index:05}.ts" for index in range(1000)]
    lines = rewrite('#EXT-X-MAP:URI="a b?x=1"', *names, sign=lambda url, kind: directory(url))
    urls = [lines[0].split('"')[1], *lines[1:]]
    assert [verifier.verify(url, now=1500) for url in urls] == [policy] * 1001
    assert [url.partition("?")[0] for url in urls[1:]] == [f"{DIRECTORY}{name}" for name in names]
    assert len(signatures) == 1


# arbitrary input

TEXT = strategies.text(strategies.characters())
CHARACTERS = "#:/\\.?&=@,\"'{}a%;~|^`<[] \t\x00\x85\u00e9\u3002\uff0e\u00ad\uff44\U0001f600\u2028"
WORDS = """
    // .. {$ {$a} a.ts uid hls uid/hls/ http: https: HTTPS: data: :443 :80 :0443 :8080 d1.cloudfront.net localhost
    D1.CloudFront.net other.example 127.0.0.1 127.1 0x7f.1 [::1] %2e %2E %2f %5c %252e %41 %c3%a9 Policy Expires=1
"""
PIECES = strategies.sampled_from([*CHARACTERS, *WORDS.split()])
URIS = strategies.lists(PIECES, max_size=9).map("".join)
TAGS = strategies.sampled_from([
    "{}",
    "#EXTINF:4,{}",
    "#EXT-X-STREAM-INF:BANDWIDTH=1",
    '#EXT-X-KEY:METHOD=AES-128,URI="{}"',
    '#EXT-X-MAP:URI="{}",BYTERANGE="1@0"',
    '#EXT-X-MEDIA:NAME="x,URI=y",URI="{}",LANGUAGE="z"',
    '#EXT-X-DATERANGE:X-ASSET-URI="{}",X-ASSET-LIST="b"',
    '#EXT-X-DEFINE:NAME="a",VALUE="{}"',
    '#EXT-X-DEFINE:IMPORT="{}"',
    "#EXT-X-PART:URI={}",
    "#EXT-X-UNKNOWN:{}",
])
LINES = strategies.tuples(TAGS, URIS).map(lambda pair: pair[0].replace("{}", pair[1]))
PLAYLISTS = strategies.lists(strategies.tuples(LINES, strategies.sampled_from(["\n", "\r\n", "\r"]))).map(
    lambda lines: "#EXTM3U\n" + "".join(line + end for line, end in lines)
)


@given(TEXT, TEXT, TEXT)
def test_nothing_else_is_raised_for_arbitrary_arguments(text, base, directory):
    with pytest.raises(PlaylistError):
        rewrite_playlist(text, base, directory, mark)


@given(TEXT | PLAYLISTS, TEXT | URIS)
def test_nothing_else_is_raised_for_arbitrary_playlists(text, name):
    for playlist in (text, f"#EXTM3U\n{text}"):
        try:
            rewrite_playlist(playlist, f"{DIRECTORY}{name}", DIRECTORY, mark)
        except PlaylistError as error:
            assert str(error).endswith(".")


def read_uris(text):
    """All URIs of a playlist: a reader of its own, which walks from character to character."""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.startswith("#"):
            if line.strip(" \t"):
                yield line
        elif line.split(":")[0] in {"#EXT-X-KEY", "#EXT-X-MAP", "#EXT-X-MEDIA", "#EXT-X-PART", "#EXT-X-DATERANGE"}:
            yield from (value for name, value in read_attributes(line) if "URI" in name or name == "X-ASSET-LIST")


def read_attributes(line):
    name, value, quoted, target = "", "", False, "name"
    for character in line.partition(":")[2] + ",":
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            yield name.strip(), value
            name, value, target = "", "", "name"
        elif character == "=" and target == "name":
            target = "value"
        elif target == "name":
            name += character
        else:
            value += character


def is_elsewhere(uri):
    parts = urlsplit(urljoin(BASE, uri.strip(" ")))
    return parts.scheme not in {"http", "https"} or parts.hostname != "d1.cloudfront.net" or parts.port == 8080


@settings(deadline=None)
@given(strategies.lists(LINES, max_size=4), strategies.sampled_from(["\n", "\r\n", "\r"]))
def test_each_uri_is_signed_in_the_directory_or_is_elsewhere_and_unchanged(lines, end):
    text = end.join(["#EXTM3U", *lines])
    signed = []
    try:
        result = rewrite_playlist(text, BASE, DIRECTORY, lambda url, kind: signed.append(check_url(url)) or url)
    except PlaylistError:
        assume(False)
    pairs = list(zip(read_uris(text), read_uris(result), strict=True))
    rest = [new.partition("#")[0] for old, new in pairs if old != new or not is_elsewhere(old)]
    assert rest == signed
    assert all(url.startswith(DIRECTORY) and not {".", ".."} & set(url.split("/")) for url in signed)


# what browsers would do

RESOLVE = """
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  let href = null;
  try { href = new URL(...JSON.parse(line)).href; } catch {}
  console.log(JSON.stringify(href));
});
"""


@pytest.fixture(scope="module")
def browser():
    """A function that resolves a URI by the WHATWG URL Standard, as Node.js implements it; None for no URL."""
    if NODE is None and "CI" not in os.environ:
        pytest.skip("needs Node.js")
    process = subprocess.Popen([NODE, "-e", RESOLVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def resolve(uri, base):
        process.stdin.write(json.dumps([uri, base]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield resolve
    process.communicate()


def unescape(href):
    parts = urlsplit(href)
    return parts.scheme, parts.netloc, unquote(parts.path), unquote(parts.query), unquote(parts.fragment)


def reaches(href, origin):
    parts, own = urlsplit(href), urlsplit(origin)
    name = (parts.hostname or "").removesuffix(".")
    return parts.scheme in {"http", "https"} and (name, parts.port) == (own.hostname, own.port)


@pytest.mark.parametrize("origin", [HOST, "http://127.0.0.1:8080", "http://localhost"])
@SHARED
@given(uri=URIS | URIS.map("https://".__add__))
def test_a_browser_agrees(browser, origin, uri):
    assume(uri.strip() and uri[0] != "#")
    directory, signed = f"{origin}/uid/hls/", []
    try:
        [line] = rewrite(uri, base=directory, directory=directory, sign=lambda url, kind: signed.append(url) or url)
    except PlaylistError:
        assume(False)
    theirs, ours = browser(uri, directory), browser(line, directory)
    if signed:
        assert ours.partition("#")[0] == signed[0]
        assert unescape(ours) == unescape(theirs)
    else:
        assert line == uri
        assert theirs is None or not reaches(theirs, origin)


@pytest.mark.parametrize("uri", ["a b/ä?ö'#ü", "../hls/./a", "//D1.cloudfront.net:443/uid/hls/a", "?x", "b//c|d^e"])
def test_a_browser_agrees_about_what_is_signed(browser, uri):
    [line] = rewrite(uri, sign=lambda url, kind: url)
    assert unescape(browser(uri, BASE)) == unescape(browser(line, BASE))
