"""What a walk through the demo finds beside the demo itself: a video in each state, and pages that lead to media."""

from contextlib import ExitStack
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from PIL import Image

import base64
import io
import requests


FOLDER = "demo/states"

# The transition that leads to the state of each video; which of them has a lead image, and which has expired.
VIDEOS = {
    "unseen": None,
    "awaited": "submit",
    "confided": "make_confidential",
    "pictured": "make_restricted",
    "bygone": "make_restricted",
    "forlogins": "make_members",
}
PICTURED, EXPIRED = "pictured", "bygone"

SETTINGS = {
    "plone.base.interfaces.syndication.ISiteSyndicationSettings.default_enabled": True,
    "plone.enable_sitemap": True,
}
PAGE = """\
<p><a href="/Plone/demo/talk/@@media">The talk</a> <a href="../tone/@@media?download=1">The tone</a></p>
<p><img src="/Plone/demo/aurora/@@media"/></p>
"""
# Without the folder that the collection is in: plone.restapi would write it into itself, without end.
ALL_VIDEOS = [
    {"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": ["Protected Video"]},
]


def cue_of(name: str) -> str:
    """The one line of the captions of a video."""
    return f"Not everybody reads what {name} says."


def title_of(name: str) -> str:
    """What everybody reads who sees the video at all."""
    return f"The title of {name}"


def keys_of(name: str) -> dict[str, str]:
    """The object keys of a video, by field."""
    return {"object_key": f"states/{name}.mp4", "poster": f"states/{name}.jpg"}


def _content_of(object_key: str) -> bytes:
    """The bytes of a file, unlike those of all others."""
    return f"These are the bytes of {object_key}. ".encode() * 20


class WalkedSite:
    """A context in which the demo has all that, and feeds and a sitemap; what was before is there again in the end."""

    def __init__(self, demo):
        self._demo = demo
        self._left = ExitStack()

    def __enter__(self):
        with self._left:
            self._change_settings()
            self._fill_bucket()
            self._add("demo", "Folder", "states", "publish")
            self._left.callback(self._ask, "DELETE", FOLDER)
            self._add_videos()
            self._add_pages()
            self._left = self._left.pop_all()
        return self

    def __exit__(self, *error):
        self._left.close()

    def _ask(self, method, path, **values):
        options = {"auth": self._demo.auth("manager"), "headers": {"Accept": "application/json"}}
        answer = requests.request(method, f"{self._demo.site}/{path}", json=values or None, timeout=60, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _change_settings(self):
        before = {name: self._ask("GET", f"@registry/{name}") for name in SETTINGS}
        self._left.callback(self._ask, "PATCH", "@registry", **before)
        self._ask("PATCH", "@registry", **SETTINGS)

    def _fill_bucket(self):
        folder = self._demo.bucket / "states"
        folder.mkdir()
        self._left.callback(folder.rmdir)
        for object_key in (key for name in VIDEOS for key in keys_of(name).values()):
            file = self._demo.bucket / object_key
            file.write_bytes(_content_of(object_key))
            self._left.callback(file.unlink)

    def _add_videos(self):
        for name, transition in VIDEOS.items():
            tracks = [{"language": "en", "text": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{cue_of(name)}\n"}]
            self._add(FOLDER, "Protected Video", name, transition, tracks=tracks, **keys_of(name))
        begin, end = ((datetime.now(timezone.utc) - timedelta(days=days)).isoformat() for days in (2, 1))
        self._ask("PATCH", f"{FOLDER}/{EXPIRED}", effective=begin, expires=end)
        self._ask("PATCH", f"{FOLDER}/{PICTURED}", image=_lead_image())

    def _add_pages(self):
        self._add(FOLDER, "Document", "page", "publish", text={"data": PAGE, "content-type": "text/html"})
        self._add(FOLDER, "Link", "link", "publish", remoteUrl="/demo/stream/@@media")
        self._add(FOLDER, "Collection", "collection", "publish", query=ALL_VIDEOS)

    def _add(self, container, portal_type, name, transition, **fields):
        self._ask("POST", container, **{"@type": portal_type, "id": name, "title": title_of(name)}, **fields)
        if transition:
            self._ask("POST", f"{container}/{name}/@workflow/{transition}")


def _lead_image():
    file = io.BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    return {"data": data, "encoding": "base64", "filename": "lead.png", "content-type": "image/png"}
