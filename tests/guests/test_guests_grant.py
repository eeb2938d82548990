"""When a guest is let in: the link, its maker, the state of the item and its window are asked each time."""

from collective.cfprivate.access.grant import Reason
from collective.cfprivate.guests import store
from collective.cfprivate.guests.grant import guest_grant
from DateTime import DateTime
from itertools import product
from plone import api
from plone.app.testing import SITE_OWNER_NAME

import pytest


NOW = 1_800_000_000
STATES = ["private", "pending", "confidential", "restricted", "members", "public"]


@pytest.fixture
def item(portal, make_video, add_user):
    """A restricted video with an editor, and a site administrator, whom dates do not bind."""
    item = make_video(portal)
    item.effective_date = DateTime(NOW - 86400)
    api.user.grant_roles(username=add_user("editor"), roles=["Editor"], obj=item)
    add_user("siteadmin", "Site Administrator")
    return item


def link_of(item, maker="editor", ends=NOW + 7200):
    return store.make(item, note="", maker=maker, now=NOW - 60, ends=ends)[1]


def ask(item, link, *, now=NOW, action="stream", address=None):
    return guest_grant(item, link, action=action, now=now, address=address)


def reason(item, link, **asked):
    granted = ask(item, link, **asked)
    return granted.reason if not granted.allowed else None


def to_state(item, state):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, to_state=state)


def test_a_guest_is_let_in(item):
    assert ask(item, link_of(item)).allowed


def test_without_a_link_nobody_is(item):
    assert reason(item, None) is Reason.UNKNOWN_LINK


def test_nobody_downloads(item):
    assert reason(item, link_of(item), action="download") is Reason.NOT_PERMITTED


class TestEnd:
    @pytest.mark.parametrize(("now", "refused"), [(NOW + 7199, None), (NOW + 7200, Reason.LINK_ENDED)])
    def test_is_the_second_that_was_entered(self, item, now, refused):
        assert reason(item, link_of(item), now=now) is refused

    def test_caps_what_is_signed(self, item):
        assert ask(item, link_of(item, ends=NOW + 100)).expires == NOW + 100

    def test_does_not_prolong_what_is_signed(self, item):
        assert ask(item, link_of(item, ends=NOW + 86400)).expires == NOW + 3600  # the site's default

    @pytest.mark.parametrize(("window", "expires"), [(50, NOW + 50), (500, NOW + 100)])
    def test_and_the_window_both_cap_it(self, item, window, expires):
        item.expiration_date = DateTime(NOW + window)
        assert ask(item, link_of(item, ends=NOW + 100)).expires == expires


class TestMaker:
    def test_who_lost_the_right_lets_nobody_in(self, item):
        link = link_of(item)
        api.user.revoke_roles(username="editor", roles=["Editor"], obj=item)
        assert reason(item, link) is Reason.MAKER_MAY_NOT

    def test_who_still_may_watch_does(self, item):
        link = link_of(item)
        item.manage_setLocalRoles("editor", ["Media Viewer"])
        assert ask(item, link).allowed

    def test_who_is_no_more_lets_nobody_in(self, item):
        link = link_of(item)
        with api.env.adopt_roles(["Manager"]):
            api.user.delete(username="editor")
        assert reason(item, link) is Reason.MAKER_MAY_NOT

    @pytest.mark.parametrize("roles", [["Manager"], ["Anonymous"]])
    def test_alone_counts_and_not_who_asks(self, item, roles):
        link = link_of(item)
        api.user.revoke_roles(username="editor", roles=["Editor"], obj=item)
        with api.env.adopt_roles(roles):
            assert reason(item, link) is Reason.MAKER_MAY_NOT

    def test_has_to_see_the_folders_where_the_site_asks_for_it(self, portal, item, make_video):
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder")
        inside = make_video(folder)
        api.user.grant_roles(username="editor", roles=["Editor"], obj=inside)
        link = link_of(inside)
        before = reason(inside, link)
        api.portal.set_registry_record("collective.cfprivate.view_on_parents", True)
        assert (before, reason(inside, link)) == (None, Reason.MAKER_MAY_NOT)

    def test_is_not_the_current_user_afterwards(self, item):
        before = api.user.get_current().getId()
        ask(item, link_of(item))
        assert api.user.get_current().getId() == before

    def test_who_owns_zope_itself_is_a_maker_too(self, portal, item):
        assert ask(item, link_of(item, maker=SITE_OWNER_NAME)).allowed


class TestState:
    @pytest.mark.parametrize(("then", "today"), list(product(STATES, STATES)))
    def test_is_the_one_of_the_link_or_lets_everyone_watch(self, item, then, today):
        if then != "restricted":
            to_state(item, then)
        link = link_of(item)
        if today != then:
            to_state(item, today)
        assert reason(item, link) is (None if today in {then, "public"} else Reason.STATE_CHANGED)

    def test_works_again_when_the_item_is_where_it_was(self, item):
        link = link_of(item)
        to_state(item, "private")
        before = reason(item, link)
        to_state(item, "restricted")
        assert (before, reason(item, link)) == (Reason.STATE_CHANGED, None)


class TestWindow:
    @pytest.mark.parametrize("maker", ["editor", "siteadmin"])
    @pytest.mark.parametrize(
        ("field", "date", "refused"),
        [
            ("effective_date", DateTime(NOW + 1), Reason.NOT_YET),
            ("expiration_date", DateTime(NOW), Reason.EXPIRED),
            ("expiration_date", "soon", Reason.UNREADABLE_DATE),
        ],
    )
    def test_binds_guests_of_everybody(self, item, maker, field, date, refused):
        link = link_of(item, maker)
        setattr(item, field, date)
        assert reason(item, link) is refused


class TestAddress:
    def test_is_bound_where_the_site_says_so(self, item):
        api.portal.set_registry_record("collective.cfprivate.bind_ip", True)
        assert ask(item, link_of(item), address="8.8.8.8").ip == "8.8.8.8"

    def test_that_cannot_be_bound_is_refused(self, item):
        api.portal.set_registry_record("collective.cfprivate.bind_ip", True)
        assert reason(item, link_of(item), address="2001:db8::1") is Reason.ADDRESS_NOT_IPV4
