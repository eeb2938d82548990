"""Subscribers and content rules are told once that an item got another medium, and of nothing else."""

from collective.cfprivate.interfaces import IMediumChanged
from collective.cfprivate.interfaces import IPlaybackEvent
from collective.cfprivate.interfaces import IPlaybackGranted
from collective.cfprivate.interfaces import IPlaybackRefused
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.permissions import MANAGE
from pathlib import Path
from plone import api
from plone.app.contentrules.actions.workflow import WorkflowAction
from plone.app.contentrules.rule import Rule
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile
from plone.contentrules.engine.assignments import RuleAssignment
from plone.contentrules.engine.interfaces import IRuleAssignmentManager
from plone.contentrules.engine.interfaces import IRuleStorage
from plone.contentrules.rule.interfaces import IRuleEventType
from plone.testing.zope import Browser
from Products.DCWorkflow.utils import modifyRolesForPermission
from textwrap import dedent
from types import SimpleNamespace
from zope.component import getGlobalSiteManager
from zope.component import getUtility
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent
from zope.schema.interfaces import IVocabularyFactory

import pytest
import re
import transaction


JSON = {"Accept": "application/json"}
FIELD = "form.widgets.IProtectedMedia.object_key"
SECRET = "talks/secretword.mp4"


@pytest.fixture
def told():
    """What is told from now on: the id of the item and the names of the fields, each time."""
    heard = []

    def listen(event):
        heard.append((event.object.getId(), event.fields))

    getGlobalSiteManager().registerHandler(listen, [IMediumChanged])
    yield heard
    getGlobalSiteManager().unregisterHandler(listen, [IMediumChanged])


@pytest.fixture
def item(portal, make_video):
    return make_video(portal)


def change(item, **values):
    for name, value in values.items():
        setattr(IProtectedMedia(item), name, value)
    notify(ObjectModifiedEvent(item))


class TestProgram:
    """One that writes through the behavior and then says that the item was modified."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("object_key", SECRET),
            ("renditions", ("a.webm",)),
            ("poster", "a.jpg"),
            ("tracks", [{"kind": "captions", "language": "en", "label": "", "object_key": "a.vtt", "default": False}]),
            ("duration", 12),
            ("offer_download", True),
            ("lifetime", 60),
        ],
    )
    def test_tells_of_each_field(self, item, told, name, value):
        change(item, **{name: value})
        assert told == [("talk", (name,))]

    def test_tells_of_several_fields_together(self, item, told):
        change(item, poster="a.jpg", duration=12)
        assert told == [("talk", ("duration", "poster"))]

    def test_tells_it_once(self, item, told):
        change(item, duration=12)
        change(item)
        assert len(told) == 1

    def test_tells_nothing_where_nothing_is_another(self, item, told):
        change(item, object_key=item.object_key, renditions=(), duration=None)
        assert told == []

    def test_tells_nothing_of_another_item(self, item, told, portal, make_video):
        other = make_video(portal, "other")
        IProtectedMedia(item).duration = 12
        change(other)
        assert told == []

    def test_tells_nothing_that_was_aborted(self, functional_portal, make_video, told):
        item = make_video(functional_portal)
        transaction.commit()
        IProtectedMedia(item).duration = 12
        transaction.abort()
        change(functional_portal["talk"])
        assert told == []

    def test_tells_nothing_of_a_new_item(self, portal, told, make_video):
        change(make_video(portal))
        assert told == []

    def test_tells_nothing_of_a_copy_that_left_its_medium_behind(self, item, portal, told, add_user):
        modifyRolesForPermission(item, MANAGE, ())
        modifyRolesForPermission(item, "collective.cfprivate: Stream protected media", ())
        with api.env.adopt_roles(["Manager"]):
            copy = api.content.copy(item, portal, "copy")
        change(copy)
        assert (told, IProtectedMedia(copy).object_key) == ([], None)

    def test_the_event_carries_no_object_key(self, item):
        heard = []
        getGlobalSiteManager().registerHandler(heard.append, [IMediumChanged])
        change(item, object_key=SECRET)
        getGlobalSiteManager().unregisterHandler(heard.append, [IMediumChanged])
        assert [sorted(vars(event)) for event in heard] == [["fields", "object"]]


class TestServed:
    def test_rest_tells_once(self, served, told):
        served.get("talk", "manager", "PATCH", json={"object_key": SECRET, "title": "Another"}, headers=JSON)
        assert told == [("talk", ("object_key",))]

    def test_rest_that_changes_the_title_tells_nothing(self, served, told):
        served.get("talk", "manager", "PATCH", json={"title": "Another"}, headers=JSON)
        assert told == []

    def test_rest_that_gives_the_same_key_tells_nothing(self, served, told):
        served.get("talk", "manager", "PATCH", json={"object_key": served.item.object_key}, headers=JSON)
        assert told == []

    @pytest.mark.parametrize("login", [None, "member", "viewer"])
    def test_who_may_not_change_it_tells_nothing(self, served, told, login):
        served.get("talk", login, "PATCH", json={"object_key": SECRET}, headers=JSON)
        assert told == []

    def test_a_new_item_by_rest_tells_nothing(self, served, told):
        values = {"@type": "Protected Video", "id": "new", "title": "New", "object_key": SECRET}
        served.get(login="manager", method="POST", json=values, headers=JSON)
        assert told == []

    @pytest.mark.parametrize("path", ["talk", "talk/@@media", "talk/@playback"])
    def test_a_look_tells_nothing(self, served, told, path):
        served.get(path, "manager", headers=JSON)
        assert told == []

    @pytest.mark.parametrize(("key", "events"), [(SECRET, [("talk", ("object_key",))]), (None, [])])
    def test_the_form_tells_once(self, served, functional_app, told, key, events):
        browser = Browser(functional_app)
        browser.addHeader("Authorization", "Basic manager:secret-of-manager")
        browser.open(f"{served.url}/talk/edit")
        if key:
            browser.getControl(name=FIELD).value = key
        browser.getControl(name="form.widgets.IDublinCore.description").value = "Described"
        browser.getControl("Save").click()
        assert told == events


class TestCheckIn:
    @pytest.fixture
    def check_in(self, portal, item):
        """A function that changes a working copy and checks it in."""
        applyProfile(portal, "plone.app.iterate:default")

        def check(**values):
            with api.env.adopt_roles(["Manager"]):
                copy = ICheckinCheckoutPolicy(item).checkout(portal)
                for name, value in values.items():
                    setattr(IProtectedMedia(copy), name, value)
                ICheckinCheckoutPolicy(copy).checkin("")

        return check

    def test_of_another_medium_tells_once(self, check_in, told):
        check_in(object_key=SECRET)
        assert told == [("talk", ("object_key",))]

    def test_of_the_same_medium_tells_nothing(self, check_in, told):
        check_in()
        assert told == []


def add_rule(portal, event):
    """Have a content rule open to members what ``event`` tells of, anywhere in the site."""
    action, rule = WorkflowAction(), Rule()
    action.transition = "make_members"
    rule.event, rule.actions, rule.enabled = event, [action], True
    getUtility(IRuleStorage)["open"] = rule
    IRuleAssignmentManager(portal)["open"] = RuleAssignment("open", enabled=True, bubbles=True)


class TestContentRules:
    def test_offer_the_event(self, portal):
        events = getUtility(IVocabularyFactory, name="plone.contentrules.events")(portal)
        assert IMediumChanged in [term.value for term in events]

    @pytest.mark.parametrize("event", [IPlaybackEvent, IPlaybackGranted, IPlaybackRefused])
    def test_do_not_offer_what_is_fired_on_get(self, event):
        assert not IRuleEventType.providedBy(event)

    def test_run_when_the_medium_changes(self, portal, make_video):
        item = make_video(portal, state="restricted")
        add_rule(portal, IMediumChanged)
        with api.env.adopt_roles(["Manager"]):
            change(item, duration=12)
        assert api.content.get_state(item) == "members"

    @pytest.mark.parametrize(
        ("login", "values", "state"),
        [
            ("manager", {"object_key": SECRET}, "members"),
            ("manager", {"title": "Another"}, "restricted"),
            ("viewer", {"object_key": SECRET}, "restricted"),
        ],
    )
    def test_run_by_rest_of_who_may_change_it(self, served, login, values, state):
        add_rule(served.portal, IMediumChanged)
        transaction.commit()
        served.get("talk", login, "PATCH", json=values, headers=JSON)
        transaction.begin()
        assert api.content.get_state(served.item) == state

    def test_do_not_run_when_something_else_changes(self, portal, make_video):
        item = make_video(portal, state="restricted")
        add_rule(portal, IMediumChanged)
        with api.env.adopt_roles(["Manager"]):
            change(item)
        assert api.content.get_state(item) == "restricted"


class TestDocumentation:
    """The programs of docs/events.rst do what it says."""

    @pytest.fixture
    def written(self):
        """What they define."""
        text = (Path(__file__).parents[2] / "docs" / "events.rst").read_text()
        names = {}
        for block in re.findall(r"(?m)^\.\. code-block:: python\n\n((?:    .*\n|\n)+)", text):
            exec(dedent(block), names)  # ruff: ignore[exec-builtin] - our own documentation
        return SimpleNamespace(**names)

    @pytest.fixture
    def logged(self, written, caplog):
        """A function: what the subscriber wrote to the log."""
        caplog.set_level("INFO", "example.media")
        getGlobalSiteManager().registerHandler(written.look_again, [IProtectedItem, IMediumChanged])
        yield lambda: [record.getMessage() for record in caplog.records if record.name == "example.media"]
        getGlobalSiteManager().unregisterHandler(written.look_again, [IProtectedItem, IMediumChanged])

    def test_the_subscriber_hears_of_another_medium(self, item, written, logged):
        written.give_medium(item, SECRET)
        assert logged() == [f"Another medium: {item.absolute_url()}"]

    def test_the_subscriber_leaves_other_changes_alone(self, item, logged):
        change(item, duration=12)
        assert logged() == []
