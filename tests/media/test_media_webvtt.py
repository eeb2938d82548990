"""What is taken as captions, what is refused and in which line, and what becomes of SRT; webvtt-py reads the results."""

from collective.cfprivate.media.webvtt import InvalidCaptions
from collective.cfprivate.media.webvtt import LARGEST
from collective.cfprivate.media.webvtt import read_captions
from html import unescape
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies
from webvtt import WebVTT

import pytest
import re


TIMES = "00:01.000 --> 00:04.000"
CUE = f"{TIMES}\nHello\n"
SRT_TIMES = "00:00:01,000 --> 00:00:04,000"
SRT = f"1\n{SRT_TIMES}\nHello\n"
ARABIC_ZERO = "\u0660"

VALID = {
    "one cue": f"WEBVTT\n\n{CUE}",
    "a text in the header": f"WEBVTT - The talk of Monday\n\n{CUE}",
    "a text in the header after a tab": f"WEBVTT\tThe talk of Monday\n\n{CUE}",
    "an arrow in the header": f"WEBVTT from --> to\n\n{CUE}",
    "lines below the header": f"WEBVTT\nKind: captions\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n{CUE}",
    "a comment": f"WEBVTT\n\nNOTE Made by hand\n\n{CUE}",
    "a comment of several lines": f"WEBVTT\n\nNOTE\nMade by hand,\nthen read again\n\n{CUE}",
    "a comment of nothing": f"WEBVTT\n\nNOTE\n\n{CUE}",
    "comments between and after cues": f"WEBVTT\n\n{CUE}\nNOTE One\n\n{CUE}\nNOTE\tTwo\n",
    "style": f"WEBVTT\n\nSTYLE\n::cue {{\n  color: papayawhip;\n}}\n\n{CUE}",
    "spaces behind STYLE": f"WEBVTT\n\nSTYLE \t\n::cue {{}}\n\n{CUE}",
    "a region": f"WEBVTT\n\nREGION\nid:fred\nwidth:40%\n\n{CUE}",
    "regions, styles and comments": (
        f"WEBVTT\n\nREGION\nid:a\n\nNOTE One\n\nSTYLE\n::cue {{}}\n\nREGION\nid:b\n\nNOTE Two\n\n{CUE}"
    ),
    "an identifier": f"WEBVTT\n\nthe beginning - 1\n{CUE}",
    "a space as an identifier": f"WEBVTT\n\n \n{CUE}",
    "NOTE as an identifier": f"WEBVTT\n\nNOTE this is said first\n{CUE}",
    "STYLE as an identifier after a cue": f"WEBVTT\n\n{CUE}\nSTYLE\n{CUE}",
    "REGION as an identifier before all cues": f"WEBVTT\n\nREGION\n{CUE}",
    "settings": f"WEBVTT\n\n{TIMES} align:start line:0 position:10%,line-left size:35% vertical:rl region:fred\nHello\n",
    "tabs": "WEBVTT\n\n00:01.000\t-->\t00:04.000\talign:start\t\tline:0\t\n\tHello\n",
    "spaces behind the times": f"WEBVTT\n\n{TIMES}  \nHello\n",
    "hours": "WEBVTT\n\n01:00:01.000 --> 01:00:04.000\nHello\n",
    "hours in one time only": "WEBVTT\n\n59:59.999 --> 01:00:00.000\nHello\n",
    "hours of five digits": "WEBVTT\n\n10000:00:01.000 --> 10000:00:04.000\nHello\n",
    "hours that are no float": f"WEBVTT\n\n{'9' * 400}:00:01.000 --> {'9' * 400}:00:01.001\nHello\n",
    "one thousandth after many years": "WEBVTT\n\n99999999999999:00:00.000 --> 99999999999999:00:00.001\nHello\n",
    "no text": f"WEBVTT\n\n{TIMES}\n\n{TIMES}\n",
    "several lines of text": f"WEBVTT\n\n{TIMES}\nHello\nand welcome\n",
    "a line of a space in a text": f"WEBVTT\n\n{TIMES}\nHello\n \nand welcome\n",
    "several empty lines": f"WEBVTT\n\n\n\n{CUE}\n\n\n{CUE}",
    "tags, entities and dashes": f"WEBVTT\n\n{TIMES}\n<v Ann>1 &lt; 2 -- <i>is</i> -> <00:02.000>true</v>\n",
    "other writing": f"WEBVTT\n\n{TIMES}\nGrüße, 字幕, 🎬\u2028and\x0cmore\x85\n",
    "overlapping cues": "WEBVTT\n\n00:01.000 --> 00:04.000\nOne\n\n00:01.000 --> 00:02.000\nTwo\n",
}

NO_CUE = "The file ends without a cue. Give one that has captions."
LOOSE = "This belongs to no cue. A cue has a line of times, like 00:01.000 --> 00:04.000, before its text."
MALFORMED = "The times are malformed. Write them like 00:01.000 --> 00:04.000."
ARROW = "There is --> in the middle of a text. Put an empty line, without a space, before each cue."
LATE = "STYLE and REGION do nothing after a cue. Move this up, before the first cue."
BACKWARDS = "The cue ends before it begins, or at once. Give it a later end."
NEITHER = (
    "This is neither WebVTT, which begins with WEBVTT, nor a cue of SRT: a number, then a line of times like "
    "00:00:01,000 --> 00:00:04,000, then text without an empty line."
)
MALFORMED_SRT = "The times are malformed. Write them like 00:00:01,000 --> 00:00:04,000."
NOT_UTF_8 = "This is not UTF-8. Save the file with the encoding UTF-8."
NULL = "There is a byte that is no text. Save the file as text with the encoding UTF-8."

BROKEN = {
    "nothing": ("", 1, NO_CUE),
    "empty lines": ("\n\n\n", 1, NO_CUE),
    "a header only": ("WEBVTT\n", 1, NO_CUE),
    "a header and comments only": ("WEBVTT\n\nNOTE One\n\nNOTE Two\nThree\n\n", 6, NO_CUE),
    "a text without times": (f"WEBVTT\n\n{CUE}\nand\nwelcome\n", 6, LOOSE),
    "an identifier alone": (f"WEBVTT\n\n{CUE}\n2\n", 6, LOOSE),
    "two identifiers": (f"WEBVTT\n\nintro\n1\n{CUE}", 3, LOOSE),
    "a comment without a space": (f"WEBVTT\n\nNOTEmade by hand\n\n{CUE}", 3, LOOSE),
    "a line of a space between texts": (f"WEBVTT\n\n{CUE} \n{CUE}", 6, ARROW),
    "no empty line between cues": (f"WEBVTT\n\n{CUE}{CUE}", 5, ARROW),
    "no empty line between a cue and the identifier of the next": (f"WEBVTT\n\n{CUE}2\n{CUE}", 6, ARROW),
    "no empty line below the header": (f"WEBVTT\n{CUE}", 2, ARROW),
    "an arrow in a text": (f"WEBVTT\n\n{TIMES}\nHello\nA --> B\n", 5, ARROW),
    "an arrow in a comment": (f"WEBVTT\n\nNOTE A --> B\n\n{CUE}", 3, ARROW),
    "an arrow in the second line of a comment": (f"WEBVTT\n\nNOTE\nA --> B\n\n{CUE}", 4, ARROW),
    "a commented cue with an identifier": (f"WEBVTT\n\nNOTE\n1\n{CUE}", 5, ARROW),
    "an arrow in a style": (f"WEBVTT\n\nSTYLE\n::cue {{\n/* --> */ }}\n\n{CUE}", 5, ARROW),
    "a style after a cue": (f"WEBVTT\n\n{CUE}\nSTYLE\n::cue {{}}\n", 6, LATE),
    "a region after a cue": (f"WEBVTT\n\n{CUE}\nNOTE One\n\nREGION\nid:fred\n", 8, LATE),
    "an end before the start": ("WEBVTT\n\n00:04.000 --> 00:01.000\nHello\n", 3, BACKWARDS),
    "an end at the start": ("WEBVTT\n\n1\n00:04.000 --> 00:00:04.000\nHello\n", 4, BACKWARDS),
    "the first of two mistakes": (f"WEBVTT\n\nNOTE A --> B\n\nno cue\n\n{CUE}", 3, ARROW),
}

MALFORMED_TIMES = {
    "minutes of one digit": "1:00.000 --> 00:04.000",
    "hours of one digit": "1:00:00.000 --> 01:00:04.000",
    "60 seconds": "00:01.000 --> 00:60.000",
    "60 minutes": "00:60:00.000 --> 01:00:04.000",
    "a comma": "00:01,000 --> 00:04,000",
    "two digits behind the point": "00:01.00 --> 00:04.00",
    "four digits behind the point": "00:01.0000 --> 00:04.0000",
    "no thousandths": "00:01 --> 00:04",
    "seconds only": "01.000 --> 04.000",
    "a sign": "-00:01.000 --> 00:04.000",
    "digits of another writing": TIMES.replace("00:", f"0{ARABIC_ZERO}:"),
    "no spaces around the arrow": "00:01.000-->00:04.000",
    "another space around the arrow": "00:01.000\u00a0-->\u00a000:04.000",
    "a space before the times": " 00:01.000 --> 00:04.000",
    "settings without a space": "00:01.000 --> 00:04.000align:start",
    "no end": "00:01.000 -->",
    "no start": "--> 00:04.000",
    "two arrows": "00:01.000 --> 00:04.000 --> 00:05.000",
}

BROKEN_SRT = {
    "a text": ("Good morning\nand welcome\n", 1, NEITHER),
    "empty lines, then a text": ("\n\nGood morning\n", 3, NEITHER),
    "a header in small letters": (f"webvtt\n\n{CUE}", 1, NEITHER),
    "a header in small letters on a cue": (f"webvtt\n{SRT_TIMES}\nHello\n", 1, NEITHER),
    "a header with more letters": (f"WEBVTTX\n\n{CUE}", 1, NEITHER),
    "a header after an empty line": (f"\nWEBVTT\n\n{CUE}", 2, NEITHER),
    "a number alone": (f"{SRT}\n2\n", 5, NEITHER),
    "a number and a text": (f"{SRT}\n2\nand welcome\n", 5, NEITHER),
    "a text where the number should be": (f"{SRT}\nand welcome\n{SRT_TIMES}\nHello\n", 5, NEITHER),
    "a text with an empty line": (f"{SRT}\nand welcome\n", 5, NEITHER),
    "no empty line between cues": (f"{SRT}2\n{SRT_TIMES}\nHello\n", 5, ARROW),
    "an arrow in a text": (f"1\n{SRT_TIMES}\nHello\nA --> B\n", 4, ARROW),
    "times without hours": (f"{SRT}\n2\n00:01,000 --> 00:04,000\nHello\n", 6, MALFORMED_SRT),
    "times without thousandths": ("1\n00:00:01 --> 00:00:04\nHello\n", 2, MALFORMED_SRT),
    "times in words": ("1\none --> four\nHello\n", 2, MALFORMED_SRT),
    "digits of another writing": (SRT.replace("0", ARABIC_ZERO), 2, MALFORMED_SRT),
    "a text behind the times": (f"1\n{SRT_TIMES} Hello\n", 2, MALFORMED_SRT),
    "two arrows": (f"1\n{SRT_TIMES} --> 00:00:05,000\nHello\n", 2, MALFORMED_SRT),
    "an end before the start": ("1\n00:00:04,000 --> 00:00:01,000\nHello\n", 2, BACKWARDS),
    "an end at the start": ("00:00:04,000 --> 00:00:04.000\nHello\n", 1, BACKWARDS),
}

NO_TEXT = {
    "Windows-1252": (f"{SRT}\n2\n{SRT_TIMES}\nHallo, Grüße\n".encode("cp1252"), 7, NOT_UTF_8),
    "Windows-1252 with CR": (f"{SRT}\n2\n{SRT_TIMES}\nGrüße\n".replace("\n", "\r").encode("cp1252"), 7, NOT_UTF_8),
    "Windows-1252 with CRLF": (f"{SRT}\n2\n{SRT_TIMES}\nGrüße\n".replace("\n", "\r\n").encode("cp1252"), 7, NOT_UTF_8),
    "a bad byte after a byte order mark": (b"\xef\xbb\xbfWEBVTT\n\xff", 2, NOT_UTF_8),
    "a bad byte before a NUL": (b"WEBVTT\n\n\xff\n\0", 3, NOT_UTF_8),
    "a letter that ends with the file": (b"WEBVTT\n\n\xc3", 3, NOT_UTF_8),
    "UTF-16, little-endian, with a mark": (b"\xff\xfe" + SRT.encode("utf-16-le"), 1, NOT_UTF_8),
    "UTF-16, big-endian, with a mark": (b"\xfe\xff" + SRT.encode("utf-16-be"), 1, NOT_UTF_8),
    "UTF-16, little-endian": (f"{SRT}Grüße".encode("utf-16-le"), 1, NULL),
    "UTF-16, big-endian": (f"{SRT}Grüße".encode("utf-16-be"), 1, NULL),
    "a NUL": (f"WEBVTT\n\n{TIMES}\nHel\0lo\n".encode(), 4, NULL),
    "a NUL with CR": (f"WEBVTT\r\r{TIMES}\rHel\0lo\r".encode(), 4, NULL),
    "a NUL before a bad byte": (b"WEBVTT\n\0\n\xff", 2, NULL),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1, NOT_UTF_8),
}


def cases(table):
    """A parametrization by the rows of the table, whose keys name them."""
    return [pytest.param(*(row if isinstance(row, tuple) else (row,)), id=name) for name, row in table.items()]


def refusal(content):
    """The line and the reason with which the bytes are refused."""
    with pytest.raises(InvalidCaptions) as refused:
        read_captions(content)
    return refused.value.line, refused.value.reason


def in_thousandths(hours, minutes, seconds, thousandths):
    return hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + thousandths


def read_by_another(text):
    """The cues as webvtt-py reads WebVTT: start and end in thousandths of a second, and the text with its tags."""
    return [
        (cue.start_time.in_milliseconds(), cue.end_time.in_milliseconds(), cue.raw_text)
        for cue in WebVTT.from_string(text, strict=True)
    ]


class TestWebVTT:
    @pytest.mark.parametrize("text", cases(VALID))
    def test_comes_back_the_same(self, text):
        assert read_captions(text.encode()) == text

    @pytest.mark.parametrize("text", cases(VALID))
    @pytest.mark.parametrize("line_end", ["\r", "\r\n"], ids=["CR", "CRLF"])
    def test_gets_line_feeds(self, text, line_end):
        assert read_captions(text.replace("\n", line_end).encode()) == text

    def test_may_mix_line_ends(self):
        content = f"WEBVTT\r\n\r{TIMES}\nHello\r\r\n{TIMES}\rWelcome".encode()
        assert read_captions(content) == f"WEBVTT\n\n{TIMES}\nHello\n\n{TIMES}\nWelcome\n"

    def test_loses_the_byte_order_mark(self):
        assert read_captions(f"\ufeffWEBVTT\n\n{CUE}".encode()) == f"WEBVTT\n\n{CUE}"

    def test_keeps_the_mark_in_a_text(self):
        text = f"WEBVTT\n\n{TIMES}\n\ufeffHello\n"
        assert read_captions(text.encode()) == text

    def test_gets_a_last_line_end(self):
        assert read_captions(f"WEBVTT\n\n{TIMES}\nHello".encode()) == f"WEBVTT\n\n{CUE}"

    def test_loses_empty_lines_at_the_end(self):
        assert read_captions(f"WEBVTT\n\n{CUE}\n\n\n".encode()) == f"WEBVTT\n\n{CUE}"

    @pytest.mark.parametrize(("text", "line", "reason"), cases(BROKEN))
    @pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"], ids=["LF", "CR", "CRLF"])
    def test_is_refused_with(self, text, line, reason, line_end):
        assert refusal(text.replace("\n", line_end).encode()) == (line, reason)

    @pytest.mark.parametrize("times", cases(MALFORMED_TIMES))
    def test_is_refused_with_malformed_times(self, times):
        assert refusal(f"WEBVTT\n\n1\n{times}\nHello\n".encode()) == (4, MALFORMED)

    def test_of_many_cues_and_comments_is_read_in_one_go(self):
        part = f"NOTE\n\n{TIMES}\n\n" + 8 * "NOTE\n\n"
        text = f"WEBVTT\n\n{part * (LARGEST // len(part) - 1)}".rstrip("\n") + "\n"
        assert read_captions(text.encode()) == text


class TestBytes:
    @pytest.mark.parametrize(("content", "line", "reason"), cases(NO_TEXT))
    def test_that_are_no_text_are_refused(self, content, line, reason):
        assert refusal(content) == (line, reason)

    def test_may_be_a_million(self):
        text = f"WEBVTT\n\n{TIMES}\n".ljust(999_999, "x") + "\n"
        assert read_captions(text.encode()) == text

    def test_may_not_be_more(self):
        content = f"WEBVTT\n\n{TIMES}\n".ljust(1_000_000, "x") + "\n"
        reason = "The file has over a million bytes. Captions are text; look which file this is."
        assert refusal(content.encode()) == (1, reason)

    def test_are_counted_not_letters(self):
        content = f"WEBVTT\n\n{TIMES}\n{'ü' * 500_000}\n".encode()
        with pytest.raises(InvalidCaptions, match="over a million bytes"):
            read_captions(content)


def test_a_refusal_names_line_and_reason():
    assert str(InvalidCaptions(3, "Write it so.")) == "Line 3: Write it so."


def converted(*lines):
    """What webvtt-py reads in the WebVTT that becomes of an SRT file of these lines."""
    return read_by_another(read_captions("\n".join(lines).encode()))


def converted_text(*lines):
    [(_, _, text)] = converted("1", SRT_TIMES, *lines)
    return text


class TestSRT:
    def test_becomes_webvtt(self):
        content = f"1\n{SRT_TIMES}\nHello\n\n2\n01:02:03,456 --> 01:02:05,000\nand\nwelcome\n".encode()
        assert read_captions(content) == (
            "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nHello\n\n01:02:03.456 --> 01:02:05.000\nand\nwelcome\n"
        )

    @pytest.mark.parametrize(
        ("written", "start"),
        [
            ("00:00:01,000", in_thousandths(0, 0, 1, 0)),
            ("00:00:01.000", in_thousandths(0, 0, 1, 0)),
            ("1:02:03,456", in_thousandths(1, 2, 3, 456)),
            ("12:34:56,789", in_thousandths(12, 34, 56, 789)),
            ("100:00:00,001", in_thousandths(100, 0, 0, 1)),
            ("0:0:5,000", in_thousandths(0, 0, 5, 0)),
            ("00:00:75,000", in_thousandths(0, 1, 15, 0)),
            ("00:90:00,000", in_thousandths(1, 30, 0, 0)),
            ("00:00:01,5", in_thousandths(0, 0, 1, 5)),
        ],
    )
    def test_has_its_times(self, written, start):
        end = in_thousandths(200, 0, 0, 0)
        assert converted("1", f"{written} --> 200:00:00,000", "Hello") == [(start, end, "Hello")]

    @pytest.mark.parametrize("written", ["00:00:01,000", "1:02:03.456", "00:00:75,000", "00:00:01,5", "00:00:01,05"])
    def test_has_the_times_that_another_reads_in_it(self, written):
        lines = ("1", f"{written} --> 99:00:00,000", "Hello")
        [other] = WebVTT.from_buffer(iter(lines), format="srt")
        assert converted(*lines)[0][0] == other.start_time.in_milliseconds()

    @pytest.mark.parametrize(
        "times",
        [
            "00:00:01,000-->00:00:04,000",
            "  00:00:01,000  -->\t00:00:04,000  ",
            f"{SRT_TIMES} X1:100 X2:100 Y1:100 Y2:100",
            f"{SRT_TIMES}  X1:-5 X2:100 Y1:100 Y2:100 ",
            f"{SRT_TIMES} align:start position:0%",
        ],
    )
    def test_may_have_times_written_otherwise(self, times):
        assert converted("1", times, "Hello") == [(1000, 4000, "Hello")]

    def test_may_lack_numbers(self):
        assert converted(SRT_TIMES, "Hello", "", SRT_TIMES, "Welcome") == [
            (1000, 4000, "Hello"),
            (1000, 4000, "Welcome"),
        ]

    def test_may_have_any_numbers(self):
        content = f"007\n{SRT_TIMES}\nHello\n\n 7 \n{SRT_TIMES}\nWelcome\n".encode()
        assert [text for _, _, text in read_by_another(read_captions(content))] == ["Hello", "Welcome"]

    def test_may_have_a_number_for_a_text(self):
        assert converted_text("1984") == "1984"

    @pytest.mark.parametrize("between", [("", ""), ("", "", "", ""), (" ",), ("\t", "", "  ")])
    def test_may_have_any_empty_lines(self, between):
        lines = ["", *between, "1", SRT_TIMES, "Hello", *between, "2", SRT_TIMES, "Welcome", *between, ""]
        assert [text for _, _, text in converted(*lines)] == ["Hello", "Welcome"]

    @pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"], ids=["LF", "CR", "CRLF"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "mark"])
    def test_may_have_any_line_ends_and_a_mark(self, line_end, mark):
        lines = [f"{mark}1", SRT_TIMES, "Hello", "welcome", "", "2", SRT_TIMES, "Welcome"]
        content = line_end.join(lines).encode()
        assert [text for _, _, text in read_by_another(read_captions(content))] == ["Hello\nwelcome", "Welcome"]

    def test_may_have_cues_without_a_text(self):
        assert converted("1", SRT_TIMES, "", "2", SRT_TIMES, "Welcome") == [(1000, 4000, ""), (1000, 4000, "Welcome")]

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("<b>Hello</b> <i>and</i> <u>welcome</u>", "<b>Hello</b> <i>and</i> <u>welcome</u>"),
            ("<I>Hello</I>", "<i>Hello</i>"),
            ('<font color="#ffff00" size=12>Hello</font>', "Hello"),
            ("<FONT COLOR=red>Hello</FONT>", "Hello"),
            ("<font>Hello</font>", "Hello"),
            ("<fontaine>", "&lt;fontaine&gt;"),
            (r"{\an8}Hello", "Hello"),
            (r"{\an8\pos(10,20)}<i>Hello</i>{\r}", "<i>Hello</i>"),
            ("{sighs} Hello", "{sighs} Hello"),
            ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
            ("&lt;", "&amp;lt;"),
            ("<v Ann>Hello", "&lt;v Ann&gt;Hello"),
            ("<00:00:02.000>", "&lt;00:00:02.000&gt;"),
            ("--<font>>", "--&gt;"),
            ("NOTE to myself", "NOTE to myself"),
            (" Hello ", " Hello "),
            ("Grüße, 字幕, 🎬", "Grüße, 字幕, 🎬"),
        ],
    )
    def test_has_its_text(self, written, shown):
        assert converted_text(written) == shown

    def test_has_no_empty_line_where_only_tags_were(self):
        assert converted_text('<font color="red">', "Hello", "</font>", "{\\an8}", "welcome") == "Hello\nwelcome"

    def test_keeps_a_line_that_is_meant_to_look_empty(self):
        assert converted_text("Hello", "\u00a0", "welcome") == "Hello\n\u00a0\nwelcome"

    def test_of_many_open_tags_is_read_in_one_go(self):
        tags = "<font {\\" * 100_000
        assert converted_text(tags) == tags.replace("<", "&lt;")

    @pytest.mark.parametrize(("text", "line", "reason"), cases(BROKEN_SRT))
    @pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"], ids=["LF", "CR", "CRLF"])
    def test_is_refused_with(self, text, line, reason, line_end):
        assert refusal(text.replace("\n", line_end).encode()) == (line, reason)


def srt_time(thousandths, mark):
    seconds, rest = divmod(thousandths, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}"


SHORT = settings(deadline=None, max_examples=50)
LAST = in_thousandths(99, 59, 59, 999)
# Lines that look empty, arrows, and tags that are dropped or written otherwise.
CHANGED = re.compile(r"[ \t]*|.*(?:-->|\{\\|</?[BIU]>|(?i:</?font)).*")
PIECES = strategies.sampled_from(["<", ">", "&", "&lt;", "--", "<i>", "</i>", "<v>", " ", "\t", "\u2028", "7", "NOTE"])
LETTERS = strategies.text(strategies.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=5)
LINES = strategies.lists(PIECES | LETTERS, max_size=6).map("".join).filter(lambda line: not CHANGED.fullmatch(line))
CUES = strategies.lists(
    strategies.tuples(
        strategies.lists(strategies.integers(0, LAST), min_size=2, max_size=2, unique=True).map(sorted),
        strategies.lists(LINES, max_size=3),
    ),
    min_size=1,
    max_size=5,
)


@SHORT
@given(CUES, strategies.sampled_from(",."), strategies.sampled_from(["\n", "\r", "\r\n"]), strategies.booleans())
def test_all_srt_comes_back_with_its_times_and_texts(cues, mark, line_end, numbered):
    blocks = [
        [*[str(number)] * numbered, f"{srt_time(start, mark)} --> {srt_time(end, mark)}", *lines, ""]
        for number, ((start, end), lines) in enumerate(cues, 1)
    ]
    webvtt = read_captions(line_end.join(line for block in blocks for line in block).encode())
    found = [(start, end, unescape(text)) for start, end, text in read_by_another(webvtt)]
    assert found == [(start, end, "\n".join(lines)) for (start, end), lines in cues]


@SHORT
@given(CUES)
def test_what_becomes_of_srt_is_taken_as_it_is(cues):
    srt = "\n".join(
        "\n".join([f"{srt_time(start, ',')} --> {srt_time(end, ',')}", *lines, ""]) for (start, end), lines in cues
    )
    webvtt = read_captions(srt.encode())
    assert read_captions(webvtt.encode()) == webvtt
