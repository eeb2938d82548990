"""Translations share a medium, where who acts may bring it from one to the other."""

from AccessControl.Permission import pname
from Acquisition import aq_base
from bs4 import BeautifulSoup
from collective.cfprivate.access.grant import Reason
from collective.cfprivate.interfaces import IMediumChanged
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.media.places import conflicts_with
from collective.cfprivate.permissions import MANAGE
from collective.cfprivate.permissions import STREAM
from contextlib import contextmanager
from DateTime import DateTime
from plone import api
from plone.app.contenttypes.behaviors.leadimage import ILeadImageBehavior
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.multilingual.dx.interfaces import ILanguageIndependentField
from plone.app.multilingual.interfaces import IPloneAppMultilingualInstalled
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.uuid.interfaces import IUUID
from Products.CMFCore.indexing import processQueue
from Products.DCWorkflow.utils import modifyRolesForPermission
from types import SimpleNamespace
from zope.component import getGlobalSiteManager
from zope.event import notify
from zope.interface import alsoProvides
from zope.interface import noLongerProvides
from zope.lifecycleevent import Attributes
from zope.lifecycleevent import modified
from zope.lifecycleevent import ObjectModifiedEvent

import pytest
import transaction


SHARED = {
    "object_key": "talks/2026/a talk.mp4",
    "renditions": ("talks/2026/a talk.webm",),
    "poster": "talks/2026/poster.jpg",
    "duration": 12,
}
OWN = {"tracks": [{"language": "en", "text": "WEBVTT"}], "offer_download": True, "lifetime": 60}
NOTHING = {"object_key": None, "renditions": (), "poster": None, "duration": None}
LANGUAGES = ("de", "en", "fr", "ja")
NEW = "talks/2026/new.mp4"
OTHER = "talks/2026/another.mp4"
JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}


def make_multilingual(portal):
    with api.env.adopt_roles(["Manager"]):
        for language in LANGUAGES:
            api.portal.get_tool("portal_languages").addSupportedLanguage(language)
        applyProfile(portal, "plone.app.multilingual:default")


@pytest.fixture
def original(portal, make_video, add_user):
    """A restricted video in English; ``editor`` manages all in each language."""
    make_multilingual(portal)
    alsoProvides(portal.REQUEST, IPloneAppMultilingualInstalled)
    item = make_video(portal["en"], language="en", **SHARED, **OWN)
    add_user("editor")
    for language in LANGUAGES:
        api.user.grant_roles(username="editor", roles=["Contributor", "Editor"], obj=portal[language])
    return item


@pytest.fixture
def translation(original):
    """One that shares the medium."""
    return translate(original)


@pytest.fixture
def empty(original):
    """A translation by somebody who might not bring the medium along."""
    with forbidden(original, STREAM):
        return translate(original)


@contextmanager
def forbidden(item, permission):
    """For as long, nobody but Managers has the permission on the item."""
    name = pname(permission)
    before = vars(aq_base(item)).get(name)
    modifyRolesForPermission(item, permission, ("Manager",))
    try:
        yield
    finally:
        delattr(item, name) if before is None else setattr(item, name, before)


def translate(item, login="editor", *, language="ja"):
    with api.env.adopt_user(login):
        return ITranslationManager(item).add_translation(language)


def change(item, login="editor", *descriptions, **values):
    for name, value in values.items():
        setattr(IProtectedMedia(item), name, value)
    with api.env.adopt_user(login):
        notify(ObjectModifiedEvent(item, *descriptions))


def shared(item):
    return {name: getattr(IProtectedMedia(item), name) for name in SHARED}


def key(item):
    return IProtectedMedia(item).object_key


class TestNewTranslation:
    def test_has_the_medium(self, original):
        assert shared(translate(original)) == SHARED

    def test_has_nothing_else_of_it(self, original):
        fields = IProtectedMedia(translate(original))
        assert (fields.tracks, fields.offer_download, fields.lifetime) == ([], False, None)

    def test_is_found_by_its_files(self, original, portal):
        set_of_files = {"object_key": "set/index.m3u8", "renditions": ()}
        change(original, **set_of_files)
        translate(original)
        with api.env.adopt_roles(["Manager"]):
            other = api.content.create(portal, "Protected Video", "other", object_key="set/other.mp4")
        assert {item.getPhysicalPath()[2] for item in conflicts_with(other, medium_of(other))} == {"en", "ja"}

    @pytest.mark.parametrize("permission", [MANAGE, STREAM, "View"])
    def test_has_none_by_who_may_not_do_this_with_the_original(self, original, permission):
        with forbidden(original, permission):
            assert shared(translate(original)) == NOTHING

    def test_has_none_by_who_only_watches_the_original(self, original, portal, add_user):
        add_user("translator")
        api.user.grant_roles(username="translator", roles=["Media Viewer"], obj=original)
        api.user.grant_roles(username="translator", roles=["Contributor", "Editor"], obj=portal["ja"])
        assert shared(translate(original, "translator")) == NOTHING

    def test_leaves_the_original_as_it_was(self, original):
        translate(original)
        assert shared(original) == SHARED

    def test_of_what_is_not_published_yet_has_the_medium(self, original):
        original.setEffectiveDate(DateTime("2999/01/01"))
        assert shared(translate(original)) == SHARED

    def test_of_an_item_without_a_medium_has_none(self, original):
        change(original, **NOTHING)
        assert shared(translate(original)) == NOTHING

    def test_has_the_protection_of_its_own_state(self, original, ask):
        item = translate(original)
        reasons = {ask(each, "Media Viewer").reason for each in (original, item)}
        assert (api.content.get_state(item), reasons) == ("private", {Reason.GRANTED, Reason.NOT_PERMITTED})

    def test_of_a_copied_set_does_not_stop_the_original(self, portal, original):
        change(original, object_key="set/index.m3u8", renditions=())
        with api.env.adopt_roles(["Manager"]):
            copied = api.content.copy(original, portal["en"], "copied")
        assert key(translate(copied)) == "set/index.m3u8"
        processQueue()
        assert conflicts_with(original, medium_of(original)) == []


class TestConnected:
    """Items that were there, and become translations of each other."""

    @pytest.fixture
    def connect(self, original, portal, make_video):
        def connect_with(**values):
            item = make_video(portal["ja"], "hanashi", language="ja", **values)
            with api.env.adopt_user("editor"):
                ITranslationManager(original).register_translation("ja", item)
            return item

        return connect_with

    def test_an_empty_one_gets_the_medium(self, connect):
        assert shared(connect(object_key=None)) == SHARED

    def test_another_medium_stays(self, connect):
        assert key(connect(object_key=OTHER)) == OTHER

    def test_another_medium_stays_when_the_first_changes(self, connect, original):
        item = connect(object_key=OTHER)
        change(original, object_key=NEW)
        assert key(item) == OTHER

    def test_another_medium_is_not_given_to_those_that_share_one(self, connect, original, portal):
        dubbed = connect(object_key=OTHER)
        third = translate(original, language="de")
        change(dubbed, object_key=NEW)
        assert [key(item) for item in (original, third, dubbed)] == [SHARED["object_key"], SHARED["object_key"], NEW]

    def test_goes_its_own_way_after_a_change_on_its_own(self, original, translation):
        with api.env.adopt_user("editor"):
            ITranslationManager(original).remove_translation("ja")
            change(translation, object_key=OTHER)
            ITranslationManager(original).register_translation("ja", translation)
        change(translation, poster=None)
        before = key(original)
        change(original, object_key=NEW)
        assert (before, key(translation)) == (SHARED["object_key"], OTHER)

    def test_another_medium_is_shared_with_an_empty_one_alone(self, connect, original):
        translate(original, language="fr")
        with forbidden(original, STREAM):
            empty = translate(original, language="de")
        dubbed = connect(object_key=OTHER)
        keys = []
        for name in (NEW, OTHER):
            change(dubbed, object_key=name)
            keys.append((key(original), key(empty)))
        assert keys == [(SHARED["object_key"], NEW), (SHARED["object_key"], OTHER)]

    def test_the_same_medium_follows(self, connect, original):
        item = connect(**SHARED)
        change(original, object_key=NEW)
        assert key(item) == NEW

    def test_what_was_shared_with_others_stays(self, connect, original, translation, portal, make_video):
        """The group of translations that it was in is not this one."""
        with api.env.adopt_user("editor"):
            ITranslationManager(original).remove_translation("ja")
            other = make_video(portal["en"], "other", language="en", object_key=OTHER)
            ITranslationManager(other).register_translation("ja", translation)
        change(other, object_key=NEW)
        assert shared(translation) == SHARED

    def test_a_copy_that_was_emptied_gets_the_medium(self, original, translation, portal, make_video):
        """What it was copied from shared a medium with others."""
        with api.env.adopt_roles(["Manager"]):
            copied = api.content.copy(translation, portal["ja"], "copied")
        change(copied, **NOTHING)
        with api.env.adopt_user("editor"):
            other = make_video(portal["en"], "other", language="en", object_key=OTHER)
            ITranslationManager(other).register_translation("ja", copied)
        assert key(copied) == OTHER


class TestLaterChange:
    def test_comes_to_the_translation(self, original, translation):
        change(original, object_key=NEW, renditions=(), poster=None, duration=34)
        assert shared(translation) == {"object_key": NEW, "renditions": (), "poster": None, "duration": 34}

    def test_of_a_translation_comes_to_the_original(self, original, translation):
        change(translation, object_key=NEW)
        assert key(original) == NEW

    def test_of_a_translation_leaves_captions_where_they_are(self, original, translation):
        change(translation, object_key=NEW)
        assert [track["language"] for track in IProtectedMedia(original).tracks] == ["en"]

    def test_fills_an_empty_translation(self, original, empty):
        change(original, object_key=NEW)
        assert key(empty) == NEW

    @pytest.mark.parametrize("permission", [MANAGE, STREAM, "View"])
    def test_stays_where_it_is_without_this_on_the_source(self, original, translation, permission):
        with forbidden(original, permission):
            change(original, object_key=NEW)
        assert shared(translation) == SHARED

    def test_stays_where_it_is_without_the_right_to_manage_the_target(self, original, translation):
        with forbidden(translation, MANAGE):
            change(original, object_key=NEW)
        assert shared(translation) == SHARED

    def test_does_not_need_the_right_to_watch_the_target(self, original, translation):
        with forbidden(translation, STREAM):
            change(original, object_key=NEW)
        assert key(translation) == NEW

    def test_of_an_empty_translation_by_who_may_not_takes_nothing_away(self, original, empty):
        change(empty, duration=34)
        assert shared(original) == SHARED

    def test_that_empties_empties_the_translation(self, original, translation):
        change(original, **NOTHING)
        assert shared(translation) == NOTHING

    def test_that_empties_takes_nothing_from_others_without_the_right(self, original, translation):
        with forbidden(original, MANAGE):
            change(translation, **NOTHING)
        assert shared(original) == SHARED

    def test_comes_by_the_next_who_may(self, original, translation):
        with forbidden(translation, MANAGE):
            change(original, object_key=NEW)
        change(original, poster=None)
        assert (key(translation), IProtectedMedia(translation).poster) == (NEW, None)

    def test_leaves_a_translation_that_went_its_own_way(self, original, translation):
        with forbidden(original, MANAGE):
            change(translation, object_key=OTHER)
        change(original, object_key=NEW)
        assert key(translation) == OTHER

    def test_reaches_each_translation(self, original, translation):
        third = translate(original, language="de")
        change(translation, object_key=NEW)
        assert (key(original), key(third)) == (NEW, NEW)

    def test_reaches_each_after_one_more_has_joined(self, original, translation):
        with forbidden(original, STREAM):
            third = translate(original, language="de")
        with forbidden(translation, MANAGE):
            change(third, **SHARED)
        change(original, object_key=NEW)
        assert [key(item) for item in (original, translation, third)] == [NEW, NEW, NEW]


def test_each_change_is_told(original, translation):
    heard = []

    def listen(event):
        heard.append((event.object.absolute_url_path(), event.fields))

    getGlobalSiteManager().registerHandler(listen, [IMediumChanged])
    change(original, object_key=NEW)
    getGlobalSiteManager().unregisterHandler(listen, [IMediumChanged])
    fields = ("object_key",)
    assert sorted(heard) == sorted((item.absolute_url_path(), fields) for item in (original, translation))


class TestWhatChanged:
    """Only who changes the medium brings it along."""

    @pytest.fixture
    def behind(self, original, translation):
        """The translation of an original that somebody changed who might not change that."""
        with forbidden(translation, MANAGE):
            change(original, object_key=NEW)
        return translation

    @pytest.mark.parametrize("name", ["object_key", "IProtectedMedia.object_key", "IProtectedMedia.duration"])
    def test_a_field_of_the_medium(self, original, behind, name):
        change(original, "editor", Attributes(IProtectedMedia, name))
        assert key(behind) == NEW

    @pytest.mark.parametrize(
        "description",
        [
            Attributes(IProtectedMedia, "IProtectedMedia.tracks"),
            Attributes(ILeadImageBehavior, "ILeadImageBehavior.image_caption"),
            Attributes(IProtectedMedia),
            "a group of translations",
        ],
        ids=["captions", "of another behavior", "no field", "no fields at all"],
    )
    def test_another_field(self, original, behind, description):
        change(original, "editor", description)
        assert shared(behind) == SHARED

    def test_nothing(self, original, behind):
        """Somebody saves the translation, which is not to take back what is new in the original."""
        change(behind)
        assert key(original) == NEW


class TestMultilingual:
    """What plone.app.multilingual does at the same time."""

    @pytest.fixture(autouse=True)
    def _shared_caption(self):
        field = ILeadImageBehavior["image_caption"]
        alsoProvides(field, ILanguageIndependentField)
        yield
        noLongerProvides(field, ILanguageIndependentField)

    def test_its_fields_come_along(self, original, translation):
        original.image_caption = "A lake"
        change(original, object_key=NEW)
        assert (original.image_caption, translation.image_caption, key(translation)) == ("A lake", "A lake", NEW)

    def test_its_fields_do_not_come_back(self, original, portal, make_video):
        """The event of a translation that has the medium now would copy what the translation lacks yet."""
        original.image_caption = "A lake"
        item = make_video(portal["ja"], "hanashi", language="ja", object_key=None)
        with api.env.adopt_user("editor"):
            ITranslationManager(original).register_translation("ja", item)
        assert (key(item), original.image_caption) == (SHARED["object_key"], "A lake")

    def test_its_users_who_may_do_everything_change_no_medium(self, original, translation):
        name = "plone.bypass_languageindependent_field_permission_check"
        api.portal.set_registry_record(name, True)
        original.image_caption = "A lake"
        with forbidden(translation, MANAGE):
            change(original, object_key=NEW)
        assert (translation.image_caption, key(translation)) == ("A lake", SHARED["object_key"])

    def test_no_field_is_marked_for_it(self):
        assert [name for name in IProtectedMedia if ILanguageIndependentField.providedBy(IProtectedMedia[name])] == []


def test_an_old_check_in_takes_nothing_back(original, translation, portal):
    applyProfile(portal, "plone.app.iterate:default")
    with api.env.adopt_user("editor"):
        copy = ICheckinCheckoutPolicy(translation).checkout(portal["ja"])
    change(original, object_key=NEW)
    with api.env.adopt_user("editor"):
        ICheckinCheckoutPolicy(copy).checkin("checked in")
    assert key(original) == NEW


def test_a_check_in_of_a_new_medium_comes_to_the_translation(original, translation, portal):
    applyProfile(portal, "plone.app.iterate:default")
    with api.env.adopt_user("editor"):
        copy = ICheckinCheckoutPolicy(original).checkout(portal["en"])
        IProtectedMedia(copy).object_key = NEW
        ICheckinCheckoutPolicy(copy).checkin("checked in")
    assert key(translation) == NEW


def test_a_copy_shares_with_nobody(original, translation):
    with api.env.adopt_user("editor"):
        copied = api.content.copy(original, original.aq_parent, "copied")
    change(copied, object_key=NEW)
    assert {key(item) for item in (original, translation)} == {SHARED["object_key"]}


def test_a_type_that_has_lost_the_behavior_is_left_alone(original, translation):
    fti = api.portal.get_tool("portal_types")["Document"]
    translation.portal_type = fti.getId()
    change(original, object_key=NEW)
    assert getattr(translation, "object_key", None) == SHARED["object_key"]


def test_a_site_that_is_not_multilingual_shares_nothing(portal, make_video):
    setRoles(portal, TEST_USER_ID, ["Manager"])
    first, second = make_video(portal, "first"), make_video(portal, "second", object_key=None)
    IProtectedMedia(first).object_key = NEW
    modified(first)
    assert key(second) is None


class TestServed:
    """By the forms and by REST, which tell of it each in a way of its own."""

    @pytest.fixture
    def site(self, served, make_video, add_user):
        """The original in English, the folder in Japanese, and functions that ask the site, or send as ``editor``."""
        make_multilingual(served.portal)
        item = make_video(served.portal["en"], language="en", **SHARED)
        add_user("editor")
        for language in LANGUAGES:
            api.user.grant_roles(username="editor", roles=["Contributor", "Editor"], obj=served.portal[language])
        transaction.commit()

        def send(path, method="POST", **values):
            answer = served.get(path, "editor", method, **values)
            transaction.begin()
            assert answer.status_code < 400, answer.status_code

        return SimpleNamespace(item=item, ja=served.portal["ja"], send=send, get=served.get)

    @pytest.fixture(params=["rest", "form"])
    def made(self, request, site):
        """A function that makes a translation."""

        def send_json():
            values = {"@type": "Protected Video", "title": "x", "language": "ja", "translation_of": IUUID(site.item)}
            site.send("ja", json={**values, "id": "hanashi"}, headers=JSON)

        def send_form():
            path = f"ja/++addtranslation++{IUUID(site.item)}"
            token = BeautifulSoup(site.get(path, "editor").text, "html.parser").find(attrs={"name": "_authenticator"})
            title = {"form.widgets.IBasic.title": "hanashi", "form.widgets.IDublinCore.title": "hanashi"}
            site.send(path, data={**title, "form.buttons.save": "Save", "_authenticator": token["value"]}, headers=HTML)

        def make():
            {"rest": send_json, "form": send_form}[request.param]()
            return shared(site.ja["hanashi"])

        return make

    def test_a_new_translation_has_the_medium(self, made):
        assert made() == SHARED

    def test_a_new_translation_by_who_may_not_has_none(self, site, made):
        modifyRolesForPermission(site.item, STREAM, ("Manager",))
        transaction.commit()
        assert made() == NOTHING

    def test_a_change_by_rest_comes_to_the_translation(self, site):
        translation = translate(site.item)
        transaction.commit()
        site.send("en/talk", "PATCH", json={"object_key": NEW}, headers=JSON)
        assert key(translation) == NEW

    def test_a_change_of_the_title_brings_nothing(self, site):
        translation = translate(site.item)
        IProtectedMedia(site.item).object_key = NEW
        transaction.commit()
        site.send("en/talk", "PATCH", json={"title": "Another"}, headers=JSON)
        assert key(translation) == SHARED["object_key"]
