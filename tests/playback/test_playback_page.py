"""The player on the page of an item, of whom the current user is, and what the page loads for it."""

from collective.cfprivate.playback.resources import STATIC
from collective.cfprivate.playback.viewlet import PlayerViewlet
from hashlib import sha256
from plone import api
from zope.globalrequest import getRequest

import pytest


@pytest.fixture
def shown_to(portal, configure, make_video, add_user):
    """A function that gives the viewlet of a restricted medium as an account gets it, all in one request."""
    configure()
    add_user("member")
    add_user("viewer")

    def shown(login, **fields):
        item = portal["talk"] if "talk" in portal else make_video(portal, **fields)
        api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=item)
        with api.env.adopt_user(login):
            viewlet = PlayerViewlet(item, getRequest(), None, None)
            viewlet.update()
        return viewlet

    return shown


def test_is_asked_once(shown_to, caplog):
    caplog.set_level("INFO", logger="collective.cfprivate.audit")
    shown_to("viewer")
    assert len(caplog.records) == 1


def test_is_not_shown_to_another_user(shown_to):
    assert (shown_to("viewer").playback is None, shown_to("member").playback is None) == (False, True)


def test_a_refusal_is_not_shown_to_another_user(shown_to):
    assert (shown_to("member").refusal is None, shown_to("viewer").refusal is None) == (False, True)


def test_loads_the_player_of_this_very_build(shown_to):
    digest = sha256((STATIC / "player.js").read_bytes()).hexdigest()
    script = shown_to("viewer").resources.script
    assert script.partition("/++plone++")[2].rpartition("?")[0] == "collective.cfprivate/player.js"
    assert digest.startswith(script.rpartition("?")[2]) and len(script.rpartition("?")[2]) == 12


def test_loads_nothing_for_who_is_refused(shown_to):
    assert shown_to("member").resources is None


def test_loads_nothing_for_an_image(shown_to):
    assert shown_to("viewer", object_key="talks/picture.jpg").resources is None
