"""What a file holds, as ffprobe sees it."""

from .ffmpeg import ffmpeg
from .ffmpeg import MediaFailed
from .ffmpeg import run
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import json
import math
import re


# Frames in a second at which films are made.
USUAL_RATES = (
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
)
FASTEST = USUAL_RATES[-1]

# Shorter is a still picture.
SHORTEST = 0.2

_DURATION = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")
# The transfer characteristics of PQ and of HLG.
_HIGH_RANGE = {"smpte2084", "arib-std-b67"}
_PROGRESSIVE = {"", "progressive", "unknown"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The moving picture of a file: stream ``index``; ``width`` and ``height`` in square pixels, as it is to be seen.

    ``rate`` is the frames in a second to encode with: the file's own, or near the mean of one whose rate varies.
    ``ends`` is in seconds. ``high_range`` is that of light and colours (HDR), as new phones record.
    """

    index: int
    width: int
    height: int
    rate: Fraction
    interlaced: bool
    ends: float
    high_range: bool = False


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The sound of a file: stream ``index``; ``ends`` in seconds."""

    index: int
    channels: int
    ends: float


@dataclass(frozen=True, kw_only=True)
class Source:
    """A film or sound recording; ``duration`` in seconds, ``cover`` the index of a still picture that is with it."""

    path: Path
    duration: float
    picture: Picture | None
    sound: Sound | None
    cover: int | None


def probe(path: Path) -> Source:
    """What is in the file; raises ``MediaFailed`` for one that is neither film nor sound."""
    told = ask(path)
    streams = told.get("streams", [])
    whole = told.get("format", {})
    begin, duration = float(whole.get("start_time", 0)), _seconds(whole) or _played(path)
    moving = [
        stream for stream in streams if stream.get("codec_type") == "video" and not _disposed(stream, "attached_pic")
    ]
    sounds = [stream for stream in streams if stream.get("codec_type") == "audio" and stream.get("channels")]
    covers = [stream["index"] for stream in streams if _disposed(stream, "attached_pic")]
    if not (moving or sounds) or duration < SHORTEST:
        raise MediaFailed("The file holds neither a film nor a sound recording.")
    return Source(
        path=path,
        duration=duration,
        picture=_picture(_chosen(moving), begin, duration) if moving else None,
        sound=_sound(_chosen(sounds), begin, duration) if sounds else None,
        cover=covers[0] if covers else None,
    )


def ask(path: Path) -> dict:
    """ffprobe's answer: ``format`` and ``streams``; raises ``MediaFailed``."""
    return json.loads(run("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", as_input(path)))


def as_input(path: Path) -> str:
    """The path as ffmpeg and ffprobe take it, whatever it looks like."""
    return f"file:{path.absolute()}"


def _played(path: Path) -> float:
    """The duration of a file that does not tell it, such as a recording of a browser: read to its end."""
    reached = [0.0]
    ffmpeg(
        "-i",
        as_input(path),
        "-map",
        "0:v:0?",
        "-map",
        "0:a:0?",
        "-c",
        "copy",
        "-f",
        "null",
        "-",
        progress=reached.append,
    )
    return max(reached)


def _chosen(streams: list[Mapping]) -> Mapping:
    return next((stream for stream in streams if _disposed(stream, "default")), streams[0])


def _disposed(stream: Mapping, name: str) -> bool:
    return bool(stream.get("disposition", {}).get(name))


def _picture(stream: Mapping, begin: float, duration: float) -> Picture:
    width, height = stream["width"] * _pixel_shape(stream), Fraction(stream["height"])
    if _is_turned(stream):
        width, height = height, width
    return Picture(
        index=stream["index"],
        width=max(2, round(width)),
        height=max(2, round(height)),
        rate=_rate(stream),
        interlaced=stream.get("field_order", "") not in _PROGRESSIVE,
        ends=_end(stream, begin, duration),
        high_range=stream.get("color_transfer") in _HIGH_RANGE,
    )


def _sound(stream: Mapping, begin: float, duration: float) -> Sound:
    return Sound(index=stream["index"], channels=stream["channels"], ends=_end(stream, begin, duration))


def _pixel_shape(stream: Mapping) -> Fraction:
    """How much wider than high a pixel is."""
    return _fraction(stream.get("sample_aspect_ratio", "").replace(":", "/")) or Fraction(1)


def _is_turned(stream: Mapping) -> bool:
    """Whether a phone was held upright, which it notes beside a picture that lies."""
    turns = [data["rotation"] for data in stream.get("side_data_list", ()) if "rotation" in data]
    turns.append(stream.get("tags", {}).get("rotate", 0))
    return any(round(float(turn)) % 180 == 90 for turn in turns)


def _rate(stream: Mapping) -> Fraction:
    mean, least = (_fraction(stream.get(name, "")) for name in ("avg_frame_rate", "r_frame_rate"))
    rate = mean or least or Fraction(25)
    if rate > FASTEST:
        # Those of a high-speed camera are whole multiples.
        return rate / math.ceil(rate / FASTEST)
    nearest = min(USUAL_RATES, key=lambda usual: abs(usual - rate))
    varies = not least or abs(least / rate - 1) > Fraction(1, 1000)
    if abs(nearest / rate - 1) < Fraction(1, 2000) or (varies and rate > USUAL_RATES[0]):
        return nearest
    return rate.limit_denominator(1001)


def _end(stream: Mapping, begin: float, duration: float) -> float:
    lasts = _seconds(stream) or _noted(stream)
    return min(duration, float(stream.get("start_time", begin)) - begin + lasts) if lasts else duration


def _seconds(told: Mapping) -> float:
    try:
        return float(told["duration"])
    except (KeyError, ValueError):
        return 0.0


def _noted(stream: Mapping) -> float:
    """The seconds that Matroska notes as a tag: 00:00:03.040000000."""
    match = _DURATION.match(stream.get("tags", {}).get("DURATION", ""))
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0


def _fraction(text: str) -> Fraction | None:
    """A positive fraction; None for 0/0 and all else that says nothing."""
    try:
        return Fraction(text) or None
    except (ValueError, ZeroDivisionError):
        return None
