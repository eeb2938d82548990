"""Captions on the page, by REST and from Plone, for those who may watch."""

from bs4 import BeautifulSoup
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.media.behavior import IProtectedMedia

import pytest
import time
import transaction


JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}
WEBVTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nyellow words, grün\n"
CAPTIONS = "talk/@@captions/de.vtt"


@pytest.fixture
def captioned(served):
    """The served video with captions that Plone keeps, and subtitles in the bucket."""
    IProtectedMedia(served.item).tracks = [
        {"language": "de", "text": WEBVTT, "default": True},
        {"language": "en", "kind": "subtitles", "object_key": "talks/en.vtt"},
    ]
    transaction.commit()
    return served


def tracks_of(page):
    return BeautifulSoup(page.text, "html.parser").select("video > track")


class TestPage:
    def test_has_a_track_for_each(self, captioned):
        tracks = tracks_of(captioned.get("talk", "viewer", headers=HTML))
        assert [(track["srclang"], track["kind"], track.has_attr("default")) for track in tracks] == [
            ("de", "captions", True),
            ("en", "subtitles", False),
        ]

    def test_leads_to_plone_for_what_plone_keeps(self, captioned):
        assert tracks_of(captioned.get("talk", "viewer", headers=HTML))[0]["src"] == f"{captioned.url}/{CAPTIONS}"

    def test_has_a_signature_for_what_lies_in_the_bucket(self, captioned, signing_key):
        src = tracks_of(captioned.get("talk", "viewer", headers=HTML))[1]["src"]
        verifier = Verifier({signing_key.key_id: signing_key.public_pem})
        assert verifier.verify(src, now=int(time.time())).resource.endswith("/talks/en.vtt")

    def test_asks_by_cors_where_captions_come_from_the_bucket(self, captioned):
        video = BeautifulSoup(captioned.get("talk", "viewer", headers=HTML).text, "html.parser").select_one("video")
        assert video["crossorigin"] == "anonymous"

    def test_does_not_where_plone_keeps_them_all(self, captioned):
        IProtectedMedia(captioned.item).tracks = [{"language": "de", "text": WEBVTT}]
        transaction.commit()
        video = BeautifulSoup(captioned.get("talk", "viewer", headers=HTML).text, "html.parser").select_one("video")
        assert not video.has_attr("crossorigin")


def test_programs_are_told_of_them(captioned):
    first, second = captioned.get("talk/@playback", "viewer", headers=JSON).json()["tracks"]
    assert first == {
        "src": f"{captioned.url}/{CAPTIONS}",
        "kind": "captions",
        "srclang": "de",
        "label": "Deutsch",
        "default": True,
    }
    assert "Signature=" in second["src"]


class TestFromPlone:
    def test_are_what_was_stored(self, captioned):
        assert captioned.get(CAPTIONS, "viewer").content == WEBVTT.encode()

    def test_say_what_they_are(self, captioned):
        assert captioned.get(CAPTIONS, "viewer").headers["Content-Type"] == "text/vtt; charset=utf-8"

    def test_are_kept_by_no_cache(self, captioned):
        assert captioned.get(CAPTIONS, "viewer").headers["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403)])
    def test_are_refused_to_who_may_not_watch(self, captioned, login, status):
        answer = captioned.get(CAPTIONS, login)
        assert (answer.status_code, "yellow" in answer.text) == (status, False)

    @pytest.mark.parametrize("name", ["", "/en.vtt", "/en.subtitles.vtt", "/fr.vtt", "/de", "/de.vtt/x", "/../de.vtt"])
    def test_are_not_found_where_there_are_none(self, captioned, name):
        assert captioned.get(f"talk/@@captions{name}", "viewer").status_code in {400, 404}


@pytest.mark.parametrize("path", ["talk", "talk/@playback", CAPTIONS])
@pytest.mark.parametrize("login", [None, "member"])
def test_nothing_of_them_is_told_to_who_may_not_watch(captioned, path, login):
    answer = captioned.get(path, login, headers=JSON if "@playback" in path else HTML)
    told = answer.text + str(answer.headers)
    assert [word for word in ("yellow", "talks/en.vtt", "Signature=") if word in told] == []
