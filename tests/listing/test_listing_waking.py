"""A listing is made of the catalog: none of the items that it shows is loaded."""

from collective.cfprivate.listing.views import Cards
from lead_images import lead_image
from lxml import html
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.dexterity.content import Item
from plone.namedfile.file import NamedBlobImage
from ZODB.Connection import Connection

import pytest
import requests
import transaction


TYPES = ["Folder", "Collection"]
COUNT = 200
QUERY = [{"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": ["Protected Video"]}]
# The class of a video, which no list and no folder has, and that of its lead image.
OF_ITEMS = (Item, NamedBlobImage)
LOGINS = {"visitor": None, "manager": (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)}


@pytest.fixture(scope="class")
def lists(functional_portal_class):
    """A folder with 200 protected videos that have lead images, and a collection of them, by type."""
    portal = functional_portal_class
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", "media", title="Media")
        collection = api.content.create(portal, "Collection", "found", title="Found", query=QUERY, item_count=COUNT)
        for container in (folder, collection):
            api.content.transition(container, "publish")
        for number in range(COUNT):
            fields = {"title": f"Talk {number}", "object_key": "talks/a.mp4", "duration": 12, "image": lead_image()}
            item = api.content.create(folder, "Protected Video", f"talk-{number}", **fields)
            api.content.transition(item, to_state="restricted")
    transaction.commit()
    return {"Folder": folder, "Collection": collection}


@pytest.fixture
def loaded(monkeypatch):
    """The objects that a database connection loads from now on."""
    found = []
    original = Connection.setstate

    def setstate(connection, item):
        original(connection, item)
        found.append(item)

    monkeypatch.setattr(Connection, "setstate", setstate)
    return found


@pytest.fixture
def listing_of(lists, loaded):
    """A function that asks the server for a listing, with nothing in memory: its cards, and what was loaded of items."""

    def listed(name, login="visitor"):
        lists[name]._p_jar.db().cacheMinimize()
        loaded.clear()
        address = f"{lists[name].absolute_url()}/media_listing?b_size:int={COUNT}"
        page = requests.get(address, auth=LOGINS[login], timeout=60)
        page.raise_for_status()
        return html.fromstring(page.text).xpath("//li/article"), [item for item in loaded if type(item) in OF_ITEMS]

    return listed


@pytest.fixture
def choose():
    """A function that sets a record of the registry, until the test is over."""
    before = {}

    def choose_value(name, value):
        before[name] = api.portal.get_registry_record(name)
        api.portal.set_registry_record(name, value)
        transaction.commit()

    yield choose_value
    for name, value in before.items():
        api.portal.set_registry_record(name, value)
    transaction.commit()


class TestListing:
    """One site for all tests of this class."""

    @pytest.mark.parametrize("name", TYPES)
    @pytest.mark.parametrize("login", LOGINS)
    def test_of_200_protected_items_wakes_none(self, listing_of, name, login):
        cards, woken = listing_of(name, login)
        assert (len(cards), len(woken)) == (COUNT, 0)

    @pytest.mark.parametrize("name", TYPES)
    @pytest.mark.parametrize("shown", ["./div/img", ".//time", ".//span[text()='Protected']"])
    def test_has_all_that_it_shows_of_each(self, listing_of, name, shown):
        cards, _woken = listing_of(name)
        assert [len(card.xpath(shown)) for card in cards] == [1] * COUNT

    @pytest.mark.parametrize("name", TYPES)
    def test_that_woke_items_would_be_noticed(self, listing_of, monkeypatch, name):
        made = Cards.card

        def card(view, item):
            assert item._brain.getObject().portal_type
            return made(view, item)

        monkeypatch.setattr(Cards, "card", card)
        assert len(listing_of(name)[1]) == COUNT

    @pytest.mark.parametrize("name", TYPES)
    def test_wakes_none_where_plone_doubles_the_sizes_of_images(self, listing_of, choose, name):
        # The portlet of the navigation, which lists them, too, then wakes each for its thumb.
        choose("plone.displayed_types", ())
        choose("plone.highpixeldensity_scales", "2x")
        assert len(listing_of(name)[1]) == 0
