"""Reads an HLS set as RFC 8216 has it, and looks into its segments with ffprobe."""

from dataclasses import dataclass
from functools import cache
from functools import cached_property
from pathlib import Path

import itertools
import json
import re
import subprocess


ATTRIBUTE = re.compile(r'([A-Z-]+)=("[^"]*"|[^,]*)')


def ffprobe(path, *arguments):
    command = ["ffprobe", "-v", "error", "-of", "json", *arguments, str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)


@dataclass
class Variant:
    """A line of the master playlist: its ``attributes``, and the ``playlist`` that it names."""

    attributes: dict
    playlist: Path

    @cached_property
    def text(self):
        return self.playlist.read_text()

    @cached_property
    def segments(self):
        """(seconds, file) of each."""
        found = re.findall(r"^#EXTINF:([\d.]+),.*\n(?:#.*\n)*(.+)$", self.text, re.MULTILINE)
        return [(float(seconds), self.playlist.parent / name) for seconds, name in found]

    @property
    def target(self):
        return int(re.search(r"^#EXT-X-TARGETDURATION:(\d+)$", self.text, re.MULTILINE)[1])

    @cached_property
    def streams(self):
        """What ffprobe sees in the first segment, by kind."""
        return {stream["codec_type"]: stream for stream in ffprobe(self.segments[0][1], "-show_streams")["streams"]}

    def rates(self, least, most):
        """Bits in a second of all runs of segments that last so many seconds."""
        for begin in range(len(self.segments)):
            for end in range(begin + 1, len(self.segments) + 1):
                run = self.segments[begin:end]
                seconds = sum(each[0] for each in run)
                if least <= seconds <= most:
                    yield sum(each[1].stat().st_size for each in run) * 8 / seconds


@cache
def variants(master):
    """Those of a master playlist, which are looked into once."""
    lines = master.read_text().splitlines()
    return [
        Variant(
            {name: value.strip('"') for name, value in ATTRIBUTE.findall(line.partition(":")[2])},
            master.parent / following,
        )
        for line, following in itertools.pairwise(lines)
        if line.startswith("#EXT-X-STREAM-INF:")
    ]


def sps(segment):
    """Profile, constraints and level in hexadecimal, from the sequence parameter set in a transport stream."""
    data = segment.read_bytes()
    begin = re.search(rb"\x00\x00\x01[\x27\x47\x67]", data).end()
    return data[begin : begin + 3].hex()


def progressive(playlist):
    """How many pictures ffmpeg's detector takes for whole ones, and how many for two half ones."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-i", str(playlist), "-vf", "idet", "-f", "null", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stderr
    counts = re.search(r"Single frame detection: TFF: *(\d+) BFF: *(\d+) Progressive: *(\d+)", told)
    return int(counts[3]), int(counts[1]) + int(counts[2])
