"""The HTML of a player is made once for all to whom the same is signed, and shown to nobody else."""

from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.playback import remembered
from collective.cfprivate.playback import viewlet as viewlet_module
from plone import api
from plone.app.layout.globals.interfaces import IViewView
from plone.app.layout.viewlets.interfaces import IAboveContentBody
from types import SimpleNamespace
from zope.component import getMultiAdapter
from zope.globalrequest import getRequest
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.interface import Interface
from zope.viewlet.interfaces import IViewlet

import gc
import pytest
import re
import weakref


# A moment at which 300 seconds begin that share their signatures: a tenth of the lifetime of an hour, at most 300.
NOON = 1_900_000_200
END = 3600


class IOtherTheme(Interface):
    """A layer for which somebody may have replaced a template."""


@implementer(IAboveContentBody)
class Place:
    """The viewlet manager."""


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    remembered._place_of.cache_clear()
    yield
    remembered._place_of.cache_clear()


@pytest.fixture
def clock(monkeypatch):
    """The present of the viewlet, as ``clock.now``."""
    clock = SimpleNamespace(now=NOON)
    monkeypatch.setattr(viewlet_module, "time", SimpleNamespace(time=lambda: clock.now))
    return clock


@pytest.fixture
def item(portal, configure, make_video, add_user):
    configure()
    item = make_video(portal)
    for login in ("viewer", "other", "member"):
        add_user(login)
    for login in ("viewer", "other"):
        api.user.grant_roles(username=login, roles=["Media Viewer"], obj=item)
    alsoProvides(getRequest(), IBrowserLayer)
    return item


@pytest.fixture
def viewlet_for(item, clock):
    """A function that gives the viewlet as Plone makes it for an account, not yet updated."""

    def viewlet_for_account():
        request = getRequest()
        view = getMultiAdapter((item, request), name="view")
        alsoProvides(view, IViewView)
        return getMultiAdapter((item, request, view, Place()), IViewlet, name="collective.cfprivate.player")

    return viewlet_for_account


@pytest.fixture
def shown(viewlet_for):
    """A function that gives the HTML of the viewlet for an account."""

    def shown_to(login="viewer"):
        with api.env.adopt_user(login):
            viewlet = viewlet_for()
            viewlet.update()
            return viewlet.render()

    return shown_to


@pytest.fixture
def made(monkeypatch):
    """A list that gets longer when the template is rendered."""
    made, render = [], viewlet_module.ViewletBase.render

    def noted(viewlet):
        made.append(viewlet)
        return render(viewlet)

    monkeypatch.setattr(viewlet_module.ViewletBase, "render", noted)
    return made


def renew_in(html):
    return int(re.search(r' data-renew-in="(\d+)"', html)[1])


class TestSame:
    def test_is_made_once(self, shown, made):
        assert shown("viewer") == shown("other")
        assert len(made) == 1

    def test_is_what_is_made_without_a_memory(self, shown):
        first = shown()
        assert shown() == first
        remembered._place_of.cache_clear()
        assert shown() == first

    def test_has_signed_urls(self, shown):
        shown()
        assert "Signature=" in shown("other")

    def test_has_the_times_of_who_asks(self, shown, made, clock):
        first = shown()
        clock.now += 12
        assert (renew_in(first), renew_in(shown())) == (END * 5 // 6, (END - 12) * 5 // 6)
        assert len(made) == 1

    def test_has_them_each_time(self, viewlet_for):
        with api.env.adopt_user("viewer"):
            viewlet = viewlet_for()
            viewlet.update()
            assert viewlet.render() == viewlet.render()

    def test_differs_in_nothing_but_the_times(self, shown, clock):
        first = shown()
        clock.now += 12
        assert shown().replace('data-renew-in="2990"', 'data-renew-in="3000"') == first

    def test_has_a_title_as_it_is(self, shown, item):
        item.title = '"> <p data-renew-in="0">'
        assert 'data-title="&quot;&gt; &lt;p data-renew-in=&quot;0&quot;&gt;"' in shown()


class TestAnother:
    """What the HTML depends on is made anew where it has changed."""

    def test_signature(self, shown, made, clock):
        first = shown()
        clock.now += 300
        assert shown() != first
        assert len(made) == 2

    def test_title(self, shown, item):
        shown()
        item.title = "Another talk"
        assert 'data-title="Another talk"' in shown()

    def test_medium(self, shown, item):
        shown()
        item.object_key = "talks/other.mp4"
        assert "talks/other.mp4?" in shown()

    def test_right_to_download(self, shown, item):
        assert "cfprivate-download" not in shown()
        item.offer_download = True
        assert "cfprivate-download" in shown()

    def test_language(self, shown, made, monkeypatch):
        shown()
        monkeypatch.setattr(viewlet_module, "language_of", lambda _request: "de")
        shown()
        assert len(made) == 2

    def test_address_of_the_site(self, shown, item):
        shown()
        getRequest().setServerURL("https", "videos.example.org")
        assert f'data-playback="{item.absolute_url()}/@playback"' in shown()
        assert item.absolute_url().startswith("https://videos.example.org")

    def test_layer(self, shown, made):
        shown()
        alsoProvides(getRequest(), IOtherTheme)
        shown()
        assert len(made) == 2


class TestRefused:
    def test_gets_nothing_of_it(self, shown):
        shown("viewer")
        assert "Signature=" not in shown("member")

    def test_is_told_anew(self, shown, made):
        shown("member")
        shown("member")
        assert len(made) == 2

    def test_who_was_granted_a_moment_before_gets_nothing_of_it(self, shown, item):
        shown("viewer")
        api.user.revoke_roles(username="viewer", roles=["Media Viewer"], obj=item)
        for key in [key for key in getRequest().__annotations__ if "borg.localrole" in str(key)]:
            del getRequest().__annotations__[key]
        assert "Signature=" not in shown("viewer")


def test_in_debug_mode_templates_are_read_anew(shown, made, monkeypatch):
    monkeypatch.setattr(viewlet_module.api.env, "debug_mode", lambda: True)
    shown()
    shown()
    assert len(made) == 2


def test_keeps_no_view(viewlet_for):
    with api.env.adopt_user("viewer"):
        viewlet = viewlet_for()
        viewlet.update()
        viewlet.render()
    kept = weakref.ref(viewlet)
    del viewlet
    gc.collect()
    assert kept() is None


def test_an_image_has_no_times(shown, item):
    item.object_key = "talks/picture.jpg"
    assert "data-renew-in" not in shown()
