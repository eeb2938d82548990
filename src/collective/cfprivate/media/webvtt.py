"""WebVTT, checked line by line, and SubRip (SRT) made into it.

https://www.w3.org/TR/webvtt1/ (sections 4.1 and 6), and for SRT what players agree on: it has no specification.
"""

from ..cloudfront.errors import CFPrivateError
from ..i18n import _
from codecs import BOM_UTF8
from dataclasses import dataclass
from zope.i18nmessageid import Message

import re


# Bytes, also named in a message below: the captions of a film have a tenth of it.
LARGEST = 1_000_000

_LINE_END = re.compile(rb"\r\n?|\n")
# Hours may have any number of digits, but Python reads no number of over 4300.
_TIME = r"(?:(\d{2,4000}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t](?!.*-->).*)?", re.ASCII)
_SRT_NUMBER = re.compile(r"\s*\d+\s*", re.ASCII)
_SRT_TIME = r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
# Coordinates may follow, or settings from a file that once was WebVTT, but no text: it would be lost.
_SRT_TIMING = re.compile(rf"\s*{_SRT_TIME}\s*-->\s*{_SRT_TIME}(?:\s+\w+:\S+)*\s*", re.ASCII)
_SIGNATURE = re.compile(r"WEBVTT(?:[ \t].*)?")
_NOT_CUES = re.compile(r"NOTE(?:[ \t].*)?|(?P<definition>STYLE|REGION)[ \t]*")
# What players of SRT show as more than text, and WebVTT has as well; then what only some players know.
_KEPT = re.compile(r"(</?[biu]>)", re.IGNORECASE)
_DROPPED = re.compile(r"</?font(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)


class InvalidCaptions(CFPrivateError):
    """A caption file that is none; ``line`` counts from 1, and ``reason`` says what is wrong there."""

    def __init__(self, line: int, reason: Message) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


@dataclass(frozen=True)
class _Block:
    """Lines without an empty one between them; ``first`` is the number of the first."""

    first: int
    lines: tuple[str, ...]


def read_captions(content: bytes) -> str:
    """The WebVTT in ``content``, made of SRT where it is that, with ``\\n`` at the end of each line and no empty last one.

    Raises ``InvalidCaptions`` for what is neither, is not UTF-8 or has over ``LARGEST`` bytes.
    """
    lines = _decoded(content).rstrip("\n").split("\n")
    return _checked(lines) if _SIGNATURE.fullmatch(lines[0]) else _converted(lines)


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise InvalidCaptions(1, _("The file has over a million bytes. Captions are text; look which file this is."))
    before, null, _after = content.removeprefix(BOM_UTF8).partition(b"\0")
    try:
        text = _with_line_feeds(before).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidCaptions(line, _("This is not UTF-8. Save the file with the encoding UTF-8.")) from None
    if null:
        line = text.count("\n") + 1
        reason = _("There is a byte that is no text. Save the file as text with the encoding UTF-8.")
        raise InvalidCaptions(line, reason)
    return text


def _with_line_feeds(content: bytes) -> bytes:
    return _LINE_END.sub(b"\n", content)


def _blocks(lines: list[str], blank: str = "") -> list[_Block]:
    """The blocks of ``lines``; a line with no other characters than those in ``blank`` ends one, too."""
    blocks, start = [], 0
    for end in [*(number for number, line in enumerate(lines) if not line.strip(blank)), len(lines)]:
        if end > start:
            blocks.append(_Block(start + 1, tuple(lines[start:end])))
        start = end + 1
    return blocks


def _checked(lines: list[str]) -> str:
    header, *blocks = _blocks(lines)
    _refuse_arrow(header, 1)
    cues = 0
    for block in blocks:
        if _is_cue(block):
            _check_cue(block)
            cues += 1
        else:
            _check_other(block, cues)
    _check_number(cues, lines)
    return "\n".join(lines) + "\n"


def _is_cue(block: _Block) -> bool:
    """Whether this is no NOTE, STYLE or REGION. With times below, such a word is the identifier of a cue."""
    times_below = len(block.lines) > 1 and _TIMING.fullmatch(block.lines[1])
    return bool(times_below or not _NOT_CUES.fullmatch(block.lines[0]))


def _check_other(block: _Block, cues: int) -> None:
    if cues and _NOT_CUES.fullmatch(block.lines[0])["definition"]:
        raise InvalidCaptions(
            block.first, _("STYLE and REGION do nothing after a cue. Move this up, before the first cue.")
        )
    _refuse_arrow(block, 0)


def _check_cue(block: _Block) -> None:
    at = 0 if "-->" in block.lines[0] else 1
    if at == len(block.lines) or "-->" not in block.lines[at]:
        raise InvalidCaptions(
            block.first,
            _("This belongs to no cue. A cue has a line of times, like 00:01.000 --> 00:04.000, before its text."),
        )
    number = block.first + at
    timing = _TIMING.fullmatch(block.lines[at])
    if timing is None:
        raise InvalidCaptions(number, _("The times are malformed. Write them like 00:01.000 --> 00:04.000."))
    _check_order(number, *_thousandths(timing.groups()))
    _refuse_arrow(block, at + 1)


def _check_order(line: int, start: int, end: int) -> None:
    if end <= start:
        raise InvalidCaptions(line, _("The cue ends before it begins, or at once. Give it a later end."))


def _refuse_arrow(block: _Block, after: int) -> None:
    for number, line in enumerate(block.lines[after:], block.first + after):
        if "-->" in line:
            raise InvalidCaptions(
                number, _("There is --> in the middle of a text. Put an empty line, without a space, before each cue.")
            )


def _check_number(cues: int, lines: list[str]) -> None:
    if not cues:
        raise InvalidCaptions(len(lines), _("The file ends without a cue. Give one that has captions."))


def _thousandths(times: tuple[str | None, ...]) -> tuple[int, int]:
    start, end = times[:4], times[4:]
    return _total(start), _total(end)


def _total(time: tuple[str | None, ...]) -> int:
    """The thousandths of a second. Players of SRT read them as a number, too: 1,5 has five, not five hundred."""
    hours, minutes, seconds, thousandths = (int(number or 0) for number in time)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _converted(lines: list[str]) -> str:
    cues = [_converted_cue(block) for block in _blocks(lines, " \t")]
    _check_number(len(cues), lines)
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _converted_cue(block: _Block) -> str:
    at = 1 if _SRT_NUMBER.fullmatch(block.lines[0]) else 0
    if at == len(block.lines) or "-->" not in block.lines[at]:
        raise InvalidCaptions(
            block.first,
            _(
                "This is neither WebVTT, which begins with WEBVTT, nor a cue of SRT: a number, then a line of times like "
                "00:00:01,000 --> 00:00:04,000, then text without an empty line."
            ),
        )
    number = block.first + at
    timing = _SRT_TIMING.fullmatch(block.lines[at])
    if timing is None:
        raise InvalidCaptions(number, _("The times are malformed. Write them like 00:00:01,000 --> 00:00:04,000."))
    start, end = _thousandths(timing.groups())
    _check_order(number, start, end)
    _refuse_arrow(block, at + 1)
    texts = map(_converted_text, block.lines[at + 1 :])
    return "\n".join([f"{_written(start)} --> {_written(end)}", *filter(None, texts)])


def _written(thousandths: int) -> str:
    seconds, thousandths = divmod(thousandths, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _converted_text(line: str) -> str:
    pieces = _KEPT.split(_DROPPED.sub("", line))
    return "".join(piece.lower() if number % 2 else _escaped(piece) for number, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
