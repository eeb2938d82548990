"""The rewriting of a long playlist, beside the join of its lines that it cannot do without."""

from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront.playlist import rewrite_playlist
from rounds import Contender
from rounds import repeat


NAMES = [f"segment-{number:05}.ts" for number in range(10_000)]
PLAYLIST = "\n".join(["#EXTM3U", *(f"#EXTINF:6.000,\n{name}" for name in NAMES), "#EXT-X-ENDLIST", ""])
DIRECTORY = "https://d111111abcdef8.cloudfront.net/videos/2026/talk/"
LATEST = 1900000000


def join(query):
    return "\n".join(f"{DIRECTORY}{name}?{query}" for name in NAMES)


def contenders(key):
    """The rewriting, each time with another policy and so with a signature made for it, and the join."""
    signer = Signer(key)

    def rewrite(expires):
        signed = signer.directory(Policy(f"{DIRECTORY}*", expires))
        return rewrite_playlist(PLAYLIST, f"{DIRECTORY}index.m3u8", DIRECTORY, lambda url, kind: signed(url))

    segments = [line for line in rewrite(LATEST).splitlines() if not line.startswith("#")]
    query = segments[0].partition("?")[2]
    if segments != join(query).splitlines():
        raise ValueError("the rewriting and the join differ, or there is more than one signature")
    yield Contender("rewrite_playlist", repeat(rewrite, range(LATEST - 10_000, LATEST)))
    yield Contender("join", repeat(join, [query]))
