"""The preview in the edit form: what is entered there plays for the editor, and nothing of it is kept."""

from base64 import b64decode
from bs4 import BeautifulSoup
from collective.cfprivate import demo
from collective.cfprivate.media.behavior import empty_fields
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.permissions import STREAM
from pathlib import Path
from plone import api
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from Products.DCWorkflow.utils import modifyRolesForPermission
from urllib.parse import urlsplit

import json
import pytest
import requests
import transaction


pytestmark = pytest.mark.usefixtures("asked")

FILES = Path(demo.__file__).parent / "media"
PREVIEW = "talk/@@cfprivate-preview"
FIELD = "form.widgets.IProtectedMedia"
SAVED = "talk/talk.mp4"
MASTER = "talk/hls/index.m3u8"
PLAYLIST = "talk/@@cfprivate-preview-playlist/index.m3u8"
VARIANT = "talk/@@cfprivate-preview-playlist/180p/index.m3u8"
REFUSED = {None: 302, "viewer": 302, "member": 302}


@pytest.fixture
def site(served, edge):
    """The served site with that edge; its item has a video."""
    api.portal.set_registry_record("collective.cfprivate.distribution", edge)
    IProtectedMedia(served.item).object_key = SAVED
    served.item.reindexObject()
    transaction.commit()
    return served


@pytest.fixture
def enter(site):
    """A function that sends what is entered, as the preview does; fields that are not named are empty."""

    def enter(login="manager", files=None, **fields):
        data = {f"{FIELD}.{name}": value for name, value in fields.items()}
        return site.get(PREVIEW, login, method="POST", data=data, files=files)

    return enter


def main(answer):
    return BeautifulSoup(answer.text, "html.parser").main


def is_signed(answer):
    return "Signature=" in answer.text


def paths(answer, selector="video source, audio source, img"):
    return [urlsplit(each["src"]).path for each in main(answer).select(selector)]


def segments(playlist):
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


class TestWhatIsSaved:
    def test_plays(self, site):
        (source,) = main(site.get(PREVIEW, "manager")).select("video source")
        assert requests.get(source["src"], timeout=60).content == (FILES / SAVED).read_bytes()

    def test_is_kept_out_of_caches(self, site):
        assert site.get(PREVIEW, "manager").headers["Cache-Control"] == "private, no-store"

    def test_is_a_page_without_the_theme(self, site):
        assert site.get(PREVIEW, "manager").headers["X-Theme-Disabled"] == "1"

    def test_has_no_script_within_the_page(self, site):
        page = BeautifulSoup(site.get(PREVIEW, "manager").text, "html.parser")
        assert {script.text.strip() for script in page.select("script")} == {""}


@pytest.mark.parametrize("path", [PREVIEW, f"{VARIANT}?master={MASTER}"])
@pytest.mark.parametrize(("login", "status"), REFUSED.items())
class TestOthers:
    def test_are_sent_to_log_in(self, site, path, login, status):
        answer = site.get(path, login)
        assert (answer.status_code, "require_login" in answer.headers["Location"]) == (status, True)

    def test_get_no_signature(self, site, path, login, status):
        assert is_signed(site.get(path, login)) is False


@pytest.mark.parametrize("path", [PREVIEW, f"{VARIANT}?master={MASTER}"])
def test_who_manages_but_may_not_watch_is_refused(site, path):
    modifyRolesForPermission(site.item, STREAM, ("Media Viewer",))
    transaction.commit()
    assert is_signed(site.get(path, "manager")) is False


class TestWhatIsEntered:
    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({"object_key": "audio/tone.mp3"}, ["/audio/tone.mp3"]),
            ({"object_key": "images/aurora.jpg"}, ["/images/aurora.jpg"]),
            ({"object_key": SAVED, "renditions": "talk/small.webm"}, ["/talk/talk.mp4", "/talk/small.webm"]),
        ],
    )
    def test_is_shown(self, enter, fields, shown):
        assert paths(enter(**fields)) == shown

    def test_is_signed(self, enter):
        (source,) = main(enter(object_key="audio/tone.mp3")).select("audio source")
        assert requests.get(source["src"], timeout=60).content == (FILES / "audio" / "tone.mp3").read_bytes()

    def test_is_not_kept(self, enter, site):
        enter(object_key="audio/tone.mp3")
        transaction.begin()
        assert IProtectedMedia(site.item).object_key == SAVED

    def test_has_a_poster(self, enter):
        video = main(enter(object_key=SAVED, poster="talk/poster.jpg")).video
        assert urlsplit(video["poster"]).path == "/talk/poster.jpg"

    def test_of_a_document_leads_to_the_file(self, enter):
        link = main(enter(object_key="documents/handout.pdf")).select_one(".cfprivate-document a")
        assert requests.get(link["href"], timeout=60).content == (FILES / "documents" / "handout.pdf").read_bytes()

    def test_has_captions_from_a_file(self, enter):
        row = {f"{FIELD}.tracks-rows": "1", f"{FIELD}.tracks.0.language": "en", f"{FIELD}.object_key": SAVED}
        text = b"1\n00:00:01,000 --> 00:00:02,000\nA clear night.\n"
        answer = enter(files={f"{FIELD}.tracks.0.file": ("en.srt", text)}, **unprefixed(row))
        track = main(answer).select_one("track")
        assert "00:00:01.000 --> 00:00:02.000\nA clear night." in b64decode(track["src"].partition(",")[2]).decode()

    def test_is_not_renewed_by_what_is_saved(self, enter):
        assert "data-playback" not in main(enter(object_key=SAVED)).find("cfprivate-player").attrs

    def test_may_be_nothing(self, enter):
        assert "No object key is entered." in main(enter(object_key="")).text

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"object_key": "../other.mp4"}, "This is not an object key of the bucket"),
            ({"object_key": "https://example.org/a.mp4"}, "Give the part behind the host"),
            ({"object_key": "root.m3u8"}, "this one would cover the whole bucket"),
            ({"object_key": SAVED, "renditions": "images/aurora.jpg"}, "have to be of the kind of the medium"),
        ],
    )
    def test_that_is_wrong_is_said(self, enter, fields, sentence):
        assert sentence in main(enter(**fields)).text

    def test_that_is_wrong_is_not_signed(self, enter):
        assert is_signed(enter(object_key=SAVED, renditions="images/aurora.jpg")) is False


def unprefixed(row):
    return {name.removeprefix(f"{FIELD}."): value for name, value in row.items()}


class TestStream:
    def test_leads_to_a_playlist_of_what_is_entered(self, enter, site):
        (source,) = main(enter(object_key=MASTER)).select("source")
        assert source["src"] == f"{site.url}/{PLAYLIST}?master=talk%2Fhls%2Findex.m3u8"

    def test_playlists_lead_to_playlists(self, site):
        playlist = site.get(PLAYLIST, "manager", params={"master": MASTER}).text
        assert segments(playlist) == [
            f"{site.url}/talk/@@cfprivate-preview-playlist/{quality}/index.m3u8?master=talk%2Fhls%2Findex.m3u8"
            for quality in ("360p", "180p")
        ]

    def test_every_segment_is_signed(self, site):
        found = segments(site.get(VARIANT, "manager", params={"master": MASTER}).text)
        assert found and [requests.get(url, timeout=60).status_code for url in found] == [200] * len(found)

    def test_what_the_master_does_not_name_is_not_asked_for(self, site, asked):
        paths = [f"talk/@@cfprivate-preview-playlist/{name}.m3u8" for name in ("1", "180p/1", "180p")]
        statuses = {site.get(path, "manager", params={"master": MASTER}).status_code for path in paths}
        assert (statuses, asked) == ({404}, [f"/{MASTER}"])

    def test_what_another_master_names_is_not_asked_for(self, site, asked):
        master = "talk/hls/180p/index.m3u8"
        answer = site.get(VARIANT, "manager", params={"master": master})
        assert (answer.status_code, asked) == (404, [f"/{master}"])

    @pytest.mark.parametrize(
        "master",
        ["", "index.m3u8", "talk/talk.mp4", "../index.m3u8", "talk/../index.m3u8", "*/index.m3u8", "talk/hls/"],
    )
    def test_what_is_no_master_playlist_is_not_found(self, site, master):
        assert site.get(PLAYLIST, "manager", params={"master": master}).status_code == 404

    def test_the_master_comes_once(self, site):
        answer = site.get(f"{PLAYLIST}?master={MASTER}&master={MASTER}", "manager")
        assert answer.status_code == 404

    def test_the_folder_of_another_item_is_refused(self, site, make_video):
        make_video(site.portal, "other", object_key="talk/hls/other.mp4")
        transaction.commit()
        answer = site.get(VARIANT, "manager", params={"master": MASTER})
        assert (answer.status_code, is_signed(answer)) == (503, False)

    @pytest.mark.parametrize("path", [PLAYLIST, VARIANT])
    def test_a_copy_that_gives_way_is_still_another_item(self, site, make_video, add_user, path):
        with api.env.adopt_roles(["Manager"]):
            IProtectedMedia(site.item).object_key = MASTER
            site.item.reindexObject()
            api.content.transition(api.content.copy(site.item, site.portal, "copy"), to_state="private")
            make_video(site.portal, "own", object_key="own/own.mp4")
            api.content.delete(site.item)
        add_user("editor")
        api.user.grant_roles(username="editor", roles=["Editor"], obj=site.portal["own"])
        transaction.commit()
        answer = site.get(path.replace("talk/", "own/", 1), "editor", params={"master": MASTER})
        assert (answer.status_code, is_signed(answer)) == (503, False)

    @pytest.mark.parametrize(
        ("line", "status", "files"), [("talk/", 200, [f"/{MASTER}"]), ("own/", 503, []), ("talk/ crew", 503, [])]
    )
    def test_is_asked_for_where_its_files_may_be_attached(self, site, add_user, make_video, asked, line, status, files):
        make_video(site.portal, "own", object_key="own/own.mp4")
        add_user("editor", "Editor")
        api.portal.set_registry_record("collective.cfprivate.key_prefixes", (line,))
        transaction.commit()
        path = PLAYLIST.replace("talk/", "own/", 1)
        assert (site.get(path, "editor", params={"master": MASTER}).status_code, asked) == (status, files)

    def test_a_translation_is_no_way_to_a_medium_that_one_may_not_watch(self, site, make_video, add_user):
        with api.env.adopt_roles(["Manager"]):
            api.portal.get_tool("portal_languages").addSupportedLanguage("ja")
            applyProfile(site.portal, "plone.app.multilingual:default")
            original = make_video(site.portal["en"], language="en", object_key=MASTER)
            translation = ITranslationManager(original).add_translation("ja")
        empty_fields(translation)
        translation.reindexObject()
        add_user("translator")
        api.user.grant_roles(username="translator", roles=["Editor"], obj=translation)
        transaction.commit()
        path = VARIANT.replace("talk/", f"ja/{translation.getId()}/", 1)
        assert is_signed(site.get(path, "translator", params={"master": MASTER})) is False

    @pytest.mark.parametrize("name", ["object_key", "poster"])
    def test_the_file_of_an_item_that_one_may_not_watch_is_not_signed(self, enter, site, make_video, add_user, name):
        make_video(site.portal, "hidden", object_key="paid/film.mp4", poster="paid/film.jpg", state="private")
        add_user("staff")
        api.user.grant_roles(username="staff", roles=["Editor"], obj=site.item)
        transaction.commit()
        theirs = {"object_key": "paid/film.mp4", "poster": "paid/film.jpg"}[name]
        answer = enter("staff", **{"object_key": "talk/own.mp4", name: theirs})
        assert ("belongs to an item" in answer.text, is_signed(answer)) == (True, False)

    def test_the_folder_of_another_item_is_said_in_the_form(self, enter, site, make_video):
        make_video(site.portal, "other", title="The other talk", object_key="talk/hls/other.mp4")
        transaction.commit()
        assert "“The other talk” has files in this one" in main(enter(object_key=MASTER)).text


class TestAudit:
    @pytest.fixture
    def told(self, site, caplog):
        """The actions that the audit told of what was asked since."""
        caplog.set_level("INFO", logger="collective.cfprivate.audit")
        return lambda: [json.loads(record.getMessage())["action"] for record in caplog.records]

    def test_tells_that_it_was_a_preview(self, enter, told):
        enter(object_key="audio/tone.mp3")
        assert told() == ["preview"]

    def test_tells_that_what_is_saved_was_watched(self, site, told):
        site.get(PREVIEW, "manager")
        assert told() == ["stream"]


class TestForm:
    def test_offers_the_preview_of_an_item(self, site):
        page = BeautifulSoup(site.get("talk/edit", "manager").text, "html.parser")
        assert page.select_one("details.cfprivate-preview iframe")["src"] == f"{site.url}/{PREVIEW}"

    def test_offers_none_before_there_is_an_item(self, site):
        page = site.get("++add++Protected Video", "manager").text
        assert (f"{FIELD}.object_key" in page, "cfprivate-preview" in page) == (True, False)
