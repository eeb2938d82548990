"""Each question to watch leaves an event and one line of JSON, and none holds anything that plays."""

from collective.cfprivate.access.audit import as_record
from collective.cfprivate.access.audit import PlaybackGranted
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.interfaces import IPlaybackEvent
from collective.cfprivate.interfaces import IPlaybackGranted
from collective.cfprivate.interfaces import IPlaybackRefused
from plone import api
from plone.uuid.interfaces import IUUID
from zope.component import getUtility
from zope.component import provideHandler

import json
import pytest
import time
import transaction
import zope.component


LOGGER = "collective.cfprivate.audit"
JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}
ANY = {"Accept": "*/*"}
ASKED = [("talk/@playback", JSON), ("talk/@@media", ANY)]


@pytest.fixture
def lines(served, caplog):
    """A function that asks over HTTP and gives the lines of the log, read as JSON."""
    caplog.set_level("INFO", logger=LOGGER)

    def ask(path, login=None, headers=ANY, method="GET"):
        caplog.clear()
        served.get(path, login, method, headers=headers)
        return [json.loads(record.getMessage()) for record in caplog.records if record.name == LOGGER]

    return ask


@pytest.mark.parametrize(("path", "headers"), [*ASKED, ("talk", HTML)])
def test_what_is_granted_is_one_line(lines, path, headers):
    assert [line["event"] for line in lines(path, "viewer", headers)] == ["granted"]


@pytest.mark.parametrize("login", [None, "member"])
@pytest.mark.parametrize(("path", "headers"), ASKED)
def test_what_is_refused_is_one_line(lines, path, headers, login):
    assert [line["event"] for line in lines(path, login, headers)] == ["refused"]


@pytest.mark.parametrize("login", [None, "member"])
def test_a_page_that_shows_no_player_is_no_question(lines, login):
    assert lines("talk", login, HTML) == []


def test_a_page_without_a_medium_is_no_question(served, lines):
    served.item.object_key = None
    transaction.commit()
    assert lines("talk", "viewer", HTML) == []


@pytest.mark.parametrize(("path", "headers"), ASKED)
def test_head_is_a_question_too(lines, path, headers):
    assert len(lines(path, "viewer", headers, method="HEAD")) == 1


class TestGranted:
    @pytest.fixture
    def line(self, lines):
        (line,) = lines("talk/@playback", "viewer", JSON)
        return line

    def test_has_these_words_in_this_order(self, line):
        assert list(line) == ["event", "action", "reason", "user", "item", "uid", "state", "expires"]

    def test_names_item_user_action_reason_and_state(self, served, line):
        assert {name: line[name] for name in ("action", "reason", "user", "item", "uid", "state")} == {
            "action": "stream",
            "reason": "granted",
            "user": "viewer",
            "item": "/plone/talk",
            "uid": IUUID(served.item),
            "state": "restricted",
        }

    def test_tells_when_it_expires(self, served, lines):
        answer = served.get("talk/@playback", "viewer", headers=JSON).json()
        (line,) = lines("talk/@playback", "viewer", JSON)
        assert line["expires"] == answer["expires"]

    def test_of_anonymous_names_nobody(self, served, lines):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(served.item, to_state="public")
        transaction.commit()
        (line,) = lines("talk/@@media")
        assert line["user"] is None

    def test_download_is_another_action(self, lines):
        (line,) = lines("talk/@@media?download=1", "manager")
        assert (line["event"], line["action"]) == ("granted", "download")


class TestRefused:
    @pytest.mark.parametrize(("path", "headers"), ASKED)
    def test_says_why(self, lines, path, headers):
        (line,) = lines(path, "member", headers)
        assert (line["user"], line["reason"], line["expires"]) == ("member", "not-permitted", None)

    def test_download_is_another_action(self, lines):
        (line,) = lines("talk/@@media?download=1", "viewer")
        assert (line["event"], line["action"]) == ("refused", "download")

    def test_for_lack_of_a_medium_says_so(self, served, lines):
        served.item.object_key = None
        transaction.commit()
        (line,) = lines("talk/@@media", "viewer")
        assert line["reason"] == "no-medium"

    def test_for_lack_of_a_key_says_so(self, served, lines):
        getUtility(IKeyRing).erase_all()
        transaction.commit()
        (line,) = lines("talk/@@media", "viewer")
        assert line["reason"] == "not-configured"


@pytest.mark.parametrize(
    "secret", ["Signature", "Policy", "Key-Pair-Id", "cloudfront.net", "a%20talk", "a talk.mp4", "K2JC"]
)
@pytest.mark.parametrize("path", ["talk/@playback", "talk/@@media", "talk/@@media?download=1", "talk"])
def test_no_line_holds_what_plays(lines, path, secret):
    assert secret not in json.dumps(lines(path, "manager", HTML if path == "talk" else JSON))


def test_a_user_id_cannot_write_a_line_of_its_own(served):
    event = PlaybackGranted(served.item, action="stream", reason="granted", expires=int(time.time()))
    event.user = 'jane\n{"event": "granted"}'
    assert "\n" not in json.dumps(as_record(event))


class TestEvents:
    @pytest.fixture
    def events(self, served):
        """A function that asks over HTTP and gives the events that a subscriber saw."""
        seen = []
        provideHandler(seen.append, (IPlaybackEvent,))

        def ask(path, login):
            seen.clear()
            served.get(path, login)
            return list(seen)

        yield ask
        zope.component.getGlobalSiteManager().unregisterHandler(seen.append, (IPlaybackEvent,))

    @pytest.mark.parametrize(("login", "interface"), [("viewer", IPlaybackGranted), ("member", IPlaybackRefused)])
    def test_are_of_either_kind(self, events, login, interface):
        assert [interface.providedBy(event) for event in events("talk/@@media", login)] == [True]

    def test_hold_no_more_than_is_told(self, events):
        (event,) = events("talk/@@media", "viewer")
        assert set(vars(event)) == {"object", "user", "action", "reason", "expires", "link", "maker"}

    def test_reach_subscribers_of_the_item(self, served):
        seen = []
        handler = lambda item, event: seen.append(item.getId())  # ruff: ignore[lambda-assignment]
        provideHandler(handler, (None, IPlaybackGranted))
        served.get("talk/@@media", "viewer")
        zope.component.getGlobalSiteManager().unregisterHandler(handler, (None, IPlaybackGranted))
        assert seen == ["talk"]
