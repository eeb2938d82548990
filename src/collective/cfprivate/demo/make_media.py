"""Draw the demo's media with ffmpeg: ``python -m collective.cfprivate.demo.make_media OUTDIR``."""

from pathlib import Path

import shutil
import subprocess  # ruff: ignore[suspicious-subprocess-import]
import sys
import tempfile


SECONDS = 12
RATE = 25
BITEXACT = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1"]

# Light above the wavy lower edge of a curtain: (edge, amplitude, waves, speed, height, strength).
CURTAINS = ((0.62, 0.11, 1.3, 0.45, 0.20, 1.0), (0.44, 0.07, 2.1, -0.33, 0.26, 0.6))
# Of each colour: its part in a curtain's light, what is added towards the zenith, and its part in the night.
COLOURS = {"r": (12, 190, 8), "g": (232, -130, 14), "b": (100, 165, 34)}

SEGMENTS = {  # of a seven-segment digit: (x, y, width, height) in units, and the digits that light it
    "top": (0, 0, 4, 1, "02356789"),
    "upper left": (0, 0, 1, 4, "045689"),
    "upper right": (3, 0, 1, 4, "01234789"),
    "middle": (0, 3, 4, 1, "2345689"),
    "lower left": (0, 3, 1, 4, "0268"),
    "lower right": (3, 3, 1, 4, "013456789"),
    "bottom": (0, 6, 4, 1, "0235689"),
}

CHORDS = (  # in hertz: A minor, F, C, G
    (110.00, 220.00, 261.63, 329.63, 493.88),
    (87.31, 174.61, 261.63, 349.23, 440.00),
    (130.81, 196.00, 261.63, 329.63, 493.88),
    (98.00, 196.00, 246.94, 293.66, 440.00),
)

CUES = {
    "en": (
        (0, 3, "A clear night over the lake."),
        (3, 6, "Curtains of light drift across the sky."),
        (6, 9, "Green close to the horizon, violet high above."),
        (9, 12, "The water keeps a second sky."),
    ),
    "ja": (
        (0, 3, "湖に広がる、澄んだ夜。"),
        (3, 6, "光のカーテンが空を流れていきます。"),
        (6, 9, "地平線の近くは緑、空の高いところは紫。"),
        (9, 12, "水面には、もうひとつの空。"),
    ),
}

HANDOUT = (
    ("F2", 26, 74, "The aurora over the lake"),
    ("F1", 13, 34, "Handout of the talk"),
    ("F1", 12, 22, "This page is a demo document of collective.cfprivate."),
    ("F1", 12, 18, "Plone decides who may read it; the edge serves it only through a signed URL."),
    ("F1", 12, 34, "The link ends with the signature: share the page, not the address of the file."),
    ("F2", 14, 24, "What you saw"),
    *(("F1", 12, 18, f"{number}.  {text}") for number, (_, _, text) in enumerate(CUES["en"], 1)),
)


def ffmpeg(*arguments):
    """Run ffmpeg, quietly, and stop with its words where it fails."""
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)  # ruff: ignore[subprocess-without-shell-equals-true]
    if result.returncode:
        sys.exit(f"ffmpeg failed ({result.returncode}): {result.stderr.strip()}")


def curtain(edge, amplitude, waves, speed, height, strength):
    """The brightness of one curtain at a pixel: sharp below, fading upwards, in moving rays."""
    phase = f"2*PI*{waves}*X/W+{speed}*2*T"
    line = f"({edge}+{amplitude}*sin({phase})+{amplitude / 2}*sin(2.3*({phase})+1))"
    rays = f"(0.62+0.38*sin(46*X/W+5*sin({phase})+{speed}*3*T))"
    above = f"({line}-Y/H)"
    return f"{strength}*{rays}*if(gt({above},0),exp(-{above}/{height}),exp({above}/0.018))"


def light(channel):
    """One colour channel of the sky."""
    low, high, night = COLOURS[channel]
    glow = "+".join(curtain(*numbers) for numbers in CURTAINS)
    return f"min(255,{night}*(0.5+0.9*Y/H)+({glow})*({low}+{high}*(1-Y/H)))"


def sky(width, height, duration):
    """A filter graph's [scene]: aurora, stars and mountains over a lake that mirrors them."""
    shore = int(height * 0.8) // 2 * 2
    channels = ":".join(f"{channel}='{light(channel)}'" for channel in "rgb")
    star = "mod(abs(sin(X*12.9898+Y*78.233)*43758.5453),1)"
    hill = "H*(0.90-0.05*sin(X/W*9+1)-0.035*sin(X/W*23)-0.012*sin(X/W*61+2))"
    still = "loop=loop=-1:size=1"
    return (
        f"color=black:s=240x108:r={RATE}:d={duration},format=gbrp,geq={channels},"
        f"scale={width}:{shore}:flags=bicubic[aurora];"
        f"color=black:s={width}x{shore}:r={RATE}:d=0.04,format=gray,"
        f"geq=lum='if(gt({star},0.9985),90+150*mod({star}*9973,1),0)',format=gbrp,{still}[stars];"
        f"color=0x04080f:s={width}x{shore}:r={RATE}:d=0.04,format=gbrap,"
        f"geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*clip((Y-{hill})/2,0,1)',{still}[hills];"
        "[aurora][stars]blend=all_mode=screen:shortest=1[lit];"
        "[lit][hills]overlay=shortest=1:format=gbrp,split[above][copy];"
        f"[copy]vflip,scale={width}:{height - shore},gblur=sigma=1.5:sigmaV=0.2,"
        "colorchannelmixer=rr=0.5:gg=0.55:bb=0.65[lake];"
        "[above][lake]vstack,noise=alls=3[scene]"
    )


def digit(value, x, y, unit):
    """Boxes of a seven-segment digit; ``value`` is an expression of the time."""
    for left, top, width, height, lit in SEGMENTS.values():
        when = "+".join(f"eq({value},{number})" for number in lit)
        box = f"x={x + left * unit}:y={y + top * unit}:w={width * unit}:h={height * unit}"
        yield f"drawbox={box}:color=white@0.92:t=fill:enable='{when}'"


def clock(x, y, unit=5):
    """Filters that draw the running time, seconds and tenths, without any font."""
    now = "(t+0.001)"
    boxes = [f"drawbox=x={x - 14}:y={y - 12}:w={18 * unit + 28}:h={7 * unit + 24}:color=black@0.35:t=fill"]
    boxes += digit(f"floor({now}/10)", x, y, unit)
    boxes += digit(f"mod(floor({now}),10)", x + 6 * unit, y, unit)
    boxes.append(f"drawbox=x={x + 11 * unit}:y={y + 6 * unit}:w={unit}:h={unit}:color=white@0.92:t=fill")
    boxes += digit(f"mod(floor({now}*10),10)", x + 14 * unit, y, unit)
    return ",".join(boxes)


def music(seconds):
    """A sound source that passes through the chords in so many seconds."""
    length = seconds / len(CHORDS)
    notes = []
    for number, chord in enumerate(CHORDS):
        since = f"(t-{number * length})"
        swell = f"between({since},0,{length})*pow(sin(PI*clip({since}/{length},0,1)),0.6)"
        notes.append(f"{swell}*(" + "+".join(f"sin(2*PI*{hertz}*t)/{2 + 2 * hertz / 220:.2f}" for hertz in chord) + ")")
    return f"aevalsrc='0.35*({'+'.join(notes)})':s=44100:d={seconds}"


def make_scene(target):
    """The talk, lossless: everything else is encoded from it."""
    graph = f"{sky(640, 360, SECONDS)};[scene]{clock(516, 30)},format=yuv420p[video];{music(SECONDS)}[sound]"
    ffmpeg("-filter_complex", graph, "-map", "[video]", "-map", "[sound]", "-t", SECONDS,
           "-c:v", "ffv1", "-c:a", "pcm_s16le", target)  # fmt: skip


def h264(crf):
    """Options for pictures that every browser plays, with a key frame every two seconds."""
    return ["-c:v", "libx264", "-preset", "slow", "-crf", str(crf), "-profile:v", "main", "-pix_fmt", "yuv420p",
            "-g", str(2 * RATE), "-keyint_min", str(2 * RATE), "-sc_threshold", "0", "-threads", "1"]  # fmt: skip


def make_mp4(scene, target):
    """The talk as one file that plays while it loads."""
    ffmpeg("-i", scene, *h264(26), "-c:a", "aac", "-b:a", "96k", *BITEXACT, "-movflags", "+faststart", target)


def make_hls(scene, directory):
    """The talk as HLS in two renditions."""
    graph = "[0:v]split[large][copy];[copy]scale=320:180[small]"
    renditions = ("-map", "[large]", "-map", "0:a", "-map", "[small]", "-map", "0:a")
    ffmpeg("-i", scene, "-filter_complex", graph, *renditions, *h264(26),
           "-maxrate:v:0", "900k", "-bufsize:v:0", "1800k", "-maxrate:v:1", "300k", "-bufsize:v:1", "600k",
           "-c:a", "aac", "-b:a:0", "96k", "-b:a:1", "64k", *BITEXACT,
           "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_flags", "independent_segments",
           "-hls_segment_filename", directory / "%v" / "%03d.ts", "-master_pl_name", "index.m3u8",
           "-var_stream_map", "v:0,a:0,name:360p v:1,a:1,name:180p", directory / "%v" / "index.m3u8")  # fmt: skip


def make_poster(scene, target):
    """The talk's best moment."""
    ffmpeg("-ss", "5", "-i", scene, "-frames:v", "1", "-q:v", "4", *BITEXACT, "-update", "1", target)


def make_captions(cues, target):
    """A WebVTT file."""
    lines = [f"00:{start:02d}.000 --> 00:{end:02d}.000\n{text}\n" for start, end, text in cues]
    target.write_text("\n".join(["WEBVTT\n", *lines]), encoding="utf-8")


def make_image(target):
    """The same sky, large."""
    ffmpeg("-filter_complex", f"{sky(1600, 900, 3)};[scene]trim=start=2[still]", "-map", "[still]",
           "-frames:v", "1", "-q:v", "4", *BITEXACT, "-update", "1", target)  # fmt: skip


def make_tone(target):
    """Eight seconds of the music."""
    ffmpeg("-f", "lavfi", "-i", music(8), "-c:a", "libmp3lame", "-b:a", "96k", *BITEXACT,
           "-metadata", "title=Tone", target)  # fmt: skip


def page_content(lines):
    """The drawing of a page of text, from the top, in PDF's language."""
    text = ["BT", "72 770 Td"]
    for font, size, leading, words in lines:
        escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        text.append(f"/{font} {size} Tf ({escaped}) Tj 0 -{leading} Td")
    return "\n".join([*text, "ET"]).encode("ascii")


def make_pdf(lines, target):
    """A document of one page, in two of the fonts that every reader has."""
    content = page_content(lines)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title (Handout) >>",
    )
    data, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + b"trailer\n"
    data += b"<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, data.rindex(b"xref\n0"))
    target.write_bytes(data)


def make_talk(talk):
    """The talk in all its forms."""
    with tempfile.TemporaryDirectory() as directory:
        scene = Path(directory, "scene.mkv")
        print("drawing the scene (a minute or so)")
        make_scene(scene)
        print("encoding talk/talk.mp4, talk/hls and talk/poster.jpg")
        make_mp4(scene, talk / "talk.mp4")
        make_hls(scene, talk / "hls")
        make_poster(scene, talk / "poster.jpg")
    for language, cues in CUES.items():
        make_captions(cues, talk / f"captions.{language}.vtt")


def main(arguments):
    """Make everything below the directory that is the one argument."""
    if len(arguments) != 1:
        sys.exit("usage: python -m collective.cfprivate.demo.make_media OUTDIR")
    if not shutil.which("ffmpeg"):
        sys.exit("ffmpeg was not found: install it (Debian: apt-get install ffmpeg) and try again")
    out = Path(arguments[0])
    for name in ("talk/hls/360p", "talk/hls/180p", "images", "audio", "documents"):
        (out / name).mkdir(parents=True, exist_ok=True)
    make_talk(out / "talk")
    print("making images/aurora.jpg, audio/tone.mp3 and documents/handout.pdf")
    make_image(out / "images" / "aurora.jpg")
    make_tone(out / "audio" / "tone.mp3")
    make_pdf(HANDOUT, out / "documents" / "handout.pdf")
    total = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"done: {total / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main(sys.argv[1:])
