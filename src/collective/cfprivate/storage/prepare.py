"""Makes of a film or a sound recording what a site without a transcoder needs: an HLS set, a poster, a single file.

The HLS set has a folder of its own, because one signature covers that folder: whoever may watch gets whatever lies in
it. So the single file, which is also for the download, lies beside it.

Segments are transport streams (TS), not fragmented MP4: what plays HLS plays those, old television sets and AirPlay
receivers too, and a segment needs no second file to be understood. Safari takes both.
"""

from ..cloudfront.errors import CFPrivateError
from .ffmpeg import check_filter
from .ffmpeg import check_programs
from .ffmpeg import ffmpeg
from .ffmpeg import MediaFailed
from .ladder import file_rung
from .ladder import ladder_for
from .ladder import Rung
from .master import duration_of
from .master import master_of
from .master import measure
from .master import PLAYLIST
from .probe import as_input
from .probe import Picture
from .probe import probe
from .probe import Source
from .thumbnails import make_poster
from .thumbnails import make_thumbnails
from .thumbnails import POSTER
from .thumbnails import TRACK
from .upload_tree import files_of
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import math
import os
import re
import shutil
import tempfile
import unicodedata


HLS = "hls"

# Seconds. A segment begins with a key frame, of which there is one every two seconds.
SEGMENT = 6
KEY_FRAMES = 2

# Of the time that all takes, about what the ladder does.
LADDER_SHARE = 0.95

# Quality of x264 (lower is better), below the highest bit rate of a rung.
QUALITY = "21"

# Endings of the single file.
VIDEO, AUDIO = ".mp4", ".m4a"

# From high dynamic range, which H.264 players show pale, to what all screens show.
TO_STANDARD_RANGE = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
)

_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
_RESOLUTION = re.compile(r"RESOLUTION=(\d+)x(\d+)")


class FolderExists(CFPrivateError):
    """There is something already where the result is to be put."""


class NoSpace(CFPrivateError):
    """The disk may be too small for the result."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What was made: paths of files within the folder ``into``; ``files`` are all of them.

    ``master`` is the master playlist, ``download`` the single file; ``poster`` and ``thumbnails`` are None where there
    is no picture. ``duration`` is in seconds; ``width`` and ``height``, of the largest rendition, 0 without a picture.
    """

    into: Path
    master: Path
    download: Path
    poster: Path | None
    thumbnails: Path | None
    files: tuple[Path, ...]
    duration: float
    width: int
    height: int


def plain_name(path: Path) -> str:
    """The name of a file without its ending, of letters, digits, - and _ only; never empty."""
    ascii_only = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode()
    return _PLAIN.sub("-", ascii_only).strip("-").lower() or "medium"


def prepare(
    source: Path,
    into: Path,
    *,
    progress: Callable[[float], object] = lambda done: None,
    force: bool = False,
    preset: str = "medium",
) -> Prepared:
    """Make the folder ``into``, of which nothing is there before all of it is.

    ``progress`` is called with the part that is done, from 0 to 1. With ``force`` a folder that exists is replaced.
    ``preset`` is x264's. Raises ``FolderExists``, ``NoSpace``, ``ProgramMissing`` and ``MediaFailed``.
    """
    check_programs()
    _check_free(source, into, force=force)
    held = _probed(source)
    rungs = ladder_for(held.picture, held.sound)
    parent = into.absolute().parent
    _check_space(parent, held, rungs)
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{into.name}-", dir=parent, ignore_cleanup_errors=True) as aside:
        folder = Path(aside, "new")
        folder.mkdir()
        _make_all(folder, held, rungs, preset, progress)
        _check_free(source, into, force=force)
        _put(folder, into, Path(aside, "old"))
    progress(1)
    return found(into)


def _make_all(
    folder: Path, held: Source, rungs: tuple[Rung, ...], preset: str, progress: Callable[[float], object]
) -> None:
    _make_ladder(folder / HLS, held, rungs, preset, lambda seconds: progress(_share(seconds, held)))
    _write_master(folder / HLS, held, rungs)
    _make_file(folder, plain_name(held.path), rungs)
    _make_pictures(folder, held, rungs)


def _check_free(source: Path, into: Path, *, force: bool) -> None:
    if not os.path.lexists(into):
        return
    if not force:
        raise FolderExists("The folder exists, and is not overwritten. Give --force to replace it, or --into another.")
    if not (into / HLS / PLAYLIST).is_file() or source.resolve().is_relative_to(into.resolve()):
        raise FolderExists(
            "The folder was not made by this command, or holds the film itself, and is not replaced. Give --into another."
        )


def _probed(source: Path) -> Source:
    held = probe(source)
    if held.picture and held.picture.high_range:
        check_filter("zscale", "The film has a high dynamic range. Export it with a standard one (SDR), or")
    return held


def _check_space(parent: Path, held: Source, rungs: tuple[Rung, ...]) -> None:
    bits = sum(rung.most for rung in rungs) + file_rung(rungs).most
    needed, free = int(bits / 8 * held.duration), shutil.disk_usage(_existing(parent)).free
    if needed > free:
        megabytes = [math.ceil(size / 1_000_000) for size in (needed, free)]
        raise NoSpace("This may take {} MB of the disk, of which {} MB are free. Free some.".format(*megabytes))


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def _put(folder: Path, into: Path, old: Path) -> None:
    if not os.path.lexists(into):
        folder.rename(into)
        return
    into.rename(old)
    try:
        folder.rename(into)
    except BaseException:
        old.rename(into)
        raise


def _share(seconds: float, held: Source) -> float:
    return min(1.0, seconds / held.duration) * LADDER_SHARE


def _make_ladder(
    folder: Path, held: Source, rungs: tuple[Rung, ...], preset: str, progress: Callable[[float], object]
) -> None:
    arguments = ["-i", as_input(held.path)]
    if held.picture:
        arguments += ["-filter_complex", graph_of(held, rungs)]
    for number, rung in enumerate(rungs):
        (folder / rung.name).mkdir(parents=True)
        if held.picture:
            arguments += ["-map", f"[v{number}]", *_picture_options(held.picture, rung, preset)]
        if held.sound:
            arguments += ["-map", f"0:{held.sound.index}", *_sound_options(held, rung)]
        arguments += _segment_options(rung)
    ffmpeg(*arguments, cwd=folder, progress=progress)


def graph_of(held: Source, rungs: tuple[Rung, ...]) -> str:
    """ffmpeg's filters from the picture to one output, ``[v0]`` and so on, for each rung.

    All rungs get the same pictures at the same times, so that they can be cut at the same places. ffmpeg itself turns
    the pictures of a phone.
    """
    picture = held.picture
    common = ["bwdif=mode=send_frame"] if picture.interlaced else []
    common.append(f"fps={picture.rate}:start_time=0")
    if held.sound and held.sound.ends - picture.ends > 1 / picture.rate:
        # The last picture stays for as long as there is sound: a segment is cut at pictures only.
        common.append(f"tpad=stop_mode=clone:stop_duration={held.sound.ends - picture.ends:.3f}")
    colours = f"{TO_STANDARD_RANGE}," if picture.high_range else ""
    outputs = "".join(f"[s{number}]" for number in range(len(rungs)))
    scaled = [
        f"[s{number}]scale={rung.width}:{rung.height},setsar=1,{colours}format=yuv420p[v{number}]"
        for number, rung in enumerate(rungs)
    ]
    return ";".join([f"[0:{picture.index}]{','.join(common)},split={len(rungs)}{outputs}", *scaled])


def _picture_options(picture: Picture, rung: Rung, preset: str) -> list[str]:
    rate = str(rung.picture_rate)
    return ["-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-crf", QUALITY, "-maxrate", rate,
            "-bufsize", str(2 * rung.picture_rate), "-sc_threshold", "0", "-g", str(math.ceil(picture.rate * KEY_FRAMES) + 1),
            "-force_key_frames", f"expr:gte(t,n_forced*{KEY_FRAMES})"]  # fmt: skip


def _sound_options(held: Source, rung: Rung) -> list[str]:
    # Gaps become silence, and sound that begins late begins with it: else it would run ahead of the picture.
    return ["-c:a", "aac", "-b:a", str(rung.sound_rate), "-ar", "48000", "-ac", str(min(2, held.sound.channels)),
            "-af", "aresample=async=1:first_pts=0"]  # fmt: skip


def _segment_options(rung: Rung) -> list[str]:
    return ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-max_muxing_queue_size", "4096", "-f", "hls",
            "-hls_time", str(SEGMENT), "-hls_playlist_type", "vod", "-hls_flags", "independent_segments",
            "-hls_segment_filename", f"{rung.name}/%05d.ts", f"{rung.name}/{PLAYLIST}"]  # fmt: skip


def _write_master(folder: Path, held: Source, rungs: tuple[Rung, ...]) -> None:
    rate = held.picture.rate if held.picture else None
    measured = [measure(folder / rung.name, rung, rate) for rung in rungs]
    # A middle rung first: where players begin, before they have measured the network.
    first = len(rungs) // 2
    ordered = [measured[first], *measured[:first], *measured[first + 1 :]]
    (folder / PLAYLIST).write_text(master_of(ordered, TRACK if held.picture else ""), encoding="utf-8")


def _make_file(folder: Path, name: str, rungs: tuple[Rung, ...]) -> None:
    """One file for the download and for what plays no HLS, of a rendition that is there: nothing is encoded again."""
    playlist, target = f"{HLS}/{file_rung(rungs).name}/{PLAYLIST}", _file_name(name, rungs)
    ffmpeg("-i", playlist, "-c", "copy", "-movflags", "+faststart", target, cwd=folder)


def _file_name(name: str, rungs: tuple[Rung, ...]) -> str:
    return name + (VIDEO if rungs[0].lines else AUDIO)


def _make_pictures(folder: Path, held: Source, rungs: tuple[Rung, ...]) -> None:
    if held.picture:
        moments = make_thumbnails(folder / HLS, rungs[-1], held.duration)
        make_poster(folder / HLS, rungs, held.duration, moments, folder.absolute() / POSTER)
    elif held.cover is not None:
        ffmpeg("-i", as_input(held.path), "-map", f"0:{held.cover}", "-frames:v", "1", "-q:v", "3", "-update", "1",
               POSTER, cwd=folder)  # fmt: skip


def found(into: Path) -> Prepared:
    """What an earlier call made; raises ``MediaFailed`` where it made nothing."""
    single = next((path for path in sorted(into.glob("*")) if path.suffix in {VIDEO, AUDIO}), None)
    if single is None or not (into / HLS / PLAYLIST).is_file():
        raise MediaFailed("The folder was not made by cfprivate prepare.")
    poster, thumbnails = into / POSTER, into / HLS / TRACK
    width, height = _largest(into / HLS / PLAYLIST)
    return Prepared(
        into=into,
        master=into / HLS / PLAYLIST,
        download=single,
        poster=poster if poster.exists() else None,
        thumbnails=thumbnails if thumbnails.exists() else None,
        files=tuple(files_of(into)),
        duration=max(duration_of(path.parent) for path in (into / HLS).glob(f"*/{PLAYLIST}")),
        width=width,
        height=height,
    )


def _largest(master: Path) -> tuple[int, int]:
    sizes = _RESOLUTION.findall(master.read_text(encoding="utf-8"))
    return max(((int(width), int(height)) for width, height in sizes), default=(0, 0))
