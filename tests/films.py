"""Small films and sound recordings, drawn by ffmpeg in the ways in which those of editors differ."""

from leave_out import leave_out

import shutil
import struct
import subprocess


FAST = ("-c:v", "libx264", "-preset", "ultrafast")
FRACTION = "30000/1001"


def need_ffmpeg():
    """Leave the test out where ffmpeg is missing; it fails in CI."""
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        leave_out("There is no ffmpeg here; on Debian: apt-get install ffmpeg")


def draw(target, *arguments):
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments]
    subprocess.run([*command, str(target)], check=True, timeout=120)


def picture(size="160x120", rate="25", seconds=3, source="testsrc"):
    return ("-f", "lavfi", "-i", f"{source}=s={size}:r={rate}:d={seconds}")


def sound(seconds):
    return ("-f", "lavfi", "-i", f"sine=d={seconds}")


def film(target):
    """Two rungs, three segments, pictures at a rate that is no whole number."""
    draw(target, *picture("480x270", FRACTION, 13), *sound(13), *FAST, "-c:a", "aac")


def upright(target):
    """A phone's, without sound: the left half, red, is to be seen above, because it is to be turned clockwise."""
    halves = "color=red:s=160x180:r=25:d=2[a];color=blue:s=160x180:r=25:d=2[b];[a][b]hstack"
    draw(target, "-filter_complex", halves, *FAST)
    data = bytearray(target.read_bytes())
    # ISO/IEC 14496-12, 8.3.2: the matrix of the track lies 40 bytes behind the word.
    matrix = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 180 << 16, 0, 1 << 30)
    begin = data.index(b"tkhd") + 4 + 40
    data[begin : begin + len(matrix)] = matrix
    target.write_bytes(data)


def odd(target):
    """Odd sides, and sound that goes on after the last picture."""
    draw(target, *picture("161x121", seconds=3), *sound(8), "-c:v", "ffv1", "-c:a", "pcm_s16le")


def interlaced(target):
    """Half pictures, with enough movement to be seen as such."""
    options = ("-vf", "interlace=scan=tff", "-flags", "+ilme+ildct", "-c:v", "mpeg2video")
    draw(target, *picture(rate="50", source="testsrc2"), *options)


def varying(target):
    """Ten pictures in a second, and then thirty."""
    chosen = "select='lt(t,2)*not(mod(n,3))+gte(t,2)'"
    draw(target, *picture(rate="30", seconds=4), "-vf", chosen, "-fps_mode", "vfr", *FAST)


def fast(target):
    """As a phone's slow motion."""
    draw(target, *picture(rate="120", seconds=1), *FAST)


def oblong(target):
    """Pixels that are wider than high: 182 by 144 of them are to be seen as 258.84 by 144."""
    draw(target, *picture("182x144"), "-vf", "setsar=64/45", *FAST)


def brilliant(target):
    """A high dynamic range, as new phones record (HLG)."""
    colours = "format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"
    draw(target, *picture(seconds=1), "-vf", colours, *FAST)


def recorded(target):
    """As browsers record: no duration is told."""
    with target.open("wb") as file:
        command = ["ffmpeg", "-loglevel", "error", *picture(), *sound(3), "-c:v", "libvpx", "-deadline", "realtime"]
        subprocess.run([*command, "-c:a", "libopus", "-f", "webm", "pipe:1"], check=True, stdout=file, timeout=120)


def fades_in(target):
    """Three black seconds first."""
    black = ("-f", "lavfi", "-i", "color=black:s=160x120:r=25:d=3")
    draw(target, *black, *picture(seconds=3), "-filter_complex", "[0][1]concat", *FAST)


def tone(target):
    draw(target, *sound(8), "-c:a", "libmp3lame")


def covered(target):
    """Sound with the still picture of an album."""
    draw(target, *sound(2), *picture(seconds=0.04), "-map", "0", "-map", "1", "-c:v", "mjpeg", "-c:a", "libmp3lame",
         "-disposition:v", "attached_pic")  # fmt: skip


# File name: (how it is drawn, seconds, size of the largest rendition, frames in a second, whether there is sound).
FILMS = {
    "film.mp4": (film, 13, (480, 270), 30000 / 1001, True),
    "upright.mp4": (upright, 2, (180, 320), 25, False),
    "odd.mkv": (odd, 8, (160, 120), 25, True),
    "interlaced.mpg": (interlaced, 3, (160, 120), 25, False),
    "varying.mkv": (varying, 4, (160, 120), 30, False),
    "fast.mp4": (fast, 1, (160, 120), 60, False),
    "oblong.mp4": (oblong, 3, (258, 144), 25, False),
    "brilliant.mp4": (brilliant, 1, (160, 120), 25, False),
    "recorded.webm": (recorded, 3, (160, 120), 25, True),
    "fades-in.mp4": (fades_in, 6, (160, 120), 25, False),
    "tone.mp3": (tone, 8, (0, 0), None, True),
    "covered.mp3": (covered, 2, (0, 0), None, True),
}
