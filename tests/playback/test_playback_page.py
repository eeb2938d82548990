"""What the page of an item remembers of its player while it is made."""

from collective.cfprivate.playback.viewlet import PlayerResources
from collective.cfprivate.playback.viewlet import PlayerViewlet
from plone import api
from zope.globalrequest import getRequest

import pytest


@pytest.fixture
def shown_to(portal, configure, make_video, add_user):
    """A function that gives the viewlet of a restricted video as an account gets it, all in one request."""
    configure()
    item = make_video(portal)
    add_user("member")
    add_user("viewer")
    api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=item)

    def shown(login):
        with api.env.adopt_user(login):
            PlayerResources(item, getRequest(), None, None).getHeaders()
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


def test_a_refusal_holds_nothing(shown_to):
    shown_to("member")
    kept = [asked[1] for asked in vars(getRequest())["__annotations__"].values() if isinstance(asked, tuple)]
    errors = [each for each in kept if isinstance(each, Exception)]
    assert [(each.__traceback__, each.__context__) for each in errors] == [(None, None)]
