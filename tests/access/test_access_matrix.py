"""Each kind of user on each surface, in each state, before, within and after the publication window."""

from collective.cfprivate.interfaces import IKeyRing
from functools import cache
from itertools import product
from matrix import asking
from matrix import furnish
from matrix import STATES
from matrix import USERS
from matrix import WINDOWS
from plone import api
from surfaces import FORBIDDEN
from surfaces import HIDDEN
from surfaces import LOG_IN
from surfaces import SIGNED
from surfaces import SURFACES
from zope.component import getUtility

import pytest
import transaction


HOST = "d111111abcdef8.cloudfront.net"

# The tables of docs/access.rst, typed by hand.
STAFF = {"manager", "siteadmin", "editor", "contributor"}
VIEWERS = {"viewer", "viewer-by-group"}
LOGGED_IN = {*STAFF, *VIEWERS, "reviewer", "owner", "reader", "member"}
EVERYBODY = {*LOGGED_IN, "anonymous"}

MAY_VIEW = {
    "private": {*STAFF, "owner", "reader"},
    "pending": {*STAFF, "owner", "reader", "reviewer"},
    "confidential": {*STAFF, *VIEWERS, "owner", "reader", "reviewer"},
    "restricted": EVERYBODY,
    "members": EVERYBODY,
    "public": EVERYBODY,
}
MAY_STREAM = {
    "private": STAFF,
    "pending": {*STAFF, "reviewer"},
    "confidential": {*STAFF, *VIEWERS, "reviewer"},
    "restricted": {*STAFF, *VIEWERS, "reviewer"},
    "members": LOGGED_IN,
    "public": EVERYBODY,
}
MAY_DOWNLOAD = {"manager", "siteadmin", "editor"}

# "Access inactive portal content", as Products.CMFPlone's own rolemap.xml gives it: to Owner and Site Administrator,
# and to Manager, to whom Zope gives every permission.
NOT_BOUND_BY_DATES = {"manager", "siteadmin", "owner"}


def expected(user, state, window, surface):
    if user not in MAY_VIEW[state]:
        return HIDDEN
    entitled = user in MAY_STREAM[state] and (SURFACES[surface].action == "stream" or user in MAY_DOWNLOAD)
    if entitled and (window == "within" or user in NOT_BOUND_BY_DATES):
        return SIGNED
    return LOG_IN if user == "anonymous" else FORBIDDEN


CELLS = [pytest.param(*cell, id="-".join(cell)) for cell in product(USERS, STATES, WINDOWS, SURFACES)]
UNSIGNED_CELLS = [cell for cell in CELLS if expected(*cell.values) != SIGNED]


@pytest.fixture(scope="class")
def ask(functional_portal_class, signing_key):
    """A function that gives the answer to a cell of the matrix; each is asked once, all of one site."""
    api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
    getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    furnish(functional_portal_class)
    transaction.commit()
    ask_site = asking(functional_portal_class.absolute_url())
    return cache(lambda *cell, surface: ask_site(*cell, SURFACES[surface].path, SURFACES[surface].accept))


class TestMatrix:
    @pytest.mark.parametrize(("user", "state", "window", "surface"), CELLS)
    def test_gives_what_the_tables_say(self, ask, user, state, window, surface):
        answer = ask(user, state, window, surface=surface)
        assert SURFACES[surface].read(answer) == expected(user, state, window, surface)

    @pytest.mark.parametrize(("user", "state", "window", "surface"), UNSIGNED_CELLS)
    def test_gives_away_nothing_with_a_refusal(self, ask, user, state, window, surface):
        answer = ask(user, state, window, surface=surface)
        given = answer.text + str(answer.headers)
        assert [secret for secret in ("Signature=", "Key-Pair-Id", HOST, "yellow") if secret in given] == []
