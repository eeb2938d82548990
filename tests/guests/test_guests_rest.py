"""Guest links by REST: what the page does, for who may delegate."""

from AccessControl.Permission import Permission
from collective.cfprivate.guests import store
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.permissions import STREAM
from collective.cfprivate.services.guest_links.post import TAKEN
from datetime import datetime
from datetime import timezone
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from plone import api
from unittest.mock import patch

import json
import pytest
import time
import transaction


LINKS = "talk/@cfprivate-guest-links"
JSON = {"Accept": "application/json"}
SECRET = "x" * 43
UNKNOWN = "0" * 64


def moment(seconds):
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_hours(hours):
    return moment(time.time() + hours * 3600)


@pytest.fixture
def ask(served, editor):
    """A function that asks the service as somebody, the editor at first."""

    def send(method="GET", path="", login=editor, headers=None, **options):
        answer = served.get(LINKS + path, login, method, headers={**JSON, **(headers or {})}, **options)
        transaction.begin()
        return answer

    return send


@pytest.fixture
def post(ask):
    """A function that makes a link by what is in the body."""

    def send(login="editor", **changes):
        return ask("POST", login=login, json={"note": "The jury", "ends": in_hours(1), **changes})

    return send


def notes():
    return [link.note for link in store.links_of(api.portal.get()["talk"])]


class TestMaking:
    def test_answers_the_address(self, served, post):
        answer = post()
        path = answer.json()["address"].removeprefix(f"{served.url}/")
        assert (answer.status_code, served.get(path).status_code) == (201, 200)

    def test_answers_the_address_once(self, post, ask):
        token = post().json()["address"].rpartition("/")[2]
        assert token not in ask().text

    def test_keeps_the_digest_of_the_token(self, served, post):
        made = post().json()
        assert made["id"] == store.digest_of(made["address"].rpartition("/")[2])

    def test_keeps_note_maker_and_end(self, served, post):
        ends = in_hours(3)
        post(note=" The <b>jury</b> ", ends=ends)
        (link,) = store.links_of(served.item)
        assert (link.note, link.maker, moment(link.ends)) == ("The <b>jury</b>", "editor", ends)

    @pytest.mark.parametrize(
        ("written", "hours"), [("Z", 0), ("+02:00", 2), ("-03:00", -3), (".5Z", 0), (".123456789+02:00", 2), ("z", 0)]
    )
    def test_reads_the_end_with_its_time_zone(self, served, post, written, hours):
        seconds = int(time.time()) + 86400
        post(ends=moment(seconds + hours * 3600).removesuffix("Z") + written)
        assert [link.ends for link in store.links_of(served.item)] == [seconds]

    def test_is_kept_by_no_cache(self, post):
        assert post().headers["Cache-Control"] == "private, no-store"

    def test_is_audited(self, served, post, lines):
        post()
        (link,) = store.links_of(served.item)
        told = [(line["event"], line["user"], line["link"], line["maker"]) for line in lines()]
        assert told == [("link-made", "editor", link.digest[:12], "editor")]

    def test_writes_no_token_into_the_log(self, post, caplog):
        caplog.set_level("DEBUG")
        token = post().json()["address"].rpartition("/")[2]
        assert (token in caplog.text) is False

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"note": ""}, "note", "Say whom the link is for"),
            ({"note": "x" * 201}, "note", "The note is too long"),
            ({"note": "x" * 1_000_000}, "note", "The note is too long"),
            ({"note": "a\x00b"}, "note", "characters that no page can show"),
            ({"note": "a\ud800b"}, "note", "characters that no page can show"),
            ({"ends": ""}, "ends", "Enter the day and the time"),
            ({"ends": "tomorrow"}, "ends", "RFC 3339"),
            ({"ends": "2030-01-01T00:00:00"}, "ends", "RFC 3339"),
            ({"ends": "2030-01-01"}, "ends", "RFC 3339"),
            ({"ends": "\uff12030-01-01T00:00:00Z"}, "ends", "RFC 3339"),
            ({"ends": "2030-02-30T00:00:00Z"}, "ends", "Enter the day and the time"),
            ({"ends": "2030-01-01T00:00:00+99:99"}, "ends", "Enter the day and the time"),
            ({"ends": "0000-01-01T00:00:00Z"}, "ends", "Enter the day and the time"),
            ({"ends": "0001-01-01T00:00:00+14:00"}, "ends", "The end lies in the past."),
            ({"ends": "9999-12-31T23:59:59-14:00"}, "ends", "The end is too late"),
        ],
    )
    def test_of_what_is_wrong_names_the_field(self, post, changes, field, sentence):
        answer = post(**changes)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["field"], sentence in error["message"], notes()) == (400, field, True, [])

    @pytest.mark.parametrize(
        "changes", [{"note": 5}, {"note": None}, {"note": ["x"]}, {"ends": 2_000_000_000}, {"ends": {}}, {"more": "x"}]
    )
    def test_of_other_types_or_names_is_refused(self, post, changes):
        answer = post(**changes)
        assert (answer.status_code, answer.json()["type"], notes()) == (400, "BadRequest", [])

    @pytest.mark.parametrize("body", ["[]", "5", "{", '"x"', "\xff", "9" * 5000])
    def test_of_another_body_is_refused(self, ask, body):
        answer = ask("POST", data=body.encode("latin-1"), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["type"], notes()) == (400, "BadRequest", [])

    # Of "application/json" without more, plone.restapi reads the body before any service does, to log in.
    @pytest.mark.parametrize("body", ["[" * 100_000, '{"note": ' * 50_000], ids=["lists", "objects"])
    def test_of_a_body_without_bottom_is_refused(self, ask, body):
        answer = ask("POST", data=body, headers={"Content-Type": "application/json; charset=utf-8"})
        assert (answer.status_code, answer.json()["type"], notes()) == (400, "BadRequest", [])

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "x"]
    )
    def test_of_another_type_is_refused(self, ask, kind):
        body = json.dumps({"note": "The jury", "ends": in_hours(1)})
        answer = ask("POST", data=body, headers={"Content-Type": kind})
        assert (answer.status_code // 100, answer.json()["type"], notes()) == (4, "BadRequest", [])

    def test_takes_nothing_of_the_address(self, ask):
        answer = ask("POST", f"?note=x&ends={in_hours(1)}", json={})
        assert (answer.status_code, notes()) == (400, [])


class TestWho:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("login", [None, "member", "viewer", "contributor", "owner", "reviewer"])
    def test_may_not_delegate_gets_nothing(self, served, make, ask, add_user, login, method):
        if login in {"contributor", "owner", "reviewer"}:
            api.user.grant_roles(username=add_user(login), roles=[login.title()], obj=served.item)
        make()
        answer = ask(method, login=login, json={"note": "Mine", "ends": in_hours(1)})
        assert (answer.status_code, "The jury" in answer.text, notes()) == (401, False, ["The jury"])

    @pytest.mark.parametrize("login", [None, "viewer"])
    def test_may_not_delegate_revokes_nothing(self, make, ask, login):
        digest = store.digest_of(make())
        assert (ask("DELETE", f"/{digest}", login).status_code, notes()) == (401, ["The jury"])

    def test_may_not_watch_makes_no_link(self, served, post):
        Permission(STREAM, (), served.item).setRoles(("Manager",))
        transaction.commit()
        answer = post()
        assert (answer.status_code, answer.json()["type"], notes()) == (403, "not-permitted", [])

    def test_has_no_medium_makes_no_link(self, served, post):
        IProtectedMedia(served.item).object_key = None
        transaction.commit()
        answer = post()
        assert (answer.status_code, answer.json()["type"], notes()) == (404, "no-medium", [])

    def test_asks_of_other_content_is_answered_that_there_is_no_such_thing(self, served, editor):
        with api.env.adopt_roles(["Manager"]):
            api.content.create(served.portal, "Document", "page")
        transaction.commit()
        assert served.get("page/@cfprivate-guest-links", "manager", headers=JSON).status_code == 404


class TestList:
    def test_has_all_that_is_known(self, served, make, ask):
        now = int(time.time())
        digest = store.digest_of(make(now=now))
        assert ask().json() == {
            "@id": f"{served.url}/{LINKS}",
            "items": [
                {
                    "@id": f"{served.url}/{LINKS}/{digest}",
                    "id": digest,
                    "note": "The jury",
                    "maker": "editor",
                    "made": moment(now),
                    "ends": moment(now + 3600),
                    "reason": None,
                }
            ],
            "items_total": 1,
        }

    def test_has_the_newest_first(self, make, ask):
        first, second = store.digest_of(make()), store.digest_of(make())
        assert [link["id"] for link in ask().json()["items"]] == [second, first]

    def test_is_empty_without_links(self, ask):
        assert (ask().json()["items"], ask().json()["items_total"]) == ([], 0)

    def test_says_that_a_link_has_ended(self, make, ask):
        make(ends_in=-1)
        assert [link["reason"] for link in ask().json()["items"]] == ["link-ended"]

    def test_says_that_the_state_is_another(self, make, move, ask):
        make()
        move("confidential")
        assert [link["reason"] for link in ask().json()["items"]] == ["item-state-changed"]

    def test_is_kept_by_no_cache(self, ask):
        assert ask().headers["Cache-Control"] == "private, no-store"

    def test_is_no_question_to_watch(self, make, ask, lines):
        make()
        ask()
        assert lines() == []


class TestRevoking:
    def test_takes_the_link_back(self, served, make, ask):
        token = make()
        answer = ask("DELETE", f"/{store.digest_of(token)}")
        assert (answer.status_code, answer.content, served.get(f"talk/@@guest/{token}").status_code) == (204, b"", 404)

    def test_leaves_the_others(self, served, make, ask):
        first, second = make(), make()
        ask("DELETE", f"/{store.digest_of(first)}")
        assert [link.digest for link in store.links_of(served.item)] == [store.digest_of(second)]

    def test_is_audited(self, make, ask, lines):
        digest = store.digest_of(make())
        ask("DELETE", f"/{digest}", login="manager")
        told = [(line["event"], line["user"], line["link"], line["maker"]) for line in lines()]
        assert told == [("link-revoked", "manager", digest[:12], "editor")]

    @pytest.mark.parametrize("path", ["", f"/{UNKNOWN}", f"/{UNKNOWN}/x", "/%00", "/a%20b", "/" + "x" * 5000])
    def test_of_an_unknown_one_says_so(self, make, ask, lines, path):
        make()
        answer = ask("DELETE", path)
        assert (answer.status_code // 100, "message" in answer.json(), notes(), lines()) == (4, True, ["The jury"], [])

    def test_of_an_unknown_one_has_a_stable_type(self, ask):
        answer = ask("DELETE", f"/{UNKNOWN}")
        assert (answer.status_code, answer.json()["type"]) == (404, "unknown-link")

    def test_needs_the_whole_digest(self, make, ask):
        digest = store.digest_of(make())
        assert (ask("DELETE", f"/{digest[:12]}").status_code, notes()) == (404, ["The jury"])

    def test_of_a_link_of_another_item_leaves_it(self, served, make_video, make, ask):
        other = make_video(served.portal, "other")
        transaction.commit()
        digest = store.digest_of(make(item=other))
        assert (ask("DELETE", f"/{digest}").status_code, len(store.links_of(other))) == (404, 1)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "COPY", "LOCK"])
def test_other_verbs_are_refused(make, ask, method):
    make()
    answer = ask(method, json={"note": "Mine"})
    assert (answer.status_code // 100, notes()) == (4, ["The jury"])


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
BODIES = ANY_JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(TAKEN), ANY_JSON))


def test_whatever_is_sent_stores_nothing_and_is_refused(ask):
    """No text that hypothesis finds is a moment between now and the longest life of a link."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(BODIES)
    def check(body):
        answer = ask("POST", data=json.dumps(body), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["type"], notes()) == (400, "BadRequest", [])

    check()


@pytest.mark.parametrize("path", ["", f"/{UNKNOWN}"])
def test_a_path_behind_the_list_is_not_found(ask, path):
    assert ask(path=path).status_code == (404 if path else 200)


def test_only_the_store_makes_tokens(post):
    with patch.object(store.secrets, "token_urlsafe", return_value=SECRET):
        assert post().json()["address"].endswith(f"/talk/@@guest/{SECRET}")
