"""Small pictures for the time bar (WebVTT over sprites), and the poster."""

from .ffmpeg import ffmpeg
from .ladder import Rung
from .master import PLAYLIST
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import math
import re


TRACK = "thumbnails.vtt"
POSTER = "poster.jpg"

# Pixels of the longer side of a small picture, and how many a sprite has in a row and in a column.
LONGER = 160
ROW = 5

# Seconds from one picture to the next at the least, and pictures at the most; key frames lie two seconds apart.
CLOSEST = 2
MOST = 300

# Of the brightness from 16 to 235: darker, or with less between dark and bright parts, is no poster.
BRIGHT = 40
CONTRAST = 30
# Openings fade in: the part of the film before which no poster is looked for.
OPENING = 0.1

_MEASURED = re.compile(r"pts_time:(?P<at>[0-9.]+)|signalstats\.(?P<name>YLOW|YAVG|YHIGH)=(?P<value>[0-9.]+)")


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A picture of the film: ``at`` in seconds, its mean brightness, and what is between its dark and bright parts."""

    at: float
    brightness: float
    contrast: float

    @property
    def is_poster(self) -> bool:
        """Whether something is to be seen."""
        return self.brightness >= BRIGHT and self.contrast >= CONTRAST


def make_thumbnails(folder: Path, rung: Rung, duration: float) -> list[Moment]:
    """Write sprites and their track into the HLS folder, from its rendition ``rung``; what was seen on the way."""
    apart = max(CLOSEST, math.ceil(duration / MOST / CLOSEST) * CLOSEST)
    width, height = _small(rung)
    graph = f"{_one_in(apart)},{_MEASURE},scale={width}:{height},tile={ROW}x{ROW},{_AS_THEY_COME}"
    told = ffmpeg("-skip_frame", "nokey", "-i", f"{rung.name}/{PLAYLIST}", "-vf", graph, "-r", "1", "-q:v", "5",
                  "thumbnails-%03d.jpg", cwd=folder)  # fmt: skip
    moments = _moments(told)
    (folder / TRACK).write_text(track_of(len(moments), apart, duration, (width, height)), encoding="utf-8")
    return moments


def track_of(count: int, apart: int, duration: float, size: tuple[int, int]) -> str:
    """WebVTT with a cue for each of ``count`` pictures, ``apart`` seconds from each other."""
    return "\n".join(["WEBVTT\n", *_cues(count, apart, duration, size)])


def _cues(count: int, apart: int, duration: float, size: tuple[int, int]) -> Iterator[str]:
    width, height = size
    for number in range(count):
        sprite, place = divmod(number, ROW * ROW)
        row, column = divmod(place, ROW)
        end = duration if number == count - 1 else (number + 1) * apart
        where = f"{column * width},{row * height},{width},{height}"
        yield f"{_clock(number * apart)} --> {_clock(end)}\nthumbnails-{sprite + 1:03d}.jpg#xywh={where}\n"


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


def _small(rung: Rung) -> tuple[int, int]:
    scale = min(Fraction(1), Fraction(LONGER, max(rung.width, rung.height)))
    return tuple(max(2, int(length * scale) // 2 * 2) for length in (rung.width, rung.height))


# Dark and bright parts are the tenth percentiles.
_MEASURE = "signalstats,metadata=mode=print:file=-"
# Pictures get times a second apart, so that none is left out or doubled.
_AS_THEY_COME = "settb=1,setpts=N"


def _one_in(seconds: float) -> str:
    """A filter that takes the first picture within each so many seconds."""
    passed = f"gt(floor((t+0.001)/{seconds})\\,floor((prev_selected_t+0.001)/{seconds}))"
    return f"select='isnan(prev_selected_t)+{passed}'"


def _moments(told: str) -> list[Moment]:
    pictures: list[dict[str, float]] = []
    for match in _MEASURED.finditer(told):
        if match["at"]:
            pictures.append({"at": float(match["at"])})
        else:
            pictures[-1][match["name"]] = float(match["value"])
    return [Moment(at=each["at"], brightness=each["YAVG"], contrast=each["YHIGH"] - each["YLOW"]) for each in pictures]


def make_poster(folder: Path, rungs: Sequence[Rung], duration: float, moments: list[Moment], target: Path) -> None:
    """Write a picture of the film in which something is to be seen, where there is one."""
    if not any(each.is_poster for each in moments):
        # A short film may have shown nothing yet at its few key frames.
        moments = [*moments, *_looked_closer(folder, rungs[-1])]
    at = best_of(moments, duration).at
    ffmpeg("-ss", f"{at:.3f}", "-i", f"{rungs[0].name}/{PLAYLIST}", "-frames:v", "1", "-q:v", "3",
           "-update", "1", str(target), cwd=folder)  # fmt: skip


def _looked_closer(folder: Path, rung: Rung) -> list[Moment]:
    graph = f"{_one_in(0.5)},{_MEASURE}"
    return _moments(ffmpeg("-i", f"{rung.name}/{PLAYLIST}", "-vf", graph, "-f", "null", "-", cwd=folder))


def best_of(moments: Sequence[Moment], duration: float) -> Moment:
    """The first after the opening in which something is to be seen, else any such, else the one with most to see."""
    good = [each for each in moments if each.is_poster]
    after = [each for each in good if each.at >= OPENING * duration]
    return next(iter(after or good), None) or max(moments, key=lambda each: (each.contrast, each.brightness))
