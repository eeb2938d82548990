"""The view of media, of folders and of collections."""

from lxml import html
from plone import api
from plone.app.testing import logout
from plone.app.textfield.value import RichTextValue

import pytest


TYPES = ["Folder", "Collection"]
KEY = "talks/2026/secretword.mp4"
POSTER = "posters/secretposter.jpg"
BY_PATH = [{"i": "path", "o": "plone.app.querystring.operation.string.absolutePath", "v": "/media::1"}]


@pytest.fixture
def collection(portal, folder):
    """A published collection of what lies in the folder."""
    with api.env.adopt_roles(["Manager"]):
        made = api.content.create(portal, "Collection", "found", title="Found", query=BY_PATH, sort_on="getId")
        api.content.transition(made, "publish")
    return made


@pytest.fixture
def containers(folder, collection):
    """What lists, by type."""
    return {"Folder": folder, "Collection": collection}


@pytest.fixture
def cards(portal, http_request):
    """A function that gives the cards of a listing, as a visitor gets them, by title."""

    def listed(container, **form):
        return {card.xpath("string(.//h2)").strip(): card for card in page(container, **form).xpath("//li/article")}

    def page(container, **form):
        http_request.form.update(form)
        logout()
        return html.fromstring(api.content.get_view("media_listing", container, http_request)())

    listed.page = page
    return listed


def words(card):
    return " ".join(card.text_content().split())


class TestCard:
    @pytest.mark.parametrize("name", TYPES)
    @pytest.mark.parametrize(("state", "count"), [("restricted", 1), ("members", 1), ("public", 0)])
    def test_has_the_badge_unless_all_may_watch(self, containers, make_video, cards, name, state, count):
        make_video(containers["Folder"], state=state)
        assert words(cards(containers[name])["A talk"]).count("Protected") == count

    @pytest.mark.parametrize("name", TYPES)
    def test_has_the_duration(self, containers, make_video, cards, name):
        make_video(containers["Folder"], duration=3723)
        card = cards(containers[name])["A talk"]
        (time,) = card.iter("time")
        assert (time.get("datetime"), words(time)) == ("PT3723S", "1:02:03")
        assert "Duration: 1 h 2 min 3 s" in words(card)

    def test_has_no_duration_where_none_is_known(self, folder, make_video, cards):
        make_video(folder)
        assert list(cards(folder)["A talk"].iter("time")) == []

    def test_has_neither_without_a_medium(self, folder, make_video, cards):
        make_video(folder, object_key=None, duration=12)
        assert words(cards(folder)["A talk"]) == "A talk"

    def test_of_other_content_has_neither(self, folder, cards):
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(folder, "Document", "page", title="A page", description="To read.")
            api.content.transition(page, "publish")
        assert words(cards(folder)["A page"]) == "A page To read."

    def test_in_a_protected_folder_acquires_neither(self, portal, add_behavior, cards):
        add_behavior("Folder")
        with api.env.adopt_roles(["Manager"]):
            outer = api.content.create(portal, "Folder", "set", object_key=KEY, duration=12)
            api.content.transition(outer, "publish")
            api.content.transition(api.content.create(outer, "Document", "page", title="A page"), "publish")
        assert words(cards(outer)["A page"]) == "A page"

    def test_leads_to_the_item(self, folder, make_video, cards):
        make_video(folder)
        (link,) = cards(folder)["A talk"].iter("a")
        assert link.get("href") == f"{folder.absolute_url()}/talk"

    def test_of_a_file_leads_to_its_page(self, folder, cards):
        with api.env.adopt_roles(["Manager"]):
            api.content.create(folder, "File", "file", title="A file")
        (link,) = cards(folder)["A file"].iter("a")
        assert link.get("href") == f"{folder.absolute_url()}/file/view"

    def test_without_a_title_has_the_name(self, folder, make_video, cards):
        make_video(folder, title="")
        assert list(cards(folder)) == ["talk"]

    def test_escapes_what_editors_write(self, folder, make_video, cards):
        make_video(folder, title="<script>1</script>", description="<b>2</b>")
        assert words(cards(folder)["<script>1</script>"]) == "<script>1</script> Protected <b>2</b>"


class TestLeadImage:
    @pytest.fixture
    def shown(self, folder, make_video, image, cards):
        """A function that gives the images in the card of a video with a lead image of this size."""

        def images(*size):
            make_video(folder, image=image(*size))
            return list(cards(folder)["A talk"].iter("img"))

        return images

    def test_is_shown_in_the_site_s_sizes(self, shown):
        (img,) = shown(1000, 500)
        # Plone's sizes: preview 400:65536, large 800:65536.
        assert (img.get("width"), img.get("height")) == ("400", "200")
        assert [each.split(" ")[1] for each in img.get("srcset").split(", ")] == ["400w", "800w"]

    def test_has_an_address_below_the_item(self, folder, shown):
        (img,) = shown(1000, 500)
        assert img.get("src").startswith(f"{folder.absolute_url()}/talk/@@images/image-400-")

    def test_of_one_size_has_no_choice(self, shown):
        (img,) = shown(500, 250)
        assert (img.get("width"), img.get("srcset")) == ("400", None)

    def test_that_is_smaller_is_shown_as_it_is(self, shown):
        (img,) = shown(300, 150)
        assert (img.get("width"), img.get("height"), img.get("srcset")) == ("300", "150", None)

    def test_is_hidden_from_who_hears_the_title_already(self, shown):
        (img,) = shown(1000, 500)
        assert img.get("alt") == ""

    def test_is_fetched_when_it_is_seen(self, shown):
        (img,) = shown(1000, 500)
        assert img.get("loading") == "lazy"

    def test_is_not_shown_where_the_site_shows_none(self, shown):
        api.portal.set_registry_record("plone.no_thumbs_summary", True)
        assert shown(1000, 500) == []

    @pytest.mark.parametrize("width", [1000, 300])
    def test_is_served(self, folder, http_request, shown, width):
        (img,) = shown(width, 150)
        images = api.content.get_view("images", folder["talk"], http_request)
        scale = images.publishTraverse(http_request, img.get("src").rpartition("/")[2])
        assert str(scale.width) == img.get("width")

    def test_is_never_the_poster(self, folder, make_video, cards):
        make_video(folder, poster=POSTER)
        assert list(cards(folder)["A talk"].iter("img")) == []


class TestObjectKeys:
    @pytest.mark.parametrize("name", TYPES)
    @pytest.mark.parametrize("role", ["Anonymous", "Manager"])
    def test_are_not_in_the_page(self, containers, make_video, image, name, role):
        make_video(containers["Folder"], object_key=KEY, poster=POSTER, duration=12, image=image())
        with api.env.adopt_roles([role]):
            page = api.content.get_view("media_listing", containers[name], containers[name].REQUEST)()
        assert ("A talk" in page, "secret" in page) == (True, False)

    def test_are_in_no_column(self, portal, make_video):
        make_video(portal, object_key=KEY, poster=POSTER, duration=12)
        catalog = portal.portal_catalog
        (brain,) = catalog.unrestrictedSearchResults(getId="talk")
        assert [name for name in catalog.schema() if "secret" in str(getattr(brain, name))] == []


class TestListing:
    def test_has_what_the_visitor_may_see(self, folder, make_video, cards):
        make_video(folder, "hidden", state="confidential", title="Hidden")
        make_video(folder)
        assert list(cards(folder)) == ["A talk"]

    @pytest.mark.parametrize("name", TYPES)
    def test_has_batches(self, containers, make_video, cards, name):
        for number in range(6):
            make_video(containers["Folder"], f"talk-{number}", title=f"Talk {number}")
        containers["Collection"].item_count = 4
        first = cards.page(containers[name], b_size=4)
        assert (len(first.xpath("//li/article")), len(first.find_class("pagination"))) == (4, 1)

    def test_goes_on(self, folder, make_video, cards):
        for number in range(6):
            make_video(folder, f"talk-{number}", title=f"Talk {number}")
        assert list(cards(folder, b_size=4, b_start=4)) == ["Talk 4", "Talk 5"]

    @pytest.mark.parametrize(
        ("name", "words_of_plone"),
        [("Folder", "There are currently no items in this folder."), ("Collection", "No results were found.")],
    )
    def test_says_that_it_is_empty(self, containers, cards, name, words_of_plone):
        assert words_of_plone in words(cards.page(containers[name]))

    def test_has_the_text_of_the_collection(self, collection, cards):
        collection.text = RichTextValue("<p>All talks.</p>", "text/html", "text/x-html-safe")
        assert "All talks." in words(cards.page(collection))


class TestMenu:
    @pytest.mark.parametrize("name", TYPES)
    def test_offers_the_view(self, containers, name):
        assert dict(containers[name].getAvailableLayouts())["media_listing"] == "Media view"

    @pytest.mark.parametrize("name", TYPES)
    def test_the_type_keeps_its_own_view(self, containers, name):
        assert containers[name].getLayout() == "listing_view"

    @pytest.mark.parametrize("name", TYPES)
    def test_once_chosen_it_is_shown(self, containers, make_video, name):
        make_video(containers["Folder"])
        containers[name].setLayout("media_listing")
        assert "Protected" in containers[name]()


class TestOldSite:
    """The package is newer than the profile of the site."""

    @pytest.mark.parametrize("column", ["cfprivate_duration", "cfprivate_protected", "image_scales"])
    def test_is_listed_without_the_column(self, portal, folder, make_video, cards, column):
        make_video(folder, duration=12)
        list(cards(folder))
        portal.portal_catalog.delColumn(column)
        assert list(cards(folder)) == ["A talk"]

    def test_nothing_is_acquired_in_place_of_the_column(self, portal, folder, make_video, cards):
        make_video(folder)
        portal.portal_catalog.delColumn("cfprivate_duration")
        portal.cfprivate_duration = 12
        assert list(cards(folder)["A talk"].iter("time")) == []
