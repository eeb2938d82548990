"""The master playlist of an HLS set, from what was measured of its renditions (RFC 8216)."""

from .ffmpeg import MediaFailed
from .ladder import Rung
from .probe import ask
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import re


PLAYLIST = "index.m3u8"

# The DATA-ID under which the player looks for small pictures.
THUMBNAILS = "org.plone.cfprivate.thumbnails"

# Version 6 is what ffmpeg writes for independent segments.
_HEADER = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"

# RFC 6381: profile and constraints of H.264 in hexadecimal, by ffprobe's names. x264 makes no others of our pictures.
_PROFILES = {"Constrained Baseline": "42c0", "Main": "4d40", "High": "6400"}
_AAC = "mp4a.40.2"

_SEGMENT = re.compile(r"#EXTINF:([0-9.]+),[^\n]*\n([^#\n]+)")
_TARGET = re.compile(r"#EXT-X-TARGETDURATION:([0-9]+)")


@dataclass(frozen=True)
class Segment:
    """A piece of a rendition: ``duration`` in seconds, ``size`` in bytes."""

    duration: float
    size: int


@dataclass(frozen=True)
class Measured:
    """A rendition that is made: its ``peak`` and ``average`` in bits a second, and the codecs (RFC 6381)."""

    rung: Rung
    peak: int
    average: int
    codecs: str
    rate: Fraction | None


def measure(folder: Path, rung: Rung, rate: Fraction | None) -> Measured:
    """Measure the rendition in ``folder``; ``rate`` is its frames in a second."""
    text, found = _read(folder)
    segments = [Segment(duration, (folder / name).stat().st_size) for duration, name in found]
    peak = peak_of(segments, int(_TARGET.search(text)[1]))
    return Measured(rung, peak, average_of(segments), _codecs(folder / found[0][1]), rate)


def duration_of(folder: Path) -> float:
    """The seconds that the rendition in ``folder`` lasts."""
    return round(sum(duration for duration, _name in _read(folder)[1]), 3)


def _read(folder: Path) -> tuple[str, list[tuple[float, str]]]:
    """The playlist, and the durations and names of its segments."""
    text = (folder / PLAYLIST).read_text(encoding="utf-8")
    return text, [(float(duration), name) for duration, name in _SEGMENT.findall(text)]


def peak_of(segments: Sequence[Segment], target: float) -> int:
    """The highest bit rate of neighbouring segments that last half a target duration to one and a half (section 4.1)."""
    rates = [_bit_rate(window) for window in _windows(segments, 0.5 * target, 1.5 * target)]
    # Where the whole is shorter than that.
    return max([*rates, average_of(segments)])


def average_of(segments: Sequence[Segment]) -> int:
    """Bits in a second of all segments, rounded up."""
    return _bit_rate(segments)


def _bit_rate(segments: Sequence[Segment]) -> int:
    bits, seconds = 8 * sum(each.size for each in segments), sum(each.duration for each in segments)
    return -int(-bits // seconds)


def _windows(segments: Sequence[Segment], least: float, most: float) -> Iterable[Sequence[Segment]]:
    for start in range(len(segments)):
        duration, end = 0.0, start
        while end < len(segments) and duration + segments[end].duration <= most:
            duration, end = duration + segments[end].duration, end + 1
            if duration >= least:
                yield segments[start:end]


def _codecs(segment: Path) -> str:
    return ",".join(_codec(stream) for stream in ask(segment)["streams"])


def _codec(stream: dict) -> str:
    if stream["codec_type"] == "audio":
        return _AAC
    try:
        return f"avc1.{_PROFILES[stream['profile']]}{stream['level']:02x}"
    except KeyError:
        raise MediaFailed(f"ffmpeg made a picture of the unexpected profile {stream.get('profile')}.") from None


def master_of(renditions: Iterable[Measured], thumbnails: str = "") -> str:
    """The text of the master playlist; players begin with the first rendition before they know the network.

    ``thumbnails`` is the path of WebVTT with small pictures, which our own player shows; others leave it (4.3.4.4).
    """
    return _HEADER + _session_data(thumbnails) + "".join(_variant(each) for each in renditions)


def _session_data(thumbnails: str) -> str:
    return f'#EXT-X-SESSION-DATA:DATA-ID="{THUMBNAILS}",URI="{thumbnails}",FORMAT=RAW\n' if thumbnails else ""


def _variant(measured: Measured) -> str:
    rung = measured.rung
    attributes = {"BANDWIDTH": measured.peak, "AVERAGE-BANDWIDTH": measured.average, "CODECS": f'"{measured.codecs}"'}
    if measured.rate:
        attributes |= {"RESOLUTION": f"{rung.width}x{rung.height}", "FRAME-RATE": f"{float(measured.rate):.3f}"}
    line = ",".join(f"{name}={value}" for name, value in attributes.items())
    return f"#EXT-X-STREAM-INF:{line}\n{rung.name}/{PLAYLIST}\n"
