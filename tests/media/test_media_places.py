"""One signature covers an HLS folder as a whole: no file of another item may lie there."""

from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.exceptions import PlaceTaken
from collective.cfprivate.media.behavior import empty_fields
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.places import cfprivate_places
from collective.cfprivate.media.places import conflicts_with
from collective.cfprivate.media.same_work import translations_of
from collective.cfprivate.playback.playback import playback_of
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.dexterity.fti import DexterityFTI
from Products.CMFCore.indexing import processQueue
from zope.component.hooks import setSite

import pytest
import time
import transaction


JSON = {"Accept": "application/json"}


@pytest.fixture
def media(portal, make_video):
    """A function that makes an item with this key."""
    numbers = iter(range(100))

    def make(object_key, **fields):
        item = make_video(portal, f"item-{next(numbers)}", object_key=object_key, **fields)
        processQueue()
        return item

    return make


def copy_of(item, container, identifier):
    with api.env.adopt_roles(["Manager"]):
        copy = api.content.copy(item, container, identifier)
    processQueue()
    return copy


def translate(portal, make_video):
    """A set and its translation, which shows the same files."""
    with api.env.adopt_roles(["Manager"]):
        api.portal.get_tool("portal_languages").addSupportedLanguage("ja")
        applyProfile(portal, "plone.app.multilingual:default")
        original = make_video(portal["en"], language="en", object_key="a/hls/index.m3u8")
        translation = ITranslationManager(original).add_translation("ja")
    IProtectedMedia(translation).object_key = "a/hls/index.m3u8"
    translation.reindexObject()
    processQueue()
    return original, translation


class TestTranslations:
    def test_are_the_others(self, portal, make_video):
        original, translation = translate(portal, make_video)
        assert [item.absolute_url() for item in translations_of(original)] == [translation.absolute_url()]

    def test_are_none_of_what_all_languages_have(self, portal, make_video):
        translate(portal, make_video)
        item = make_video(portal["en"]["assets"], "shared")
        processQueue()
        found = portal["portal_catalog"].unrestrictedSearchResults(getId="shared")
        assert (len(found) > 1, translations_of(item)) == (True, [])


def conflicts(item):
    return [other.getId() for other in conflicts_with(item, medium_of(item))]


def test_the_first_two_of_a_site_are_seen_before_they_are_indexed(portal, make_video):
    make_video(portal, "first", object_key="a/hls/index.m3u8", state="private")
    second = make_video(portal, "second", object_key="a/hls/film.mp4", state="private")
    assert conflicts(second) == ["first"]


TOGETHER = {
    "beside": ("a/hls/index.m3u8", "a/hls/talk.mp4"),
    "below": ("a/index.m3u8", "a/b/c/talk.mp4"),
    "another set in the same folder": ("a/one.m3u8", "a/two.m3u8"),
    "another set below": ("a/index.m3u8", "a/b/index.m3u8"),
    "the same set": ("a/index.m3u8", "a/index.m3u8"),
}
APART = {
    "in the folder above": ("a/hls/index.m3u8", "a/talk.mp4"),
    "in a folder whose name begins alike": ("a/hls/index.m3u8", "a/hls2/index.m3u8"),
    "in the root": ("a/index.m3u8", "talk.mp4"),
    "without a set": ("a/one.mp4", "a/two.mp4"),
    "in other letters": ("a/index.m3u8", "A/talk.mp4"),
}


class TestTogether:
    @pytest.mark.parametrize("first", [0, 1])
    @pytest.mark.parametrize("case", TOGETHER)
    def test_is_a_conflict_for_whoever_comes_second(self, media, case, first):
        media(TOGETHER[case][first])
        assert conflicts(media(TOGETHER[case][1 - first])) == ["item-0"]

    @pytest.mark.parametrize("first", [0, 1])
    @pytest.mark.parametrize("case", APART)
    def test_is_none_where_they_lie_apart(self, media, case, first):
        media(APART[case][first])
        assert conflicts(media(APART[case][1 - first])) == []

    @pytest.mark.parametrize("fields", [{"poster": "a/hls/poster.jpg"}, {"renditions": ("a/hls/talk.mp4",)}])
    def test_is_one_for_every_file_of_an_item(self, media, fields):
        media("a/hls/index.m3u8")
        assert conflicts(media("b/talk.mp4", **fields)) == ["item-0"]

    def test_is_none_of_an_item_with_itself(self, media):
        assert conflicts(media("a/hls/index.m3u8", poster="a/hls/poster.jpg", renditions=("a/hls/talk.mp4",))) == []

    def test_is_over_when_the_other_moves_its_file(self, media):
        other, item = media("a/hls/talk.mp4"), media("a/hls/index.m3u8")
        other.object_key = "b/talk.mp4"
        other.reindexObject()
        assert conflicts(item) == []

    def test_is_over_when_the_other_is_deleted(self, media, portal):
        other, item = media("a/hls/talk.mp4"), media("a/hls/index.m3u8")
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(other)
        assert conflicts(item) == []

    def test_is_one_with_an_item_that_nobody_may_see(self, media, portal):
        media("a/hls/talk.mp4", state="private")
        assert conflicts(media("a/hls/index.m3u8")) == ["item-0"]


class TestSameWork:
    def test_a_working_copy_is_no_conflict(self, media, portal):
        applyProfile(portal, "plone.app.iterate:default")
        item = media("a/hls/index.m3u8")
        with api.env.adopt_roles(["Manager"]):
            copy = ICheckinCheckoutPolicy(item).checkout(item.aq_parent)
        processQueue()
        assert (conflicts(copy), conflicts(item)) == ([], [])

    @pytest.fixture
    def translated(self, portal, make_video):
        """A set and its translation."""
        return translate(portal, make_video)

    @pytest.mark.parametrize("number", [0, 1])
    def test_a_translation_is_no_conflict(self, translated, number):
        assert conflicts(translated[number]) == []

    def test_a_working_copy_of_a_translation_is_no_conflict(self, portal, translated):
        applyProfile(portal, "plone.app.iterate:default")
        original, translation = translated
        with api.env.adopt_roles(["Manager"]):
            copy = ICheckinCheckoutPolicy(translation).checkout(portal["ja"])
        processQueue()
        assert (conflicts(original), conflicts(copy)) == ([], [])


class TestCopy:
    @pytest.fixture
    def copied(self, media, portal):
        """A set and a copy of it."""
        item = media("a/hls/index.m3u8")
        return item, copy_of(item, portal, "copy")

    def test_gives_way(self, copied):
        assert conflicts(copied[1]) == ["item-0"]

    def test_does_not_stop_the_original(self, copied):
        assert conflicts(copied[0]) == []

    def test_of_a_copy_stops_no_copy_that_plays(self, copied, portal):
        second = copy_of(copied[1], portal, "second")
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(copied[0])
        assert sorted(map(len, (conflicts(copied[1]), conflicts(second)))) == [0, 1]

    def test_plays_when_the_original_is_gone(self, copied):
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(copied[0])
        assert conflicts(copied[1]) == []

    def test_with_other_files_in_the_folder_is_a_conflict_for_both(self, copied):
        item, copy = copied
        IProtectedMedia(copy).object_key = "a/hls/talk.mp4"
        copy.reindexObject()
        assert conflicts(item) == ["copy"]


class TestGrant:
    @pytest.fixture
    def ask(self, portal, configure):
        configure()

        setRoles(portal, TEST_USER_ID, ["Manager"])
        return lambda item: playback_of(item, now=int(time.time()), address="198.51.100.7")

    def test_is_refused_for_a_set_with_a_file_of_another(self, media, ask):
        media("a/hls/talk.mp4")
        with pytest.raises(PlaceTaken):
            ask(media("a/hls/index.m3u8"))

    def test_is_given_to_the_file_itself_whose_signature_covers_nothing_else(self, media, ask):
        media("a/hls/index.m3u8")
        assert ask(media("a/hls/talk.mp4")).kind == "video"

    def test_is_refused_for_a_set_where_the_site_has_no_index_yet(self, media, ask):
        item = media("a/hls/index.m3u8")
        api.portal.get_tool("portal_catalog").delIndex("cfprivate_places")
        with pytest.raises(NotConfigured, match="upgrade Protected media"):
            ask(item)

    def test_is_refused_for_a_set_in_the_root(self, media, ask):
        with pytest.raises(PlaceTaken, match="the whole bucket"):
            ask(media("index.m3u8"))

    def test_is_given_to_a_set_alone(self, media, ask):
        assert ask(media("a/hls/index.m3u8")).kind == "video"


class TestIndex:
    def test_holds_no_object_key(self, media):
        assert [word for word in cfprivate_places(media("secret/hls/index.m3u8"))() if "secret" in word] == []

    def test_says_something_else_in_another_site(self, media, portal):
        item = media("a/hls/index.m3u8")
        before = cfprivate_places(item)()
        portal.__annotations__["collective.cfprivate.places"] = "another secret"
        assert set(before).isdisjoint(cfprivate_places(item)())

    def test_is_empty_without_a_medium(self, media):
        assert cfprivate_places(media(None))() == []


class TestType:
    """A type that gets the behavior when there are items already, or gets it back."""

    @pytest.fixture
    def document(self, portal, media, add_behavior):
        """A document with a file in the folder of a set; its type has no behavior any more."""
        with api.env.adopt_roles(["Manager"]):
            add_behavior("Document")
            document = api.content.create(portal, "Document", "document")
            IProtectedMedia(document).object_key = "a/hls/talk.mp4"
            fti = api.portal.get_tool("portal_types")["Document"]
            fti.manage_changeProperties(behaviors=[name for name in fti.behaviors if "cfprivate" not in name])
            document.reindexObject()
        return document

    def test_without_the_behavior_is_no_conflict(self, document, media):
        assert conflicts(media("a/hls/index.m3u8")) == []

    def test_with_the_behavior_again_is_one(self, document, media, add_behavior):
        add_behavior("Document")
        assert conflicts(media("a/hls/index.m3u8")) == ["document"]

    @pytest.mark.parametrize("behaviors", ["", "collective.cfprivate.protected_media"])
    def test_without_a_site_nothing_is_looked_for(self, portal, behaviors):
        setSite(None)
        fti = DexterityFTI("loose")
        fti.manage_changeProperties(behaviors=behaviors)
        setSite(portal)
        assert fti.behaviors == ((behaviors,) if behaviors else ())

    def test_that_changes_otherwise_is_not_indexed_anew(self, document, monkeypatch):
        asked = []
        monkeypatch.setattr("collective.cfprivate.media.types.index_items", lambda **query: asked.append(query))
        api.portal.get_tool("portal_types")["Document"].manage_changeProperties(title="Page")
        assert asked == []


class TestByRest:
    @pytest.fixture
    def taken(self, served):
        """The served site, whose video is an HLS set that a member of the staff of a folder may not see."""
        IProtectedMedia(served.item).object_key = "a/hls/index.m3u8"
        served.item.reindexObject()
        transaction.commit()
        return served

    def add(self, served, object_key, login="manager"):
        body = {"@type": "Protected Video", "title": "Another", "object_key": object_key}
        return served.get("", login, "POST", headers=JSON, json=body)

    def test_a_new_item_in_the_folder_is_refused(self, taken):
        answer = self.add(taken, "a/hls/talk.mp4")
        assert (answer.status_code, "“A talk” has files" in answer.json()["message"]) == (400, True)

    def test_nothing_is_made_then(self, taken):
        before = taken.get("", "manager", headers=JSON).json()["items_total"]
        self.add(taken, "a/hls/talk.mp4")
        assert taken.get("", "manager", headers=JSON).json()["items_total"] == before

    def test_a_new_item_elsewhere_is_made(self, taken):
        assert self.add(taken, "b/talk.mp4").status_code == 201

    def test_a_change_into_the_folder_is_refused(self, taken):
        url = self.add(taken, "b/talk.mp4").json()["@id"].rpartition("/")[2]
        answer = taken.get(url, "manager", "PATCH", headers=JSON, json={"object_key": "a/hls/talk.mp4"})
        assert answer.status_code == 400

    @pytest.mark.parametrize(("roles", "status"), [(["Editor"], 204), ([], 400)])
    def test_a_translation_is_no_way_into_the_folder(self, served, make_video, add_user, roles, status):
        original, translation = translate(served.portal, make_video)
        empty_fields(translation)
        add_user("translator")
        api.user.grant_roles(username="translator", roles=["Editor"], obj=translation)
        if roles:
            api.user.grant_roles(username="translator", roles=roles, obj=original)
        transaction.commit()
        body = {"object_key": "a/hls/180p/index.m3u8"}
        answer = served.get(f"ja/{translation.getId()}", "translator", "PATCH", headers=JSON, json=body)
        assert answer.status_code == status

    def test_another_change_of_the_set_itself_is_saved(self, taken):
        answer = taken.get("talk", "manager", "PATCH", headers=JSON, json={"object_key": "a/hls/other.m3u8"})
        assert answer.status_code == 204
