"""A translation shows no medium of the original to who may not watch that."""

from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api
from plone.app.multilingual.dx.interfaces import ILanguageIndependentField
from plone.app.multilingual.events import ObjectTranslatedEvent
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from plone.uuid.interfaces import IUUID
from zope.event import notify
from zope.interface import alsoProvides
from zope.interface import noLongerProvides

import pytest
import transaction


KEY = "talks/2026/a talk.mp4"


@pytest.fixture
def original(portal, make_video, add_user):
    """A restricted video in English; ``translator`` may add anything in Japanese, and sees the page."""
    with api.env.adopt_roles(["Manager"]):
        languages = api.portal.get_tool("portal_languages")
        languages.addSupportedLanguage("ja")
        applyProfile(portal, "plone.app.multilingual:default")
        item = make_video(portal["en"], language="en")
    add_user("translator")
    api.user.grant_roles(username="translator", roles=["Contributor", "Editor"], obj=portal["ja"])
    return item


@pytest.fixture
def shared_fields():
    """The fields as a site may have made them: copied to each translation."""
    fields = [IProtectedMedia[name] for name in ("object_key", "poster")]
    for field in fields:
        alsoProvides(field, ILanguageIndependentField)
    yield
    for field in fields:
        noLongerProvides(field, ILanguageIndependentField)


def translate(item, login):
    with api.env.adopt_user(login):
        return ITranslationManager(item).add_translation("ja")


def test_a_translation_has_no_medium_of_its_own_accord(original):
    assert IProtectedMedia(translate(original, "translator")).object_key is None


class TestSharedFields:
    @pytest.fixture(autouse=True)
    def _shared(self, shared_fields):
        """For each test of the class."""

    def test_stay_behind_for_who_may_not_stream(self, original):
        assert IProtectedMedia(translate(original, "translator")).object_key is None

    def test_stay_in_the_original(self, original):
        translate(original, "translator")
        assert IProtectedMedia(original).object_key == KEY

    def test_come_along_for_who_may_stream(self, original):
        api.user.grant_roles(username="translator", roles=["Media Viewer"], obj=original)
        assert IProtectedMedia(translate(original, "translator")).object_key == KEY

    def test_come_along_for_who_manages_the_original(self, original):
        api.user.grant_roles(username="translator", roles=["Editor"], obj=original)
        assert IProtectedMedia(translate(original, "translator")).object_key == KEY


class TestTyped:
    """What a translator entered in the form of the translation."""

    @pytest.fixture
    def kept(self, original, portal):
        def enter(key):
            with api.env.adopt_user("translator"):
                target = api.content.create(portal["ja"], "Protected Video", "hanashi", object_key=key)
                notify(ObjectTranslatedEvent(original, target, "ja"))
            return IProtectedMedia(target).object_key

        return enter

    def test_another_medium_stays(self, kept):
        assert kept("talks/hanashi.mp4") == "talks/hanashi.mp4"

    def test_the_medium_of_the_original_does_not(self, kept):
        assert kept(KEY) is None


class TestFormOfATranslation:
    """The page that shows the original beside the fields of its translation."""

    @pytest.fixture
    def page(self, served, add_user, make_video):
        with api.env.adopt_roles(["Manager"]):
            api.portal.get_tool("portal_languages").addSupportedLanguage("ja")
            applyProfile(served.portal, "plone.app.multilingual:default")
            item = make_video(served.portal["en"], language="en", title="The original")
        add_user("translator")
        api.user.grant_roles(username="translator", roles=["Contributor", "Editor"], obj=served.portal["ja"])
        transaction.commit()
        form = f"ja/++addtranslation++{IUUID(item)}"
        return lambda path=form, login="translator": served.get(path, login, headers={"Accept": "text/html"})

    @pytest.mark.parametrize("path", ["en/talk/babel_view", "en/talk/@@babel_view", "en/talk"])
    def test_names_no_medium_of_the_original(self, page, path):
        assert ("The original" in page(path).text, KEY in page(path).text) == (True, False)

    def test_is_given_to_the_translator(self, page):
        assert 'name="form.widgets.IProtectedMedia.object_key"' in page().text

    def test_fills_in_no_medium(self, page):
        assert KEY not in page().text
