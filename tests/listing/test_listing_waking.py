"""A listing is made of the catalog: none of the items that it shows is loaded."""

from collective.cfprivate.listing.views import Cards
from lead_images import png
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
COUNT = 1_000
QUERY = [{"i": "portal_type", "o": "plone.app.querystring.operation.selection.any", "v": ["Protected Video"]}]
# The class of a video, which no list and no folder has, and that of its lead image.
OF_ITEMS = (Item, NamedBlobImage)
FIELDS = "metadata_fields=cfprivate_duration&metadata_fields=cfprivate_protected"
SUMMARIES = {
    "a folder": f"media?b_size={COUNT}&{FIELDS}",
    "a collection": f"found?b_size={COUNT}&{FIELDS}",
    "a search": f"@search?portal_type=Protected+Video&b_size={COUNT}&{FIELDS}",
    "a search for all columns": f"@search?portal_type=Protected+Video&b_size={COUNT}&metadata_fields=_all",
}
# An image, a duration and a badge.
SHOWN = ["./div/img", ".//time", ".//span[text()='Protected']"]
LOGINS = {"visitor": None, "manager": (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)}


@pytest.fixture(scope="class")
def lists(functional_portal_class):
    """A folder with 1,000 protected videos that have lead images, and a collection of them, by type."""
    portal, image = functional_portal_class, png(1000, 500)
    # A transition of each would take as long as all the rest.
    api.portal.get_tool("portal_workflow")["protected_media_workflow"].initial_state = "restricted"
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", "media", title="Media")
        collection = api.content.create(portal, "Collection", "found", title="Found", query=QUERY, item_count=COUNT)
        for container in (folder, collection):
            api.content.transition(container, "publish")
        for number in range(COUNT):
            lead = NamedBlobImage(data=image, contentType="image/png", filename="lead.png")
            fields = {"title": f"Talk {number}", "object_key": "talks/a.mp4", "duration": 12, "image": lead}
            api.content.create(folder, "Protected Video", f"talk-{number}", **fields)
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
def summaries_of(functional_portal_class, lists, loaded):
    """A function that asks for a listing by REST, with nothing in memory: its items, and what was loaded of items."""

    def listed(path, login="visitor"):
        functional_portal_class._p_jar.db().cacheMinimize()
        loaded.clear()
        address, accept = f"{functional_portal_class.absolute_url()}/{path}", {"Accept": "application/json"}
        answer = requests.get(address, auth=LOGINS[login], headers=accept, timeout=60)
        return answer.json()["items"], [item for item in loaded if type(item) in OF_ITEMS]

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
    def test_of_1000_protected_items_wakes_none(self, listing_of, name, login):
        cards, woken = listing_of(name, login)
        assert (len(cards), len(woken)) == (COUNT, 0)

    @pytest.mark.parametrize("name", TYPES)
    def test_has_all_that_it_shows_of_each(self, listing_of, name):
        cards, _woken = listing_of(name)
        assert {tuple(len(card.xpath(part)) for part in SHOWN) for card in cards} == {(1, 1, 1)}

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

    @pytest.mark.parametrize("name", SUMMARIES)
    @pytest.mark.parametrize("login", LOGINS)
    def test_by_rest_has_duration_and_badge_and_wakes_none(self, summaries_of, name, login):
        items, woken = summaries_of(SUMMARIES[name], login)
        told = [(item["cfprivate_duration"], item["cfprivate_protected"]) for item in items]
        # plone.restapi looks for the catalog by the first item of a collection, whatever its type.
        assert (told, len(woken)) == ([(12, True)] * COUNT, 1 if name == "a collection" else 0)

    def test_by_rest_that_woke_items_would_be_noticed(self, summaries_of):
        assert len(summaries_of("@search?portal_type=Protected+Video&b_size=10&fullobjects=1")[1]) >= 10

    def test_by_rest_tells_neither_of_other_content(self, summaries_of):
        (item,), _woken = summaries_of(f"@search?portal_type=Folder&id=media&{FIELDS}")
        assert (item["cfprivate_duration"], item["cfprivate_protected"]) == (None, None)

    def test_by_rest_has_them_where_they_are_asked_for(self, summaries_of):
        items, _woken = summaries_of("@search?portal_type=Protected+Video&b_size=1")
        assert [name for name in items[0] if name.startswith("cfprivate")] == []
