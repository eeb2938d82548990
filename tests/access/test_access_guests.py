"""A guest with a token on each surface for guests, in each state, before, within and after the publication window."""

from collective.cfprivate.guests import store
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.playback import hls
from functools import cache
from itertools import product
from matrix import ask
from matrix import furnish
from matrix import path_of
from matrix import STATES
from matrix import WINDOWS
from plone import api
from surfaces import GUESTS
from surfaces import Playlists
from surfaces import SIGNED
from surfaces import SURFACES
from zope.component import getUtility

import pytest
import time
import transaction


HOST = "d111111abcdef8.cloudfront.net"
# A Site Administrator, whom dates do not bind, and an Editor, whom they do.
MAKERS = ["siteadmin", "editor"]
CELLS = list(product(MAKERS, STATES, WINDOWS, GUESTS))


@pytest.fixture(scope="class")
def outcome_of(functional_portal_class, signing_key):
    """A function that gives what a surface answers to somebody without an account who has a maker's token."""
    portal, now, tokens = functional_portal_class, int(time.time()), {}
    api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
    getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    furnish(portal)
    for maker, state, window in product(MAKERS, STATES, WINDOWS):
        item = portal.unrestrictedTraverse(path_of(state, window))
        tokens[maker, state, window], _link = store.make(item, note="", maker=maker, now=now, ends=now + 3600)
    transaction.commit()

    @cache
    def outcome(maker, state, window, surface):
        asked = (GUESTS | SURFACES)[surface]
        path = asked.path.replace("TOKEN", tokens[maker, state, window])
        answer = ask(f"{portal.absolute_url()}/{path_of(state, window)}", "anonymous", asked._replace(path=path))
        return answer.status_code if answer.status_code == 403 else asked.read(answer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hls, "PLAYLISTS", Playlists())
        yield outcome


class TestGuest:
    @pytest.mark.parametrize(("maker", "state", "window", "surface"), CELLS)
    def test_watches_within_the_window_alone(self, outcome_of, maker, state, window, surface):
        assert outcome_of(maker, state, window, surface) == (SIGNED if window == "within" else 403)

    @pytest.mark.parametrize(("state", "surface"), list(product(STATES[:-1], SURFACES)))
    def test_is_let_in_by_no_other_door(self, outcome_of, state, surface):
        assert outcome_of("editor", state, "within", surface) != SIGNED
