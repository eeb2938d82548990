"""Every surface that hands out signatures, and how to read its answer; a new surface is added to ``SURFACES``."""

from collections.abc import Callable
from requests import Response
from typing import NamedTuple

import re


SIGNED = "signed"
LOG_IN = "refused, log in"
FORBIDDEN = "refused"
HIDDEN = "hidden by Plone"
NO_LINK = "refused, no such guest link"
UNKNOWN = "none of the answers known"

# A signed address, or that of a playlist, which asks who it is.
PLAYS = re.compile(r"Signature=|/@@(guest-)?playlist/")

PLONES_LOGIN = "/acl_users/credentials_cookie_auth/require_login?"


def read_page(answer: Response) -> str:
    """The item's own page: the player, or a notice, which offers the log-in form to whom it may help."""
    notice = answer.text.partition('class="cfprivate-refusal')[2].partition("</section>")[0]
    player = answer.text.partition("<cfprivate-player")[2].partition("</cfprivate-player>")[0]
    if answer.status_code != 200 or bool(notice) == bool(player):
        return _plones_own(answer)
    if player:
        return SIGNED if "Signature=" in player else UNKNOWN
    return LOG_IN if "/login?came_from=" in notice else FORBIDDEN


def read_embed(answer: Response) -> str:
    """The page for a frame: the player, or a notice, which leads to the item's own page."""
    if "<cfprivate-player" in answer.text:
        return SIGNED if answer.status_code == 200 and "Signature=" in answer.text else UNKNOWN
    if 'class="cfprivate-refusal' in answer.text:
        return {401: LOG_IN, 403: FORBIDDEN}.get(answer.status_code, UNKNOWN)
    return _plones_own(answer)


def read_link(answer: Response) -> str:
    """A stable link, asked by a program: a redirect to the medium, or a bare status with a line of text."""
    if answer.status_code == 302 and "Signature=" in answer.headers["Location"]:
        return SIGNED
    if answer.headers.get("Content-Type", "").startswith("text/plain"):
        return {401: LOG_IN, 403: FORBIDDEN}.get(answer.status_code, UNKNOWN)
    return _plones_own(answer)


def read_service(answer: Response) -> str:
    """The REST service: sources, or the type of the refusal; ``Unauthorized`` is the type of Plone's own."""
    body = answer.json()
    if answer.status_code == 200:
        return SIGNED if all(PLAYS.search(source["src"]) for source in body["sources"]) else UNKNOWN
    if body["type"] in {"not-permitted", "not-yet-published", "expired"}:
        return {401: LOG_IN, 403: FORBIDDEN}.get(answer.status_code, UNKNOWN)
    return HIDDEN if (answer.status_code, body["type"]) == (401, "Unauthorized") else UNKNOWN


def read_playlist(answer: Response) -> str:
    """A playlist, asked by a player: with signed segments, or a bare status with a line of text."""
    if answer.status_code == 200 and answer.text.startswith("#EXTM3U"):
        return SIGNED if "Signature=" in answer.text else UNKNOWN
    return read_link(answer)


def _plones_own(answer: Response) -> str:
    sent_to_log_in = answer.status_code == 302 and PLONES_LOGIN in answer.headers["Location"]
    return HIDDEN if sent_to_log_in else UNKNOWN


def read_captions(answer: Response) -> str:
    """Captions, asked by a player: WebVTT, which has no signature, or a bare status with a line of text."""
    return SIGNED if answer.status_code == 200 and answer.text.startswith("WEBVTT") else read_link(answer)


def read_guest_page(answer: Response) -> str:
    """The page of a guest link: the player, or the reason why there is none."""
    if answer.status_code == 404 and "There is no such link" in answer.text:
        return NO_LINK
    return read_embed(answer)


def read_guest_service(answer: Response) -> str:
    """What the player of a guest asks."""
    if (answer.status_code, answer.json().get("type")) == (404, "unknown-link"):
        return NO_LINK
    return read_service(answer)


def read_guest(answer: Response) -> str:
    """A playlist, captions, or a redirect to the medium; without a token, a bare status with a line of text."""
    if answer.status_code == 404 and answer.text.startswith("There is no such link"):
        return NO_LINK
    return read_captions(answer) if answer.text.startswith("WEBVTT") else read_playlist(answer)


class Playlists:
    """In place of those that are fetched from a distribution."""

    def get(self, url, sign, signed_by):
        """A playlist of one segment."""
        return "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nsegment.ts\n#EXT-X-ENDLIST\n"


class Surface(NamedTuple):
    """``path`` follows the item's address, ``component`` is the name under which the surface is registered."""

    path: str
    accept: str
    action: str
    component: str
    read: Callable[[Response], str]


# For those who manage media, of whom each has to be allowed to watch, too.
PREVIEWS = {
    "preview": Surface("/@@cfprivate-preview", "text/html", "stream", "cfprivate-preview", read_page),
    "preview playlist": Surface(
        "/@@cfprivate-preview-playlist/index.m3u8?master=canaries/preview/index.m3u8",
        "*/*",
        "stream",
        "cfprivate-preview-playlist",
        read_playlist,
    ),
}
# For those who have the token of a guest link, which stands in place of "TOKEN".
GUESTS = {
    "guest": Surface("/@@guest/TOKEN", "text/html", "stream", "guest", read_guest_page),
    "guest playback": Surface("/@@guest-playback/TOKEN", "*/*", "stream", "guest-playback", read_guest_service),
    "guest media": Surface("/@@guest-media/TOKEN", "*/*", "stream", "guest-media", read_guest),
    "guest playlist": Surface("/@@guest-playlist/TOKEN/index.m3u8", "*/*", "stream", "guest-playlist", read_guest),
    "guest captions": Surface("/@@guest-captions/TOKEN/en.vtt", "*/*", "stream", "guest-captions", read_guest),
}
SURFACES = {
    "page": Surface("", "text/html", "stream", "collective.cfprivate.player", read_page),
    "embed": Surface("/@@embed", "text/html", "stream", "embed", read_embed),
    "media": Surface("/@@media", "*/*", "stream", "media", read_link),
    "download": Surface("/@@media?download=1", "*/*", "download", "media", read_link),
    "playlist": Surface("/@@playlist/index.m3u8", "*/*", "stream", "playlist", read_playlist),
    "captions": Surface("/@@captions/en.vtt", "*/*", "stream", "captions", read_captions),
    "playback": Surface("/@playback", "application/json", "stream", "GET_application_json_@playback", read_service),
}
