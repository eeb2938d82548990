"""The overview of all protected items, as a browser sees it."""

from bs4 import BeautifulSoup
from collective.cfprivate.controlpanel.overview import listed
from collective.cfprivate.controlpanel.overview_choice import Choice
from collective.cfprivate.controlpanel.overview_choice import choice_of
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.tested import note_tested
from DateTime import DateTime
from plone import api
from plone.testing.zope import Browser
from Products.DCWorkflow.utils import modifyRolesForPermission
from Products.ZCatalog.CatalogBrains import AbstractCatalogBrain
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urlsplit

import pytest
import transaction


PAGE = "cfprivate-overview"
KEY = "canary-object-key-7f3a"
STREAM = "collective.cfprivate: Stream protected media"
SCRIPT = '<script>alert("x")</script>'
PLAIN = 21
# Those that differ, of which each test names one.
SPECIAL = ["Aaa late", "Everybody", "Folk", "Future", "Lost", "Keyless", "Past", "Several", "Nobody", "Odd", SCRIPT]
EVERYTHING = [*SPECIAL, *(f"Talk {number:02}" for number in range(PLAIN)), "Plone site"]


def add(container, name, title, *, state="restricted", **fields):
    item = api.content.create(
        container, "Protected Video", name, title=title, **{"object_key": f"{KEY}/{name}.mp4", **fields}
    )
    if state != "private":
        api.content.transition(item, to_state=state)
    return item


def furnish(portal):
    fti = api.portal.get_tool("portal_types")["Plone Site"]
    fti.manage_changeProperties(behaviors="\n".join((*fti.behaviors, "collective.cfprivate.protected_media")))
    IProtectedMedia(portal).object_key = f"{KEY}/site.mp4"
    for number in range(PLAIN):
        add(portal, f"talk-{number}", f"Talk {number:02}", effective_date=DateTime("2020/01/01") + number)
    add(portal, "late", "Aaa late", state="private", effective_date=DateTime("2021/01/01"))
    everybody = add(portal, "everybody", "Everybody", state="public")
    everybody.tracks = [{"language": "en", "kind": "subtitles", "label": "English", "object_key": f"{KEY}/en.vtt"}]
    add(portal, "folk", "Folk", state="members")
    add(portal, "keyless", "Keyless", object_key=None)
    note_tested(add(portal, "lost", "Lost"), found=False, when=1767225600)  # 2026-01-01
    add(portal, "future", "Future", effective_date=DateTime() + 30)
    add(portal, "past", "Past", expiration_date=DateTime("2021/06/15 12:00 UTC"))
    several = add(portal, "several", "Several")
    modifyRolesForPermission(several, "View", ("Reader", "Manager"))
    modifyRolesForPermission(several, STREAM, ("Media Viewer",))
    modifyRolesForPermission(add(portal, "nobody", "Nobody"), STREAM, ())
    odd = add(portal, "odd", "Odd")
    add(portal, "script", SCRIPT)
    for item in portal.objectValues("Dexterity Item"):
        item.reindexObject()
    portal.reindexObject()
    transaction.commit()
    odd.expiration_date = "soon"  # as an import may leave it; the catalog could not take it


@pytest.fixture(scope="class")
def site(functional_portal_class):
    """A site with more items than a page shows; nothing in the class changes it."""
    api.portal.set_registry_record("plone.portal_timezone", "UTC")
    with api.env.adopt_roles(["Manager"]):
        furnish(functional_portal_class)
    for login, roles in {"manager": ["Manager"], "siteadmin": ["Site Administrator"], "editor": ["Editor"]}.items():
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
        api.user.grant_roles(username=login, roles=roles)
    transaction.commit()
    return functional_portal_class


class Page:
    """One answer, taken apart."""

    def __init__(self, browser):
        contents = browser.contents
        self.text = contents.decode() if isinstance(contents, bytes) else contents
        self.status = int(browser.headers["status"].split()[0])
        self.soup = BeautifulSoup(self.text, "html.parser")
        self.rows = {row.select_one("th a").text: row for row in self.soup.select("#cfprivate-overview tbody tr")}
        self.titles = [*self.rows]

    def words(self, title):
        return " ".join(self.rows[title].get_text(" ").split())

    def links(self, selector):
        return [link["href"] for link in self.soup.select(selector)]


@pytest.fixture(scope="class")
def read(site, functional_app_class):
    """A function that opens the overview with parameters, once for each."""
    pages = {}

    def ask(query="", login="manager"):
        if (query, login) not in pages:
            browser = Browser(functional_app_class)
            browser.raiseHttpErrors = False
            browser.addHeader("Authorization", f"Basic {login}:secret-of-{login}")
            browser.open(query if query.startswith("http") else f"{site.absolute_url()}/@@{PAGE}?{query}")
            pages[query, login] = Page(browser)
        return pages[query, login]

    return ask


def of(**parameters):
    return urlencode(parameters)


class TestReading:
    # Who, and what

    def test_it_is_there_for_a_manager(self, read):
        assert (read().status, "Overview of protected media" in read().text) == (200, True)

    @pytest.mark.parametrize("login", ["siteadmin", "editor", "stranger"])
    def test_it_is_there_for_nobody_else(self, read, login):
        assert read(login=login).titles == []

    def test_every_item_is_listed_once_on_its_pages(self, read):
        assert sorted([*read().titles, *read(of(b_start=25)).titles]) == sorted(EVERYTHING)

    def test_it_tells_how_many_there_are(self, read):
        assert "Items: 33." in read().soup.select_one("#cfprivate-overview-count").text.replace("\n", "")

    def test_a_title_leads_to_its_item(self, read, site):
        assert read().rows["Everybody"].select_one("th a")["href"] == f"{site.absolute_url()}/everybody"

    def test_it_holds_no_object_key(self, read):
        assert KEY not in read().text + read(of(b_start=25)).text

    def test_a_title_is_no_markup(self, read):
        page = read(of(text="alert"))
        assert (SCRIPT in page.text, page.titles) == (False, [SCRIPT])

    # Words

    @pytest.mark.parametrize(
        ("title", "words"),
        [
            ("Everybody", "Public Everyone may watch."),
            ("Folk", "For members Whoever is logged in may watch."),
            ("Talk 00", "Restricted Contributor Editor Manager Media Viewer Reviewer Site Administrator"),
            ("Aaa late", "Private Contributor Editor Manager Site Administrator"),
            ("Several", "No role suffices by itself; several together may."),
            ("Nobody", "Nobody may watch now."),
            ("Plone site", "This item has no workflow."),
            ("Talk 00", "Protected Video"),
            ("Talk 00", "Now From Jan 01, 2020 12:00 AM"),
            ("Future", "Manager Site Administrator Not yet From"),
            ("Past", "Manager Site Administrator Over"),
            ("Past", "Until Jun 15, 2021 12:00 PM"),
            ("Odd", "Its publication dates cannot be read"),
            ("Keyless", "No medium is attached: the object key is empty."),
            ("Folk", "No captions or subtitles are attached to this video."),
            ("Lost", "did not give out the object when it was last tested, at Jan 01, 2026 12:00 AM"),
        ],
    )
    def test_it_says(self, read, title, words):
        assert words in read(of(text=title)).words(title)

    @pytest.mark.parametrize("title", ["Everybody", "Keyless"])
    def test_captions_are_not_missed_where_there_are_some_or_no_video(self, read, title):
        assert "No captions" not in read(of(text=title)).words(title)

    @pytest.mark.parametrize("title", ["Everybody", "Past", "Plone site"])
    def test_nothing_is_broken_where_nothing_is_known_to_be(self, read, title):
        assert read(of(text=title)).rows[title].select(".text-bg-danger") == []

    # Filters

    @pytest.mark.parametrize(
        ("parameters", "titles"),
        [
            ({"text": "talk 1"}, [f"Talk {number}" for number in range(10, 20)]),
            ({"text": "VERYB"}, ["Everybody"]),
            ({"text": "  past "}, ["Past"]),
            ({"text": "no such title"}, []),
            ({"text": '"(*'}, []),
            ({"state": "public"}, ["Everybody"]),
            ({"state": "confidential"}, []),
            ({"problem": "broken"}, ["Keyless", "Lost"]),
            ({"problem": "no-medium"}, ["Keyless"]),
            ({"problem": "object-missing"}, ["Lost"]),
            ({"problem": "no-captions", "state": "members"}, ["Folk"]),
            ({"problem": "broken", "text": "less"}, ["Keyless"]),
            ({"problem": "broken", "state": "public"}, []),
        ],
    )
    def test_it_lists_what_the_filters_let_through(self, read, parameters, titles):
        assert read(of(**parameters)).titles == titles

    def test_it_says_so_where_that_is_nothing(self, read):
        assert "There is no such item." in read(of(state="confidential")).text

    @pytest.mark.parametrize(("name", "value"), [("state", "public"), ("problem", "broken")])
    def test_the_form_shows_the_filter(self, read, name, value):
        chosen = read(of(**{name: value})).soup.select(f"select[name={name}] option[selected]")
        assert [option["value"] for option in chosen] == [value]

    def test_the_form_shows_the_text(self, read):
        assert read(of(text="less")).soup.select_one("input[name=text]")["value"] == "less"

    def test_the_form_offers_each_state_by_its_title(self, read):
        options = read().soup.select("select[name=state] option")
        titles = ["All", "Private", "Pending review", "Confidential", "Restricted", "For members", "Public"]
        assert sorted(option.text.strip() for option in options) == sorted(titles)

    # Order

    @pytest.mark.parametrize(
        ("parameters", "first"),
        [
            ({}, ["Aaa late", "Everybody"]),
            ({"direction": "descending"}, ["Talk 20", "Talk 19"]),
            ({"sort": "state"}, ["Folk", "Aaa late", "Everybody"]),
            ({"sort": "published", "direction": "descending"}, ["Future"]),
            ({"sort": "expires"}, ["Past"]),
        ],
    )
    def test_it_begins_with(self, read, parameters, first):
        ids = read(of(**parameters)).titles
        # `<script>` sorts before letters.
        assert [title for title in ids if title != SCRIPT][: len(first)] == first

    def test_the_order_of_modification_is_that_of_the_items(self, read, site):
        dates = {item.title: item.modified() for item in [*site.objectValues("Dexterity Item"), site]}
        titles = read(of(sort="modified", direction="descending")).titles
        # The index knows minutes.
        assert max(dates.values()) - dates[titles[0]] < 1 / 24 / 60

    def test_an_item_without_a_state_is_listed_last_by_state(self, read):
        assert read(of(sort="state", b_start=25)).titles[-1] == "Plone site"

    @pytest.mark.parametrize(
        ("parameters", "sorted_columns"),
        [
            ({}, {"Title": "ascending"}),
            ({"sort": "state", "direction": "descending"}, {"State": "descending"}),
        ],
    )
    def test_the_head_tells_the_order(self, read, parameters, sorted_columns):
        heads = read(of(**parameters)).soup.select("th[aria-sort]")
        assert {head.get_text(" ").split()[0]: head["aria-sort"] for head in heads} == sorted_columns

    @pytest.mark.parametrize("direction", ["ascending", "descending"])
    def test_of_two_orders_in_one_head_the_link_tells_which(self, read, direction):
        page = read(of(sort="expires", direction=direction)).soup
        told = [link.get_text(" ", strip=True) for link in page.select("thead a:has(.visually-hidden)")]
        assert (len(told), told[0].endswith(f"sorted in {direction} order"), page.select("th[aria-sort]")) == (
            1,
            True,
            [],
        )

    @pytest.mark.parametrize(
        ("now", "sort", "direction"),
        [
            ({}, "title", "descending"),
            ({}, "state", None),
            ({"sort": "state"}, "state", "descending"),
            ({"sort": "state", "direction": "descending"}, "state", None),
        ],
    )
    def test_a_head_sorts_and_turns_the_order(self, read, now, sort, direction):
        choices = [parse_qs(urlsplit(link).query) for link in read(of(**now)).links("thead a")]
        wanted = {"title": {}, "state": {"sort": ["state"]}}[sort]
        assert ({**wanted, "direction": [direction]} if direction else wanted) in choices

    def test_a_head_keeps_the_filters_and_begins_again(self, read):
        page = read(of(text="e", problem="broken", b_start=25))
        choices = [parse_qs(urlsplit(link).query) for link in page.links("thead a")]
        assert {"sort": ["state"], "text": ["e"], "problem": ["broken"]} in choices

    # Batches

    def test_a_page_has_25_items(self, read):
        assert len(read().titles) == 25

    def test_the_last_page_has_the_rest(self, read):
        assert len(read(of(b_start=25)).titles) == 33 - 25

    def test_the_pages_are_linked(self, read):
        link = read(of(direction="descending")).links(".pagination a")[0]
        page = read(link)
        assert (len(page.titles), page.titles[-1]) == (33 - 25, read().titles[0])

    def test_links_between_pages_keep_the_filters(self, read):
        links = read(of(text="t", sort="state")).links(".pagination a")
        assert links and all({"text": ["t"], "sort": ["state"]}.items() <= query(link).items() for link in links)

    def test_only_the_items_of_the_page_are_loaded(self, read, monkeypatch):
        loaded = []
        load = AbstractCatalogBrain.getObject
        monkeypatch.setattr(AbstractCatalogBrain, "getObject", lambda brain: loaded.append(brain) or load(brain))
        read("text=e&sort=state&problem=&nothing=remembered")
        assert 0 < len(loaded) <= 25

    # Nonsense

    @pytest.mark.parametrize(
        "nonsense",
        [
            "state=no-such-state&problem=no-such-problem&sort=getObject&direction=sideways&b_start=many",
            "state:list=public&problem:list=broken&sort:list=state&direction:list=descending&b_start:list=25",
            "text.x:record=less&state.x:record=public&sort.x:record=state&direction:record=1&b_start.x:record=1",
            "state=public&state=private&text=a&text=b&b_start=25&b_start=50",
            "b_start:float=nan&sort_on=no-index&sort_limit=1&b_size=-1",
        ],
    )
    def test_what_makes_no_sense_is_as_if_not_chosen(self, read, nonsense):
        page = read(nonsense)
        assert (page.status, page.titles, query(page.links(".pagination a")[-1])) == (
            200,
            read().titles,
            {"b_start:int": ["25"], "sort": ["title"], "direction": ["ascending"]},
        )

    def test_beyond_the_end_is_the_last_page(self, read):
        assert read("b_start:int=1000000").titles == read(of(b_start=25)).titles

    def test_what_was_typed_is_no_markup(self, read):
        assert '"><b>' not in read(of(text='"><b>x')).text

    def test_filtering_sends_no_token_that_kept_addresses_would_hold(self, read):
        tokens = read().soup.select("#cfprivate-overview-filter [name=_authenticator]")
        assert [token.get("disabled") for token in tokens] == ["disabled"]

    # For all readers

    def test_the_table_has_a_caption(self, read):
        assert read().soup.select_one("#cfprivate-overview caption").text.strip()

    def test_each_field_has_a_label(self, read):
        fields = read().soup.select("#cfprivate-overview-filter [id]")
        labels = {label["for"] for label in read().soup.select("#cfprivate-overview-filter label")}
        assert {field["id"] for field in fields} == labels

    def test_the_table_scrolls_by_itself_on_a_phone(self, read):
        assert read().soup.select_one(".table-responsive > #cfprivate-overview") is not None


def query(link):
    return parse_qs(urlsplit(link).query)


@pytest.mark.parametrize(
    ("name", "entered"),
    [
        ("text", ["less"]),
        ("text", None),
        ("state", "no-such-state"),
        ("state", ["public"]),
        ("state", {}),
        ("problem", "no-such-problem"),
        ("problem", ["broken"]),
        ("sort", "object_key"),
        ("sort", "getObject"),
        ("sort", ["state"]),
        ("direction", "sideways"),
        ("direction", ("descending",)),
        *(
            ("b_start", start)
            for start in (-25, "-25", "many", "0x10", "1.5", "", None, [25], 25.5, "9" * 400, 10**400)
        ),
    ],
)
def test_a_parameter_that_makes_no_sense_chooses_nothing(name, entered):
    assert choice_of({name: entered}, states=["public"]) == Choice()


@pytest.mark.parametrize("entered", [50, "50", " 50 "])
def test_a_start_is_a_number_however_it_is_written(entered):
    assert choice_of({"b_start": entered}, states=[]).b_start == 50


def test_a_text_is_cut_where_it_is_longer_than_any_title():
    assert choice_of({"text": "a" * 100000}, states=[]).text == "a" * 200


def test_what_may_not_be_viewed_is_not_listed(manager, functional_portal, make_video):
    item = make_video(functional_portal)
    modifyRolesForPermission(item, "View", ("Reader",))
    modifyRolesForPermission(item, "Access contents information", ("Reader",))
    item.reindexObjectSecurity()
    transaction.commit()
    assert "There is no such item." in manager.open(PAGE).page


def test_who_does_not_see_inactive_content_elsewhere_sees_it_here(portal, make_video):
    make_video(portal, expiration_date=DateTime("2021/06/15"))
    with api.env.adopt_roles(["Editor"]):
        assert [brain.getId for brain in listed(Choice())] == ["talk"]


def test_of_what_may_be_listed_but_not_viewed_nothing_is_told(manager, functional_portal, make_video):
    item = make_video(functional_portal)
    modifyRolesForPermission(item, "View", ("Reader",))
    transaction.commit()
    page = manager.open(PAGE).page
    assert ("This item cannot be opened" in page, "Media Viewer" in page, item.UID() in page) == (True, False, False)


def test_what_the_catalog_lists_though_it_is_gone_takes_nothing_down(manager, functional_portal, make_video):
    make_video(functional_portal)
    functional_portal._delOb("talk")
    transaction.commit()
    assert "This item cannot be opened" in manager.open(PAGE).page


def test_it_says_when_folders_count_too(manager):
    api.portal.set_registry_record("collective.cfprivate.view_on_parents", True)
    transaction.commit()
    assert "Only who may see every folder above" in manager.open(PAGE).page


def test_a_site_without_items_says_so(manager):
    assert "There is no such item." in manager.open(PAGE).page


def test_reading_writes_nothing(manager, functional_portal, make_video):
    make_video(functional_portal)
    transaction.commit()
    manager.open("cfprivate-controlpanel")  # the first page of a site may rotate the keys of plone.keyring
    before = functional_portal._p_jar.db().lastTransaction()
    manager.open(PAGE)
    assert functional_portal._p_jar.db().lastTransaction() == before
