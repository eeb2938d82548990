"""The classic form says at the field what is wrong with a key, and saves a right one."""

from collective.cfprivate.media.medium import medium_of
from plone import api
from plone.testing.zope import Browser

import pytest
import transaction


FIELD = "form.widgets.IProtectedMedia.object_key"


@pytest.fixture
def edit(served, functional_app):
    """A function that saves the video with ``key`` in its edit form and returns the page that follows."""
    browser = Browser(functional_app)
    browser.raiseHttpErrors = False
    browser.addHeader("Authorization", "Basic manager:secret-of-manager")

    def save(key):
        browser.open(f"{served.url}/talk/edit")
        browser.getControl(name=FIELD).value = key
        browser.getControl("Save").click()
        transaction.begin()
        return browser.contents

    return save


def key_of_the_item():
    medium = medium_of(api.portal.get()["talk"])
    return medium and medium.object_key


@pytest.mark.parametrize(
    ("entered", "kept"),
    [("talks/a%20b.mp4", "talks/a%20b.mp4"), ("  talks/a.mp4 ", "talks/a.mp4"), ("", None), ("   ", None)],
)
def test_what_is_right_is_saved(edit, entered, kept):
    edit(entered)
    assert key_of_the_item() == kept


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ("/talks/a.mp4", "Leave it out: videos/talk.mp4."),
        ("https://d111111abcdef8.cloudfront.net/a.mp4", "Give the part behind the host"),
        ("talks/*.mp4", "Rename the file."),
        ("talks/a.exe", "the object key must end in one of .m3u8, .mp4, .m4v, .webm, .mp3,"),
    ],
)
def test_what_is_wrong_is_said(edit, entered, sentence):
    assert sentence in edit(entered)


class TestLifetime:
    """The form says which lifetime counts."""

    @pytest.fixture
    def form(self, served, functional_app):
        def read():
            transaction.commit()
            browser = Browser(functional_app)
            browser.addHeader("Authorization", "Basic manager:secret-of-manager")
            browser.open(f"{served.url}/talk/edit")
            return browser.contents

        return read

    def test_of_the_site(self, form):
        assert "A signed URL lives 3600 seconds: the default of this site." in form()

    def test_of_the_state(self, form):
        rules = {"protected_media_workflow": {"restricted": {"lifetime": 120}}}
        api.portal.set_registry_record("collective.cfprivate.state_rules", rules)
        assert "A signed URL lives 120 seconds: the rule of the workflow state" in form()

    def test_of_the_item(self, served, form):
        served.item.lifetime = 60
        assert "A signed URL lives 60 seconds: this item asks for it." in form()

    def test_that_the_site_caps(self, served, form):
        served.item.lifetime = 604800
        assert "The longest lifetime of this site makes it 86400 seconds." in form()

    def test_writes_a_title_of_a_state_as_text(self, form):
        state = api.portal.get_tool("portal_workflow")["protected_media_workflow"].states["restricted"]
        state.title = "<b>Ours</b> & theirs"
        rules = {"protected_media_workflow": {"restricted": {"lifetime": 120}}}
        api.portal.set_registry_record("collective.cfprivate.state_rules", rules)
        assert "&lt;b&gt;Ours&lt;/b&gt; &amp; theirs" in form()

    def test_of_a_container_is_not_that_of_what_is_added_to_it(self, served, functional_app, add_behavior):
        add_behavior("Folder")
        with api.env.adopt_roles(["Manager"]):
            api.content.create(served.portal, "Folder", "folder", lifetime=77)
        transaction.commit()
        browser = Browser(functional_app)
        browser.addHeader("Authorization", "Basic manager:secret-of-manager")
        browser.open(f"{served.url}/folder/++add++Protected Video")
        assert "this item asks for it" not in browser.contents

    def test_of_an_item_that_is_yet_to_be_made_is_unknown(self, served, functional_app):
        browser = Browser(functional_app)
        browser.addHeader("Authorization", "Basic manager:secret-of-manager")
        browser.open(f"{served.url}/++add++Protected Video")
        assert "the default of this site" not in browser.contents

    @pytest.mark.parametrize("entered", ["0", "604801", "soon"])
    def test_that_is_none_is_not_saved(self, served, functional_app, entered):
        browser = Browser(functional_app)
        browser.addHeader("Authorization", "Basic manager:secret-of-manager")
        browser.open(f"{served.url}/talk/edit")
        browser.getControl(name="form.widgets.IProtectedMedia.lifetime").value = entered
        browser.getControl("Save").click()
        transaction.begin()
        assert served.portal["talk"].lifetime is None


def test_what_is_wrong_is_not_saved(edit):
    edit("/talks/a.mp4")
    assert key_of_the_item() == "talks/2026/a talk.mp4"
