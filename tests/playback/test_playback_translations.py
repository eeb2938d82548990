"""The captions of translations stand beside an item's own, for who may watch both."""

from bs4 import BeautifulSoup
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.permissions import STREAM
from collective.cfprivate.playback.playback import playback_of
from DateTime import DateTime
from plone import api
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from Products.CMFPlone.CatalogTool import CatalogTool
from Products.DCWorkflow.utils import modifyRolesForPermission
from types import SimpleNamespace
from unittest.mock import patch

import pytest
import transaction


NOW = 1_800_000_000
ADDRESS = "8.8.8.8"
KEY = "talks/2026/a talk.mp4"
LANGUAGES = ("de", "en", "ja")
JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}
PATHS = ["en/talk", "en/talk/@@embed", "en/talk/@playback"]


def text(words):
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}\n"


def captions(language, **values):
    return {"language": language, "text": text(f"words in {language}"), **values}


def make_talks(portal, make_video, *languages, state="public"):
    """Public videos of one medium, each the translation of the others, with captions in its own language."""
    with api.env.adopt_roles(["Manager"]):
        for language in LANGUAGES:
            api.portal.get_tool("portal_languages").addSupportedLanguage(language)
        applyProfile(portal, "plone.app.multilingual:default")
    talks = {
        language: make_video(portal[language], language=language, state=state, tracks=[captions(language)])
        for language in languages
    }
    first, *others = talks.items()
    for language, item in others:
        ITranslationManager(first[1]).register_translation(language, item)
    return SimpleNamespace(**talks)


@pytest.fixture
def talks(portal, configure, make_video):
    configure()
    return make_talks(portal, make_video, *LANGUAGES)


def ask(item, *, roles=("Anonymous",), address=ADDRESS):
    with api.env.adopt_roles(list(roles)):
        return playback_of(item, now=NOW, address=address)


def offered(item, **asked):
    return [(track.language, track.kind) for track in ask(item, **asked).tracks]


def languages_of(item, **asked):
    return [language for language, _kind in offered(item, **asked)]


def set_tracks(item, *tracks):
    IProtectedMedia(item).tracks = list(tracks)


class TestOrder:
    def test_is_the_items_own_then_by_language(self, talks):
        assert languages_of(talks.ja) == ["ja", "de", "en"]

    def test_of_the_items_own_is_what_it_says(self, talks):
        set_tracks(talks.en, captions("en"), captions("ja", kind="subtitles"), captions("en", kind="subtitles"))
        own = [("en", "captions"), ("ja", "subtitles"), ("en", "subtitles")]
        assert offered(talks.en) == [*own, ("de", "captions")]


class TestDuplicates:
    def test_the_items_own_come_first(self, talks):
        set_tracks(talks.en, captions("de", label="My German"))
        assert [track.label for track in ask(talks.en).tracks if track.language == "de"] == ["My German"]

    def test_of_the_others_the_first_comes_first(self, talks):
        set_tracks(talks.de, captions("ja", label="Of the German one"))
        assert [track.label for track in ask(talks.en).tracks if track.language == "ja"] == ["Of the German one"]

    def test_subtitles_are_no_second_captions(self, talks):
        set_tracks(talks.de, captions("en", kind="subtitles"))
        assert ("en", "subtitles") not in offered(talks.en)

    @pytest.mark.parametrize("kind", ["descriptions", "chapters"])
    def test_what_is_no_captions_is_something_else(self, talks, kind):
        set_tracks(talks.de, captions("en", kind=kind))
        assert offered(talks.en) == [("en", "captions"), ("en", kind), ("ja", "captions")]

    def test_no_two_have_one_name(self, talks):
        """By which a player that runs renews them."""
        set_tracks(talks.de, captions("de"), captions("de", kind="subtitles"), captions("ja"))
        set_tracks(talks.ja, captions("ja"), captions("de"), captions("ja", kind="subtitles"))
        assert len(set(offered(talks.en))) == len(offered(talks.en))


class TestTrack:
    def test_has_the_address_of_its_translation(self, talks):
        own, german, _japanese = (track.src for track in ask(talks.en).tracks)
        assert (own, german) == (
            f"{talks.en.absolute_url()}/@@captions/en.vtt",
            f"{talks.de.absolute_url()}/@@captions/de.vtt",
        )

    def test_keeps_its_label(self, talks):
        set_tracks(talks.de, captions("de", label="Deutsch für Hörgeschädigte"))
        assert ask(talks.en).tracks[1].label == "Deutsch für Hörgeschädigte"

    def test_of_others_is_never_shown_at_first(self, talks):
        for item, language in ((talks.de, "de"), (talks.en, "en"), (talks.ja, "ja")):
            set_tracks(item, captions(language, default=True))
        assert [track.language for track in ask(talks.ja).tracks if track.default] == ["ja"]

    def test_of_others_is_never_shown_at_first_where_there_is_no_own(self, talks):
        set_tracks(talks.en)
        set_tracks(talks.de, captions("de", default=True))
        assert [(track.language, track.default) for track in ask(talks.en).tracks] == [("de", False), ("ja", False)]


class TestFromTheBucket:
    @pytest.fixture
    def signed(self, talks, signing_key):
        """A function that gives the policy of the German track, and the playback."""
        set_tracks(talks.de, {"language": "de", "object_key": "talks/de.vtt"})
        verify = Verifier({signing_key.key_id: signing_key.public_pem}).verify

        def look(**asked):
            playback = ask(talks.en, **asked)
            [track] = [track for track in playback.tracks if track.language == "de"]
            return verify(track.src, now=NOW, ip=ADDRESS), playback

        return look

    def test_is_signed(self, signed):
        assert signed()[0].resource.endswith("/talks/de.vtt")

    def test_ends_with_the_medium(self, signed, talks):
        IProtectedMedia(talks.de).lifetime = 36000
        policy, playback = signed()
        assert (policy.expires, playback.expires_in) == (playback.expires, 3600)

    def test_ends_all_earlier_where_its_item_does(self, signed, talks):
        IProtectedMedia(talks.de).lifetime = 60
        policy, playback = signed()
        assert (policy.expires, playback.expires, playback.expires_in, playback.renew_in) == (
            NOW + 60,
            NOW + 60,
            60,
            50,
        )

    def test_ends_nothing_earlier_where_plone_keeps_them(self, talks):
        IProtectedMedia(talks.de).lifetime = 60
        assert ask(talks.en).expires_in == 3600


class TestBinding:
    """The German one, which only Media Viewers watch, is bound to their address."""

    @pytest.fixture(autouse=True)
    def _bound(self, talks):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(talks.de, to_state="restricted")
        set_tracks(talks.de, {"language": "de", "object_key": "talks/de.vtt"})
        rules = {"protected_media_workflow": {"restricted": {"bind_ip": True}}}
        api.portal.set_registry_record("collective.cfprivate.state_rules", rules)

    def test_is_that_of_the_translation(self, talks, signing_key):
        verify = Verifier({signing_key.key_id: signing_key.public_pem}).verify
        playback = ask(talks.en, roles=["Media Viewer", "Anonymous"])
        signed = {track.language: track.src for track in playback.tracks}["de"], playback.sources[0].src
        assert [verify(src, now=NOW, ip=ADDRESS).ip for src in signed] == [f"{ADDRESS}/32", None]

    def test_leaves_out_what_cannot_be_bound(self, talks):
        asked = {"roles": ["Media Viewer", "Anonymous"], "address": "2001:db8::1"}
        assert languages_of(talks.en, **asked) == ["en", "ja"]


class TestNotOffered:
    def test_are_those_of_another_medium(self, talks):
        IProtectedMedia(talks.de).object_key = "talks/2026/vortrag.mp4"
        assert languages_of(talks.en) == ["en", "ja"]

    def test_are_those_of_a_translation_without_a_medium(self, talks):
        IProtectedMedia(talks.de).object_key = None
        assert languages_of(talks.en) == ["en", "ja"]

    def test_are_those_of_another_state(self, talks):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(talks.de, to_state="restricted")
        assert languages_of(talks.en) == ["en", "ja"]
        assert languages_of(talks.en, roles=["Media Viewer", "Anonymous"]) == ["en", "de", "ja"]

    def test_are_those_that_one_may_not_see(self, talks):
        modifyRolesForPermission(talks.de, "View", ("Manager",))
        assert languages_of(talks.en) == ["en", "ja"]

    def test_are_those_that_one_may_not_stream(self, talks):
        modifyRolesForPermission(talks.de, STREAM, ("Manager",))
        assert languages_of(talks.en) == ["en", "ja"]

    @pytest.mark.parametrize("dates", [("2999/01/01", None), (None, "2001/01/01")])
    def test_are_those_outside_of_their_dates(self, talks, dates):
        starts, ends = (date and DateTime(date) for date in dates)
        talks.de.setEffectiveDate(starts)
        talks.de.setExpirationDate(ends)
        assert languages_of(talks.en) == ["en", "ja"]

    def test_are_those_of_an_item_that_is_no_translation(self, talks, portal, make_video):
        make_video(portal["de"], "other", state="public", language="de", tracks=[captions("fr")])
        assert languages_of(talks.en) == ["en", "de", "ja"]

    def test_are_those_of_a_translation_no_more(self, talks):
        ITranslationManager(talks.en).remove_translation("de")
        assert languages_of(talks.en) == ["en", "ja"]

    def test_is_anything_with_an_image(self, talks):
        for item in (talks.en, talks.de):
            IProtectedMedia(item).object_key = "photos/lake.jpg"
        assert languages_of(talks.en) == ["en"]

    def test_is_anything_on_a_site_that_is_not_multilingual(self, portal, configure, make_video):
        configure()
        items = [make_video(portal, name, state="public", tracks=[captions(name)]) for name in ("de", "en")]
        assert [languages_of(item) for item in items] == [["de"], ["en"]]


def test_none_is_offered_after_multilingual_was_uninstalled(portal, talks):
    applyProfile(portal, "plone.app.multilingual:uninstall")
    assert languages_of(talks.en) == ["en"]


def test_the_right_is_asked_anew(talks):
    before = languages_of(talks.en)
    modifyRolesForPermission(talks.de, STREAM, ("Manager",))
    assert (before, languages_of(talks.en)) == (["en", "de", "ja"], ["en", "ja"])


def test_asking_writes_nothing(portal, configure, make_video):
    """Also where plone.app.multilingual came later than the item, which has no group of translations."""
    configure()
    item = make_video(portal, state="public")
    with api.env.adopt_roles(["Manager"]):
        applyProfile(portal, "plone.app.multilingual:default")
    transaction.savepoint()
    ask(item)
    assert [each for each in portal._p_jar._registered_objects if each._p_changed] == []


def test_nothing_is_searched_without_a_group(portal, configure, make_video):
    configure()
    item = make_video(portal, state="public")
    with api.env.adopt_roles(["Manager"]):
        applyProfile(portal, "plone.app.multilingual:default")
    with patch.object(CatalogTool, "unrestrictedSearchResults") as search:
        ask(item)
    assert search.call_count == 0


class TestSurfaces:
    @pytest.fixture
    def site(self, served, make_video):
        served.talks = make_talks(served.portal, make_video, *LANGUAGES)
        transaction.commit()
        return served

    def tracks(self, site, path):
        answer = site.get(path, headers=JSON if "@playback" in path else HTML)
        if "@playback" in path:
            return [(track["srclang"], track["src"]) for track in answer.json()["tracks"]]
        video = BeautifulSoup(answer.text, "html.parser").select("cfprivate-player video > track")
        return [(track["srclang"], track["src"]) for track in video]

    @pytest.mark.parametrize("path", PATHS)
    def test_offer_the_captions_together(self, site, path):
        assert self.tracks(site, path) == [
            (language, f"{site.url}/{language}/talk/@@captions/{language}.vtt") for language in ("en", "de", "ja")
        ]

    @pytest.mark.parametrize("path", PATHS)
    def test_do_not_without_the_right(self, site, path):
        modifyRolesForPermission(site.talks.de, STREAM, ("Manager",))
        transaction.commit()
        assert [language for language, _src in self.tracks(site, path)] == ["en", "ja"]

    def test_lead_to_what_the_translation_decides_by_itself(self, site):
        path = dict(self.tracks(site, PATHS[0]))["de"].removeprefix(f"{site.url}/")
        assert site.get(path).text == text("words in de")
        modifyRolesForPermission(site.talks.de, STREAM, ("Manager",))
        transaction.commit()
        assert (site.get(path).status_code, site.get(path, "member").status_code) == (401, 403)

    @pytest.mark.parametrize("path", PATHS[:2])
    def test_ask_nothing_by_cors_for_what_plone_keeps(self, site, path):
        video = BeautifulSoup(site.get(path, headers=HTML).text, "html.parser").select_one("cfprivate-player video")
        assert not video.has_attr("crossorigin")

    @pytest.mark.parametrize("path", PATHS[:2])
    def test_ask_by_cors_for_what_lies_in_the_bucket(self, site, path):
        set_tracks(site.talks.de, {"language": "de", "object_key": "talks/de.vtt"})
        transaction.commit()
        video = BeautifulSoup(site.get(path, headers=HTML).text, "html.parser").select_one("cfprivate-player video")
        assert video["crossorigin"] == "anonymous"
