"""The page on which editors make, see and revoke guest links."""

from AccessControl.Permission import Permission
from bs4 import BeautifulSoup
from collective.cfprivate.guests import store
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.permissions import DELEGATE
from collective.cfprivate.permissions import STREAM
from hashlib import sha256
from plone import api

import pytest
import time
import transaction


PAGE = "talk/@@cfprivate-guests"


@pytest.fixture
def post(served, editor):
    """A function that sends the page's form with other values, as a browser would; what was answered."""

    def send(button="make", value="1", login=editor, token=None, **changes):
        soup = page(served.get(PAGE, login))
        form = soup.find("button", {"name": button}).find_parent("form") if token is None else soup.find("main")
        fields = (
            {field["name"]: field.get("value", "") for field in form.select("input[name]")} if token is None else {}
        )
        fields.update({"note": "The jury", **changes} if button == "make" else {})
        if token is not None:
            fields["_authenticator"] = token
        answer = served.get(PAGE, login, "POST", data={**fields, button: value})
        transaction.begin()
        return answer

    return send


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def notes(item):
    return [link.note for link in store.links_of(item)]


def give(permission, roles):
    """Have these roles alone hold the permission on the video."""
    Permission(permission, (), api.portal.get()["talk"]).setRoles(tuple(roles))


def in_days(days):
    return time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + days * 86400))


@pytest.fixture(autouse=True)
def in_utc(served):
    api.portal.set_registry_record("plone.portal_timezone", "UTC")
    transaction.commit()


class TestMaking:
    def test_shows_the_address_once(self, served, editor, post):
        address = page(post()).select_one("#cfprivate-guest-address").text
        assert (
            served.get(address.removeprefix(f"{served.url}/")).status_code,
            address in served.get(PAGE, editor).text,
        ) == (
            200,
            False,
        )

    def test_keeps_the_digest_alone(self, served, post):
        token = page(post()).select_one("#cfprivate-guest-address").text.rpartition("/")[2]
        annotations = served.item.__annotations__
        kept, _serial = annotations._p_jar.db().storage.load(annotations._p_oid)
        assert (sha256(token.encode()).hexdigest().encode() in kept, token.encode() in kept) == (True, False)

    def test_keeps_note_maker_and_end(self, served, editor, post):
        post(note="The <b>jury</b>", ends=in_days(3))
        (link,) = store.links_of(served.item)
        assert (link.note, link.maker, time.strftime("%Y-%m-%dT%H:%M", time.gmtime(link.ends))) == (
            "The <b>jury</b>",
            editor,
            in_days(3),
        )

    def test_offers_a_week(self, served, post):
        post()
        (link,) = store.links_of(served.item)
        assert link.ends - link.made in range(7 * 86400 - 120, 7 * 86400 + 1)

    def test_is_kept_by_no_cache(self, post):
        assert post().headers["Cache-Control"] == "private, no-store"

    def test_is_audited(self, served, editor, post, lines):
        post()
        (link,) = store.links_of(served.item)
        told = [(line["event"], line["user"], line["link"], line["maker"]) for line in lines()]
        assert told == [("link-made", editor, link.digest[:12], editor)]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"note": ""}, "Say whom the link is for: you find it again by that."),
            ({"ends": in_days(31)}, "The end is too late: on this site at "),
            ({"ends": in_days(-1)}, "The end lies in the past."),
        ],
    )
    def test_of_what_is_wrong_says_so(self, served, post, changes, sentence):
        answer = post(**changes)
        assert (sentence in page(answer).select_one(".alert-danger").text, notes(served.item)) == (True, [])

    def test_of_what_is_wrong_keeps_what_was_entered(self, post):
        soup = page(post(note="The jury", ends=in_days(31)))
        assert soup.find("input", {"name": "note"})["value"] == "The jury"

    def test_lets_the_site_decide_how_long(self, served, post):
        api.portal.set_registry_record("collective.cfprivate.guest_maximum", 1)
        transaction.commit()
        post(ends=in_days(2))
        assert notes(served.item) == []

    @pytest.mark.parametrize("token", ["", "forged"])
    def test_needs_the_token_of_the_form(self, served, post, token):
        assert (post(token=token).status_code, notes(served.item)) == (403, [])

    def test_is_no_matter_of_get(self, served, editor):
        served.get(f"{PAGE}?make=1&note=x&ends={in_days(1)}", editor)
        transaction.begin()
        assert notes(served.item) == []


class TestWho:
    @pytest.mark.parametrize("login", [None, "member", "viewer", "contributor", "owner", "reviewer"])
    def test_may_not_delegate_sees_nothing(self, served, make, add_user, login):
        if login in {"contributor", "owner", "reviewer"}:
            api.user.grant_roles(username=add_user(login), roles=[login.title()], obj=served.item)
        make()
        answer = served.get(PAGE, login)
        assert (answer.status_code, "The jury" in answer.text) == (302, False)

    @pytest.mark.parametrize("login", ["editor", "manager", "siteadmin"])
    def test_may_delegate_sees_the_form(self, served, editor, add_user, login):
        if login == "siteadmin":
            add_user(login, "Site Administrator")
        transaction.commit()
        assert page(served.get(PAGE, login)).find("input", {"name": "note"}) is not None

    def test_may_not_watch_makes_no_link(self, served, editor, post):
        token = page(served.get(PAGE, editor)).find("input", {"name": "_authenticator"})["value"]
        give(STREAM, ["Manager"])
        transaction.commit()
        answer = post(token=token)
        assert ("You may not watch this now" in answer.text, notes(served.item)) == (True, [])

    def test_may_not_watch_sees_no_form_to_make_one(self, served, editor):
        give(STREAM, ["Manager"])
        transaction.commit()
        assert page(served.get(PAGE, editor)).find("input", {"name": "note"}) is None

    def test_has_no_medium_makes_no_link(self, served, editor):
        IProtectedMedia(served.item).object_key = None
        transaction.commit()
        assert "There is nothing to watch here yet." in served.get(PAGE, editor).text

    def test_may_watch_and_delegate_is_enough(self, served, post, add_user):
        api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=served.item)
        give(DELEGATE, ["Manager", "Media Viewer"])
        transaction.commit()
        post(login="viewer")
        assert notes(served.item) == ["The jury"]


class TestList:
    @pytest.fixture
    def listed(self, served, editor):
        return lambda: page(served.get(PAGE, editor)).select_one(".cfprivate-guest-links")

    def test_has_note_and_maker(self, make, listed):
        make()
        assert [word in listed().text for word in ("The jury", "editor")] == [True, True]

    def test_has_buttons_that_tell_which_link(self, make, listed):
        make()
        make()
        described = [listed().find(id=button["aria-describedby"]).text for button in listed().select("button")]
        assert described == ["The jury", "The jury"]

    def test_shows_a_note_as_text(self, served, editor, listed):
        store.make(served.item, note="<script>alert(1)</script>", maker=editor, now=1, ends=2)
        transaction.commit()
        assert (listed().script, "<script>alert(1)</script>" in listed().text) == (None, True)

    def test_shows_no_address(self, make, listed):
        token = make()
        assert token not in str(listed())

    def test_names_a_maker_who_left_by_the_id(self, served, listed):
        store.make(served.item, note="x", maker="jane-who-left", now=1, ends=2)
        transaction.commit()
        assert "jane-who-left" in listed().text

    def test_says_that_a_link_works(self, make, listed):
        make()
        assert ": works" in listed().select_one(".cfprivate-guest-state").text

    def test_says_that_a_link_has_ended(self, make, listed):
        make(ends_in=-1)
        assert ": ended" in listed().select_one(".cfprivate-guest-state").text

    def test_says_that_the_state_is_another(self, make, move, listed):
        make()
        move("confidential")
        assert "the workflow state is another one since" in listed().text

    def test_says_that_the_maker_may_not(self, served, listed):
        store.make(served.item, note="x", maker="member", now=1, ends=int(time.time()) + 60)
        transaction.commit()
        assert "its maker may not watch any more" in listed().text

    def test_is_not_there_without_links(self, served, editor, listed):
        assert (listed(), "This item has no guest links." in served.get(PAGE, editor).text) == (None, True)


class TestRevoking:
    def test_takes_the_link_back(self, served, make, post):
        token = make()
        answer = post("revoke", store.digest_of(token))
        assert (answer.status_code, served.get(f"talk/@@guest/{token}").status_code) == (302, 404)

    def test_leaves_the_others(self, served, make, post):
        first, second = make(), make()
        post("revoke", store.digest_of(first))
        assert [link.digest for link in store.links_of(served.item)] == [store.digest_of(second)]

    def test_of_what_others_made_is_for_every_delegate(self, served, make, post):
        post("revoke", store.digest_of(make()), login="manager")
        assert notes(served.item) == []

    def test_is_audited(self, make, post, editor, lines):
        digest = store.digest_of(make())
        post("revoke", digest, login="manager")
        told = [(line["event"], line["user"], line["link"], line["maker"]) for line in lines()]
        assert told == [("link-revoked", "manager", digest[:12], editor)]

    def test_of_what_is_not_there_is_not_audited(self, make, post, lines):
        make()
        assert (post("revoke", "0" * 64).status_code, lines()) == (302, [])

    @pytest.mark.parametrize("token", ["", "forged"])
    def test_needs_the_token_of_the_form(self, served, make, post, token):
        answer = post("revoke", store.digest_of(make()), token=token)
        assert (answer.status_code, notes(served.item)) == (403, ["The jury"])

    def test_is_no_matter_of_get(self, served, editor, make):
        served.get(f"{PAGE}?revoke={store.digest_of(make())}", editor)
        transaction.begin()
        assert notes(served.item) == ["The jury"]

    def test_is_possible_without_the_right_to_watch(self, served, make, post):
        digest = store.digest_of(make())
        give(STREAM, ["Manager"])
        transaction.commit()
        post("revoke", digest)
        assert notes(served.item) == []


class TestWay:
    @pytest.mark.parametrize(
        ("login", "shown"), [("editor", True), ("manager", True), ("viewer", False), (None, False)]
    )
    def test_is_below_the_item_for_who_may(self, served, editor, login, shown):
        link = page(served.get("talk", login)).select_one(".cfprivate-guests a")
        assert (link is not None and link["href"] == f"{served.url}/{PAGE}") == shown

    def test_is_not_there_without_a_medium(self, served, editor):
        IProtectedMedia(served.item).object_key = None
        transaction.commit()
        assert page(served.get("talk", editor)).select_one(".cfprivate-guests") is None
