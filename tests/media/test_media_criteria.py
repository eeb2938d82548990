"""What a collection can ask of media: protected or not, the kind, and the captions that are missing."""

from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api
from plone.app.querystring.interfaces import IQuerystringRegistryReader
from plone.app.querystring.querybuilder import QueryBuilder
from plone.registry.interfaces import IRegistry
from Products.CMFCore.indexing import processQueue
from Products.DCWorkflow.utils import modifyRolesForPermission
from zope.component import getUtility
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent

import pytest


OPERATION = "plone.app.querystring.operation"
LANGUAGES = "plone.available_languages"
MISSING = "cfprivate_captions_missing"
FIELDS = [MISSING, "cfprivate_kind", "cfprivate_protected"]
VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"


@pytest.fixture
def ask(portal):
    """A function that gives the ids of what a collection with one criterion lists, as the staff sees it."""
    with api.env.adopt_roles(["Manager"]):
        api.content.create(portal, "Document", "page")

    def found(index, operation, value=None):
        query = [{"i": index, "o": f"{OPERATION}.{operation}", "v": value}]
        with api.env.adopt_roles(["Manager"]):
            brains = QueryBuilder(portal, portal.REQUEST)(query=query, brains=True)
        return sorted(brain.getId for brain in brains)

    return found


@pytest.fixture
def site_languages(portal):
    api.portal.set_registry_record(LANGUAGES, ["en", "de", "pt-br"])


def captions(language, kind="captions"):
    return {"language": language, "kind": kind, "text": VTT}


class TestKind:
    @pytest.mark.parametrize(
        ("kind", "key"),
        [("video", "a/b.m3u8"), ("audio", "a/b.mp3"), ("image", "a/b.jpg"), ("document", "a/b.pdf")],
    )
    def test_is_that_of_the_medium(self, portal, make_video, ask, kind, key):
        make_video(portal, object_key=key)
        make_video(portal, "other", object_key="a/b.mp4" if kind != "video" else "a/b.mp3")
        assert ask("cfprivate_kind", "selection.any", [kind]) == ["talk"]

    def test_several_can_be_asked_for(self, portal, make_video, ask):
        make_video(portal, "seen", object_key="a/b.mp4")
        make_video(portal, "heard", object_key="a/b.mp3")
        make_video(portal, "read", object_key="a/b.pdf")
        assert ask("cfprivate_kind", "selection.any", ["audio", "video"]) == ["heard", "seen"]

    def test_without_a_medium_there_is_none(self, portal, make_video, ask):
        make_video(portal, object_key=None)
        assert ask("cfprivate_kind", "selection.any", ["video", "audio", "image", "document"]) == []

    def test_follows_an_edit(self, portal, make_video, ask):
        item = make_video(portal)
        IProtectedMedia(item).object_key = "a/b.mp3"
        notify(ObjectModifiedEvent(item))
        assert (
            ask("cfprivate_kind", "selection.any", ["video"]),
            ask("cfprivate_kind", "selection.any", ["audio"]),
        ) == (
            [],
            ["talk"],
        )

    def test_goes_with_the_medium(self, portal, make_video, ask):
        item = make_video(portal)
        IProtectedMedia(item).object_key = None
        notify(ObjectModifiedEvent(item))
        assert ask("cfprivate_kind", "selection.any", ["video"]) == []


class TestProtected:
    @pytest.fixture
    def videos(self, portal, make_video):
        make_video(portal)
        make_video(portal, "open", state="public")

    def test_yes_finds_what_not_everybody_may_watch(self, videos, ask):
        assert ask("cfprivate_protected", "boolean.isTrue") == ["talk"]

    def test_no_finds_what_everybody_may_watch_and_no_other_content(self, videos, ask):
        assert ask("cfprivate_protected", "boolean.isFalse") == ["open"]

    def test_follows_a_change_of_state(self, videos, portal, ask):
        processQueue()
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(portal["open"], to_state="members")
        assert ask("cfprivate_protected", "boolean.isTrue") == ["open", "talk"]

    def test_follows_the_workflow(self, videos, portal, ask):
        processQueue()
        state = portal.portal_workflow["protected_media_workflow"].states["public"]
        state.setPermission("collective.cfprivate: Stream protected media", False, ("Authenticated",))
        portal.portal_workflow.updateRoleMappings()
        assert ask("cfprivate_protected", "boolean.isFalse") == []

    def test_follows_what_is_indexed_of_a_folder_above(self, portal, add_behavior, ask):
        add_behavior("News Item")
        portal.portal_workflow.setChainForPortalTypes(["News Item"], ())
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "media")
            api.content.create(folder, "News Item", "within", object_key="talks/b.mp4")
        processQueue()
        for permission in ("View", "collective.cfprivate: Stream protected media"):
            modifyRolesForPermission(folder, permission, ("Anonymous",))
        folder.reindexObjectSecurity()
        assert ask("cfprivate_protected", "boolean.isFalse") == ["within"]

    def test_a_site_without_the_index_changes_states(self, videos, portal):
        processQueue()
        portal.portal_catalog.delIndex("cfprivate_protected")
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(portal["open"], to_state="members")
        processQueue()
        assert api.content.get_state(portal["open"]) == "members"


@pytest.mark.usefixtures("site_languages")
class TestCaptionsMissing:
    @pytest.mark.parametrize(
        ("tracks", "missing"),
        [
            ([], ["de", "en", "pt-br"]),
            ([captions("en")], ["de", "pt-br"]),
            ([captions("de", "subtitles")], ["en", "pt-br"]),
            ([captions("en-gb"), captions("pt")], ["de"]),
            ([captions("en", "chapters"), captions("de", "descriptions")], ["de", "en", "pt-br"]),
            ([captions("pt-pt")], ["de", "en", "pt-br"]),
            ([captions("en"), captions("de"), captions("pt-br")], []),
        ],
    )
    def test_is_asked_by_language(self, portal, make_video, ask, tracks, missing):
        make_video(portal, tracks=tracks)
        assert [name for name in ("de", "en", "pt-br") if ask(MISSING, "selection.any", [name])] == missing

    @pytest.mark.parametrize("key", ["a/b.mp3", "a/b.jpg", "a/b.pdf", None])
    def test_nobody_misses_them_but_in_a_video(self, portal, make_video, ask, key):
        make_video(portal, object_key=key)
        assert ask(MISSING, "selection.any", ["en", "de", "pt-br"]) == []

    @pytest.mark.parametrize(("operation", "found"), [("any", ["half", "none"]), ("all", ["none"])])
    def test_of_several_languages_one_or_all_are_missing(self, portal, make_video, ask, operation, found):
        make_video(portal, "none")
        make_video(portal, "half", tracks=[captions("en")])
        make_video(portal, "whole", tracks=[captions("en"), captions("de")])
        assert ask(MISSING, f"selection.{operation}", ["en", "de"]) == found

    def test_follows_an_edit(self, portal, make_video, ask):
        item = make_video(portal)
        IProtectedMedia(item).tracks = [captions("de")]
        notify(ObjectModifiedEvent(item))
        assert ask(MISSING, "selection.any", ["de"]) == []

    def test_follows_the_languages_of_the_site(self, portal, make_video, ask):
        make_video(portal, tracks=[captions("en")])
        processQueue()
        api.portal.set_registry_record(LANGUAGES, ["en", "fr"])
        assert [name for name in ("de", "en", "fr") if ask(MISSING, "selection.any", [name])] == ["fr"]

    def test_other_settings_touch_nothing(self, portal, make_video, ask):
        item = make_video(portal)
        processQueue()
        item.tracks = [captions("de")]
        api.portal.set_registry_record("plone.site_title", "Another title")
        assert ask(MISSING, "selection.any", ["de"]) == ["talk"]

    def test_a_site_without_the_index_changes_its_languages(self, portal, make_video):
        make_video(portal)
        processQueue()
        portal.portal_catalog.delIndex(MISSING)
        api.portal.set_registry_record(LANGUAGES, ["fr"])
        assert api.portal.get_registry_record(LANGUAGES) == ["fr"]


class TestOffered:
    @pytest.fixture
    def offered(self, portal):
        """What the forms of collections offer, by index."""
        with api.env.adopt_roles(["Manager"]):
            return IQuerystringRegistryReader(getUtility(IRegistry))()["indexes"]

    @pytest.mark.parametrize("name", FIELDS)
    def test_is_a_criterion(self, offered, name):
        assert (offered[name]["enabled"], offered[name]["group"]) == (True, "Protected media")

    @pytest.mark.parametrize("name", FIELDS)
    def test_has_operations_that_there_are(self, offered, name):
        assert sorted(offered[name]["operators"]) == sorted(offered[name]["operations"])

    def test_the_kinds_can_be_chosen(self, offered):
        assert {name: each["title"] for name, each in offered["cfprivate_kind"]["values"].items()} == {
            "video": "Video",
            "audio": "Sound",
            "image": "Image",
            "document": "Document",
        }

    @pytest.mark.parametrize("name", ["cfprivate_keys", "cfprivate_places", "cfprivate_problems"])
    def test_what_trusted_code_asks_is_none(self, offered, name):
        assert name not in offered
