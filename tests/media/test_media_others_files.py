"""Who knows the key of somebody else's file does not get to the file by attaching it to an item of his own."""

from collective.cfprivate.access import attaching
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.by_key import INDEX
from DateTime import DateTime
from hashlib import sha256
from plone import api
from plone.testing.zope import Browser
from urllib.parse import urlencode

import hmac
import pytest
import transaction


FIELD = "form.widgets.IProtectedMedia.object_key"
JSON = {"Accept": "application/json"}
FILES = ["paid/film.mp4", "paid/small.mp4", "paid/film.jpg", "paid/en.vtt"]


@pytest.fixture
def desk(served, add_user):
    """The served site with a folder whose editor sees nothing of the talk, which has one file of each kind."""
    media = IProtectedMedia(served.item)
    media.object_key, media.renditions, media.poster = FILES[0], (FILES[1],), FILES[2]
    media.tracks = [{"language": "en", "object_key": FILES[3]}]
    served.item.title = "A secret title"
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(served.portal, "Folder", "desk")
        api.content.transition(served.item, to_state="private")
    add_user("editor")
    api.user.grant_roles(username="editor", roles=["Editor", "Contributor"], obj=folder)
    served.item.reindexObject()
    transaction.commit()
    return served


@pytest.fixture
def add(desk):
    """A function that adds a Protected Video to the desk over REST; the answer."""

    def post(login="editor", **fields):
        body = {"@type": "Protected Video", "id": "own", "title": "Own", **fields}
        return desk.get("desk", login, "POST", headers=JSON, json=body)

    return post


@pytest.fixture
def add_by_form(desk, functional_app):
    """A function that adds a Protected Video to the desk in the form; the page that follows."""
    browser = Browser(functional_app)
    browser.raiseHttpErrors = False
    browser.addHeader("Authorization", "Basic editor:secret-of-editor")

    def add(key):
        browser.open(f"{desk.url}/desk/++add++Protected Video")
        browser.getControl(name="form.widgets.IDublinCore.title").value = "Own"
        browser.getControl(name=FIELD).value = key
        browser.getControl("Save").click()
        transaction.begin()
        return browser.contents

    return add


@pytest.fixture
def confine(desk):
    """A function that sets the lines of the setting."""

    def set_lines(*lines):
        transaction.begin()
        api.portal.set_registry_record("collective.cfprivate.key_prefixes", lines)
        transaction.commit()

    return set_lines


def with_file(key):
    """Fields of an item that has the file in the place that fits it."""
    if key.endswith(".jpg"):
        return {"object_key": "desk/own.mp4", "poster": key}
    if key.endswith(".vtt"):
        return {"object_key": "desk/own.mp4", "tracks": [{"language": "en", "object_key": key}]}
    return {"object_key": key}


class TestAdding:
    @pytest.mark.parametrize("key", FILES)
    def test_is_refused(self, add, desk, key):
        answer = add(**with_file(key))
        transaction.begin()
        assert (answer.status_code, "own" in desk.portal["desk"]) == (400, False)

    def test_is_refused_as_a_further_rendition(self, add):
        assert add(object_key="desk/own.mp4", renditions=[FILES[1]]).status_code == 400

    @pytest.mark.parametrize("key", FILES)
    def test_tells_nothing_of_the_other_item(self, add, key):
        text = add(**with_file(key)).text
        assert ("secret title" in text, "talk" in text, "belongs to an item" in text) == (False, False, True)

    def test_is_for_who_may_stream_the_other_item(self, add):
        assert add("manager", object_key=FILES[0]).status_code == 201

    @pytest.mark.parametrize("key", ["paid/film2.mp4", "paid/Film.mp4", "film.mp4"])
    def test_is_done_with_another_file(self, add, key):
        assert add(object_key=key).status_code == 201

    def test_is_done_where_everybody_may_watch_the_other_item(self, add, desk):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(desk.item, to_state="public")
        transaction.commit()
        assert add(object_key=FILES[0]).status_code == 201

    def test_is_refused_where_the_profile_is_older(self, add, desk):
        desk.portal["portal_catalog"].delIndex(INDEX)
        transaction.commit()
        assert add(object_key=FILES[0]).status_code == 400

    @pytest.mark.parametrize("name", ["effective_date", "expiration_date"])
    @pytest.mark.parametrize(("roles", "status"), [([], 400), (["Editor"], 201)])
    def test_is_refused_outside_the_dates_of_the_other_item_but_to_who_manages_it(self, add, desk, name, roles, status):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(desk.item, to_state="public")
        setattr(desk.item, name, DateTime() + (1 if name == "effective_date" else -1))
        api.user.grant_roles(username="editor", roles=roles or ["Reader"], obj=desk.item)
        transaction.commit()
        assert add(object_key=FILES[0]).status_code == status

    @pytest.mark.parametrize(("asked", "status"), [(True, 400), (False, 201)])
    def test_is_refused_where_a_folder_hides_the_other_item(self, add, desk, asked, status):
        with api.env.adopt_roles(["Manager"]):
            vault = api.content.create(desk.portal, "Folder", "vault")
            api.content.transition(desk.item, to_state="public")
            api.content.move(desk.item, vault)
        api.portal.set_registry_record("collective.cfprivate.view_on_parents", asked)
        transaction.commit()
        assert add(object_key=FILES[0]).status_code == status


class TestChange:
    @pytest.fixture
    def shortname(self, desk):
        """A function that has REST set the id after the key, or before it as it comes: the rename indexes the item."""

        def put(*, is_last):
            transaction.begin()
            fti, name = desk.portal["portal_types"]["Protected Video"], "plone.shortname"
            others = [each for each in fti.behaviors if each != name]
            fti.manage_changeProperties(behaviors=(*others, name) if is_last else (name, *others))
            transaction.commit()

        return put

    @pytest.fixture
    def change(self, add, desk):
        """A function that changes the own item over REST; the status."""
        add(object_key="desk/own.mp4")
        return lambda **fields: desk.get("desk/own", "editor", "PATCH", headers=JSON, json=fields).status_code

    @pytest.mark.parametrize("key", FILES)
    def test_is_refused(self, change, key):
        assert change(**with_file(key)) == 400

    @pytest.mark.parametrize("key", FILES)
    @pytest.mark.parametrize("is_last", [False, True])
    def test_is_refused_together_with_another_id(self, change, shortname, is_last, key):
        shortname(is_last=is_last)
        assert change(id="renamed", **with_file(key)) == 400

    def test_is_done_with_another_file(self, change):
        assert change(object_key="desk/other.mp4") == 204

    def test_of_something_else_is_done_where_the_file_is_there_already(self, change, desk):
        transaction.begin()
        IProtectedMedia(desk.portal["desk"]["own"]).object_key = FILES[0]
        desk.portal["desk"]["own"].reindexObject()
        transaction.commit()
        assert change(duration=12) == 204


class TestForm:
    def test_refuses_it(self, add_by_form, desk):
        assert ("belongs to an item" in add_by_form(FILES[0]), desk.portal["desk"].objectIds()) == (True, [])

    def test_takes_another_file(self, add_by_form, desk):
        add_by_form("desk/own.mp4")
        assert desk.portal["desk"].objectIds() == ["own"]


class TestConfined:
    """Where the setting names folders of the bucket, no file from elsewhere is attached."""

    @pytest.fixture
    def in_crew(self, desk):
        transaction.begin()
        api.group.create(groupname="crew")
        api.group.add_user(groupname="crew", username="editor")
        transaction.commit()

    @pytest.mark.parametrize("key", ["other/own.mp4", "own.mp4", "desk2/own.mp4", "Desk/own.mp4", "other/own.m3u8"])
    def test_a_file_from_elsewhere_is_refused(self, add, confine, desk, key):
        confine("desk/")
        answer = add(object_key=key)
        transaction.begin()
        assert (answer.status_code, "own" in desk.portal["desk"]) == (400, False)

    @pytest.mark.parametrize("key", ["desk/own.mp4", "desk/hls/own.m3u8"])
    def test_a_file_from_there_is_taken(self, add, confine, key):
        confine("desk/")
        assert add(object_key=key).status_code == 201

    @pytest.mark.parametrize("key", FILES)
    def test_of_no_kind_of_file(self, add, confine, key):
        confine("desk/")
        assert add(**with_file(key)).status_code == 400

    def test_the_answer_does_not_tell_whether_a_key_is_used(self, add, confine):
        confine("desk/", "paid/")
        used, unused, own = add(object_key=FILES[0]), add(object_key="other/x.mp4"), add(object_key="desk/own.mp4")
        assert (used.json() == unused.json(), used.status_code, own.status_code) == (True, 400, 201)

    def test_no_other_item_is_looked_for_then(self, add, confine, monkeypatch):
        confine("desk/")
        asked = []
        monkeypatch.setattr(attaching, "items_with", lambda *keys: asked.append(keys) or [])
        assert (add(object_key=FILES[0]).status_code, asked) == (400, [])

    @pytest.mark.parametrize(("line", "status"), [("other/ crew", 201), ("other/ Reviewers", 400), ("/ crew", 201)])
    def test_a_group_may_have_its_own(self, add, confine, in_crew, line, status):
        confine(line)
        assert add(object_key="other/own.mp4").status_code == status

    @pytest.mark.parametrize(("line", "status"), [("other/ /desk", 201), ("other/ /desk2", 400), ("other/ /", 201)])
    def test_a_folder_may_have_its_own(self, add, confine, line, status):
        confine(line)
        assert add(object_key="other/own.mp4").status_code == status

    def test_who_may_configure_is_not_confined(self, add, confine):
        confine("desk/")
        assert add("manager", object_key="other/own.mp4").status_code == 201

    def test_a_change_is_refused_and_what_is_there_may_stay(self, add, confine, desk):
        add(object_key="other/own.mp4")
        confine("desk/")
        statuses = [
            desk.get("desk/own", "editor", "PATCH", headers=JSON, json=fields).status_code
            for fields in ({"object_key": "other/new.mp4"}, {"renditions": ["other/new.mp4"]}, {"duration": 12})
        ]
        assert statuses == [400, 400, 204]

    def test_the_folder_of_an_item_is_where_it_lies(self, add, confine, desk):
        add(object_key="desk/own.mp4")
        confine("other/ /desk/own")
        answer = desk.get("desk/own", "editor", "PATCH", headers=JSON, json={"object_key": "other/new.mp4"})
        assert answer.status_code == 400

    def test_the_form_refuses_it(self, add_by_form, confine, desk):
        confine("desk/", "talks/")
        page = add_by_form("other/own.mp4")
        assert ("what lies in desk/, talks/ and" in page, desk.portal["desk"].objectIds()) == (True, [])

    def test_without_a_line_that_fits_nothing_is_attached(self, add, confine):
        confine("other/ crew")
        assert "ask who configures" in add(object_key="desk/own.mp4").text

    def test_an_item_without_a_medium_is_made_by_everybody(self, add, confine):
        confine("other/ crew")
        assert add(object_key=None).status_code == 201

    def test_a_translation_and_a_copy_take_along_what_is_there(self, add, confine, desk):
        add(object_key="other/own.mp4")
        confine("desk/")
        source = {"source": f"{desk.url}/desk/own"}
        answer = desk.get("desk/@copy", "editor", "POST", headers=JSON, json=source)
        transaction.begin()
        (copied,) = [item for name, item in desk.portal["desk"].objectItems() if name != "own"]
        assert (answer.status_code, IProtectedMedia(copied).object_key) == (200, "other/own.mp4")


class TestPreview:
    """What is entered is shown before it is saved, and must be no way to a file that could not be saved."""

    @pytest.fixture
    def preview(self, add, desk):
        """A function that has the editor look at a key in the form of the own item; whether anything is signed."""
        add(object_key="desk/own.mp4")

        def is_shown(key):
            answer = desk.get("desk/own/@@cfprivate-preview", "editor", "POST", data={FIELD: key})
            return "Signature=" in answer.text

        return is_shown

    @pytest.mark.parametrize(("key", "is_shown"), [("desk/new.mp4", True), (FILES[0], False), (FILES[1], False)])
    def test_is_of_no_file_of_others(self, preview, key, is_shown):
        assert preview(key) is is_shown

    @pytest.mark.parametrize(("key", "is_shown"), [("desk/own.mp4", True), ("desk/a.mp4", True), ("a/a.mp4", False)])
    def test_is_of_no_file_from_elsewhere(self, preview, confine, key, is_shown):
        confine("desk/")
        assert preview(key) is is_shown


class TestIndex:
    def test_is_of_no_column(self, desk):
        assert INDEX not in desk.portal["portal_catalog"].schema()

    def test_holds_no_key(self, desk):
        values = desk.portal["portal_catalog"].uniqueValuesFor(INDEX)
        assert (len(values), [value for value in values if "paid" in value or "film" in value]) == (4, [])


class TestGuess:
    """Plone lets everybody query an index by its name: here that tells nothing to who guesses a key."""

    @pytest.fixture
    def seen(self, desk):
        """A function that gives how many items a visitor finds by a value of the index; he sees the talk itself."""
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(desk.item, to_state="restricted")
        transaction.commit()

        def count(value, path="@search", headers=JSON):
            return desk.get(f"{path}?{urlencode({INDEX: value})}", headers=headers).json()["items_total"]

        return count

    @pytest.mark.parametrize("key", FILES)
    @pytest.mark.parametrize("word", ["", "used\0"])
    def test_finds_nothing(self, seen, key, word):
        guess = f"{word}{key}".encode()
        digests = [guess.decode(), sha256(guess).hexdigest(), hmac.new(b"", guess, sha256).hexdigest()]
        assert [seen(digest) for digest in digests] == [0, 0, 0]

    def test_only_the_digest_with_the_secret_finds_it(self, seen, desk):
        transaction.begin()
        (digest, *_) = desk.portal["portal_catalog"].uniqueValuesFor(INDEX)
        assert seen(digest) == 1
