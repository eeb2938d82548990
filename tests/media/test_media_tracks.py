"""Caption tracks: by REST and by the form, as they are kept, and what is refused."""

from bs4 import BeautifulSoup
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.tracks import checked_tracks
from collective.cfprivate.media.tracks import completed_tracks
from collective.cfprivate.media.tracks import InvalidTrack
from collective.cfprivate.media.tracks import Track
from collective.cfprivate.media.tracks import tracks_of
from collective.cfprivate.media.tracks_widget import TracksFieldWidget
from z3c.form.interfaces import DISPLAY_MODE
from z3c.form.interfaces import IContextAware
from zope.globalrequest import getRequest
from zope.interface import alsoProvides

import pytest
import requests
import transaction


JSON = {"Accept": "application/json"}
LANGUAGES = {"de": "Deutsch", "en": "English"}
WEBVTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nHello\n"
MADE_OF_SRT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n"
PREFIX = "form.widgets.IProtectedMedia.tracks"


class TestChecked:
    def test_every_word_is_filled_in(self):
        assert checked_tracks([{"language": "de", "text": WEBVTT}], LANGUAGES) == [
            {"language": "de", "kind": "captions", "label": "Deutsch", "default": False, "text": WEBVTT}
        ]

    def test_what_was_given_is_kept(self):
        track = {"language": "en", "kind": "subtitles", "label": "US", "default": True, "object_key": "a/b.vtt"}
        assert checked_tracks([track], LANGUAGES) == [track]

    def test_srt_becomes_webvtt(self):
        assert checked_tracks([{"language": "de", "text": SRT}], LANGUAGES)[0]["text"] == MADE_OF_SRT

    def test_checked_again_it_is_the_same(self):
        once = checked_tracks([{"language": "de", "text": SRT}, {"language": "en", "object_key": "a.vtt"}], LANGUAGES)
        assert checked_tracks(once, LANGUAGES) == once

    @pytest.mark.parametrize(
        ("tracks", "number", "sentence"),
        [
            ([{"language": "xx", "text": WEBVTT}], 1, "error_track_language"),
            ([{"language": "de"}], 1, "error_track_source"),
            ([{"language": "de", "text": WEBVTT, "object_key": "a.vtt"}], 1, "error_track_source"),
            ([{"language": "de", "text": WEBVTT}, {"language": "en", "text": "WEBVTT\n"}], 2, "error_track_captions"),
            ([{"language": "de", "text": "\ud800"}], 1, "error_track_captions"),
            ([{"language": "de", "object_key": "../a.vtt"}], 1, "error_track_key"),
            ([{"language": "de", "object_key": "a.srt"}], 1, "error_track_key_format"),
            ([{"language": "de", "text": WEBVTT}, {"language": "de", "object_key": "a.vtt"}], 2, "error_track_twice"),
            (
                [
                    {"language": "de", "text": WEBVTT, "default": True},
                    {"language": "en", "text": WEBVTT, "default": True},
                ],
                2,
                "error_track_defaults",
            ),
        ],
    )
    def test_what_is_wrong_is_refused_with_its_number(self, tracks, number, sentence):
        with pytest.raises(InvalidTrack) as caught:
            checked_tracks(tracks, LANGUAGES)
        assert (caught.value.number, caught.value.args[0]) == (number, sentence)

    def test_a_language_that_the_site_has_lost_stays_in_a_copy(self):
        kept = checked_tracks([{"language": "de", "text": WEBVTT}], LANGUAGES)
        assert completed_tracks(kept, {"en": "English"}) == kept

    def test_what_a_script_kept_beside_a_track_is_not_read(self):
        assert tracks_of([{"language": "de", "label": "Deutsch", "color": "red"}, {"label": "of no language"}]) == (
            Track(language="de", label="Deutsch"),
        )

    @pytest.mark.parametrize("words", [{}, {"label": ""}])
    def test_without_a_label_a_menu_shows_the_language(self, words):
        assert tracks_of([{"language": "de", **words}])[0].label == "de"

    @pytest.mark.parametrize(("kind", "name"), [("captions", "de.vtt"), ("subtitles", "de.subtitles.vtt")])
    def test_a_language_may_have_each_kind_once_under_a_name_of_its_own(self, kind, name):
        assert Track(language="de", kind=kind, label="").name == name


class TestByRest:
    @pytest.fixture
    def send(self, served):
        def patch(*tracks):
            answer = served.get("talk", "manager", "PATCH", headers=JSON, json={"tracks": list(tracks)})
            transaction.begin()
            return answer

        return patch

    def test_is_kept(self, send, served):
        send({"language": "de", "text": SRT})
        (track,) = medium_of(served.item).tracks
        assert (track.language, track.text) == ("de", MADE_OF_SRT)

    def test_comes_back(self, send, served):
        send({"language": "de", "object_key": "a/de.vtt"})
        (track,) = served.get("talk", "manager", headers=JSON).json()["tracks"]
        assert (track["language"], track["object_key"]) == ("de", "a/de.vtt")

    def test_is_not_told_to_who_may_not_manage_media(self, send, served):
        send({"language": "de", "object_key": "a/de.vtt"})
        assert "tracks" not in served.get("talk", "viewer", headers=JSON).json()

    @pytest.mark.parametrize(
        ("track", "words"),
        [
            (
                {"language": "de", "text": "WEBVTT\n\n00:02.000 --> 00:01.000\nHello\n"},
                "Caption track 1: The caption file",
            ),
            ({"language": "de", "text": "WEBVTT\n\n00:02.000 --> 00:01.000\nHello\n"}, "Line 3"),
            ({"language": "de"}, "Give a caption file or the object key"),
            ({"language": "de", "kind": "metadata", "text": WEBVTT}, "metadata"),
            ({"text": WEBVTT}, "language"),
        ],
    )
    def test_is_refused_where_it_is_wrong(self, send, served, track, words):
        answer = send(track)
        assert (answer.status_code, words in answer.text, medium_of(served.item).tracks) == (400, True, ())

    def test_is_taken_away(self, send, served):
        send({"language": "de", "text": WEBVTT})
        send()
        assert medium_of(served.item).tracks == ()


class TestByTheForm:
    @pytest.fixture
    def save(self, served):
        """A function that fills in the rows of the edit form and saves; the words of the page that follows."""
        session = requests.Session()
        session.auth = ("manager", "secret-of-manager")

        def fill(files=None, **values):
            page = BeautifulSoup(session.get(f"{served.url}/talk/edit", timeout=60).text, "html.parser")
            form = page.select_one("form#form")
            sent = {field["name"]: value_of(field) for field in form.select("[name]") if is_sent(field)}
            sent |= {f"{PREFIX}.{name.replace('_', '.', 1)}": value for name, value in values.items()}
            uploads = {f"{PREFIX}.{row}.file": ("captions.vtt", content) for row, content in (files or {}).items()}
            answer = session.post(f"{served.url}/talk/edit", data=sent, files=uploads or {"x": ("", b"")}, timeout=60)
            transaction.begin()
            return answer.text

        return fill

    def tracks(self, served):
        return [(track.language, track.label, track.default, track.text) for track in medium_of(served.item).tracks]

    def test_a_file_is_kept(self, save, served):
        save(files={0: SRT.encode()}, **{"0_language": "de", "0_default": "1"})
        ((language, _label, default, text),) = self.tracks(served)
        assert (language, default, text) == ("de", True, MADE_OF_SRT)

    def test_it_stays_when_the_form_is_saved_again(self, save, served):
        save(files={0: WEBVTT.encode()}, **{"0_language": "de", "0_label": "Untertitel"})
        before = self.tracks(served)
        save()
        assert self.tracks(served) == before == [("de", "Untertitel", False, WEBVTT)]

    def test_another_one_is_added(self, save, served):
        save(files={0: WEBVTT.encode()}, **{"0_language": "de"})
        save(files={1: WEBVTT.encode()}, **{"1_language": "en"})
        assert [language for language, *_ in self.tracks(served)] == ["de", "en"]

    @pytest.mark.parametrize("values", [{}, {"0_object_key": "a/de.vtt"}])
    @pytest.mark.parametrize("content", [b"", WEBVTT.encode()])
    def test_a_file_alone_counts_and_not_an_empty_one(self, save, served, content, values):
        page = save(files={0: content}, **{"0_language": "de"}, **values)
        refused = "Give a caption file or the object key of one, and not both." in page
        right = (content == b"") == bool(values)
        assert (refused, len(self.tracks(served))) == (not right, int(right))

    def test_they_stay_where_the_form_has_no_rows(self, save, served):
        save(files={0: WEBVTT.encode()}, **{"0_language": "de"})
        before = self.tracks(served)
        data = {"form.widgets.IProtectedMedia.object_key": "talks/other.mp4", "form.buttons.save": "Save"}
        page = BeautifulSoup(served.get("talk/edit", "manager").text, "html.parser").select_one("form#form")
        sent = {field["name"]: value_of(field) for field in page.select("[name]") if is_sent(field)}
        rest = {name: value for name, value in sent.items() if not name.startswith(PREFIX)}
        served.get("talk/edit", "manager", "POST", data=rest | data)
        transaction.begin()
        assert (IProtectedMedia(served.item).object_key, self.tracks(served)) == ("talks/other.mp4", before)

    def test_one_is_removed(self, save, served):
        save(files={0: WEBVTT.encode()}, **{"0_language": "de"})
        save(**{"0_remove": "1"})
        assert self.tracks(served) == []

    def test_an_object_key_is_kept(self, save, served):
        save(**{"0_language": "de", "0_object_key": "a/de.vtt"})
        assert [track.object_key for track in medium_of(served.item).tracks] == ["a/de.vtt"]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"WEBVTT\n\n00:01.000 -> 00:02.000\nHello\n", "Line 3"),
            ("WEBVTT\n\n00:01.000 --> 00:02.000\nGr\u00fc\u00dfe\n".encode("latin-1"), "Line 4: This is not UTF-8"),
        ],
    )
    def test_a_broken_file_is_refused_with_its_line(self, save, served, content, words):
        assert words in save(files={0: content}, **{"0_language": "de"})
        assert self.tracks(served) == []

    def test_what_was_entered_beside_it_stands_there_still(self, save):
        page = BeautifulSoup(save(files={0: b"x"}, **{"0_language": "de", "0_label": "Mine"}), "html.parser")
        assert page.select_one(f'[name="{PREFIX}.0.label"]')["value"] == "Mine"

    def test_the_key_of_the_medium_is_untouched(self, save, served):
        save(files={0: WEBVTT.encode()}, **{"0_language": "de"})
        assert IProtectedMedia(served.item).object_key == "talks/2026/a talk.mp4"


class TestWhereNothingIsEntered:
    @pytest.fixture
    def shown(self, portal, make_video):
        """What the widget shows of a German track."""
        item = make_video(portal, tracks=[{"language": "de", "label": "Für alle", "text": WEBVTT}])
        widget = TracksFieldWidget(IProtectedMedia["tracks"], getRequest())
        widget.context, widget.ignoreContext, widget.mode = item, False, DISPLAY_MODE
        alsoProvides(widget, IContextAware)
        widget.update()
        return BeautifulSoup(widget.render(), "html.parser")

    def test_the_tracks_are_told(self, shown):
        assert [line.text for line in shown.select("li")] == ["Für alle (de, captions)"]

    def test_a_kind_that_a_script_kept_is_passed_over(self):
        assert tracks_of([{"language": "de", "kind": "metadata", "label": "Deutsch"}]) == ()

    def test_nothing_can_be_entered(self, shown):
        assert shown.select("input, select") == []


def is_sent(field):
    if field.get("type") in {"submit", "file"}:
        return field["name"] == "form.buttons.save"
    return field.get("type") not in {"checkbox", "radio"} or field.has_attr("checked")


def value_of(field):
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return chosen.get("value", "") if chosen else ""
    return field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
