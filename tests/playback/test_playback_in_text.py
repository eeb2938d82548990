"""Media within the text of a page: which links get a frame, what is told there, and what the frame then shows whom."""

from bs4 import BeautifulSoup
from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.playback.in_text import MediaInText
from contextlib import nullcontext
from plone import api
from plone.app.testing import logout
from plone.app.textfield.value import RichTextValue
from plone.outputfilters.interfaces import IFilter
from plone.uuid.interfaces import IUUID
from types import SimpleNamespace
from urllib.parse import urlsplit
from zope.component import getAdapters
from zope.interface import alsoProvides
from zope.publisher.browser import BrowserRequest

import pytest
import transaction


ELSEWHERE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def talk(portal, make_video):
    """A video whose title is not to be read in the text."""
    return make_video(portal, title="A secret title")


@pytest.fixture
def filtered(talk):
    """A function that filters a text in which ``UID`` stands for that of the video, parsed; None if it is as before."""

    def apply(text):
        result = MediaInText(talk, None)(text.replace("UID", IUUID(talk)))
        return result and BeautifulSoup(result, "html.parser")

    return apply


def frames(soup):
    return soup.find_all("iframe") if soup else []


class TestMarkedLink:
    TEXT = '<p>Look: <a class="cfprivate-medium" href="resolveuid/UID">The opening</a>, and go on.</p>'

    def test_gets_a_frame_with_the_embedded_page(self, filtered, talk):
        (frame,) = frames(filtered(self.TEXT))
        assert frame["src"] == f"resolveuid/{IUUID(talk)}/@@embed"

    def test_stays_behind_the_frame(self, filtered, talk):
        link = filtered(self.TEXT).iframe.parent.find_next_sibling()
        assert (link.name, link["href"], link.text) == ("a", f"resolveuid/{IUUID(talk)}", "The opening")

    def test_names_the_frame(self, filtered):
        assert filtered(self.TEXT).iframe["title"] == "The opening"

    def test_leaves_the_text_around_it(self, filtered):
        assert filtered(self.TEXT).p.text == "Look: The opening, and go on."

    def test_stays_in_its_paragraph(self, filtered):
        """A browser ends a paragraph at elements that may not stand in one."""
        assert {tag.name for tag in filtered(self.TEXT).p.find_all()} == {"span", "iframe", "a"}

    def test_is_waited_for_until_it_is_near(self, filtered):
        assert filtered(self.TEXT).iframe["loading"] == "lazy"

    @pytest.mark.parametrize(
        "href",
        [
            "../resolveuid/UID",
            "resolveUid/UID",
            "resolveuid/UID/",
            "resolveuid/UID/view",
            "resolveuid/UID#more",
            "resolveuid/UID?a=b",
            "resolveuid/UID/?a=b#more",
        ],
    )
    def test_may_be_written_so(self, filtered, talk, href):
        (frame,) = frames(filtered(f'<a class="cfprivate-medium" href="{href}">x</a>'))
        assert frame["src"] == f"resolveuid/{IUUID(talk)}/@@embed"

    def test_keeps_what_its_address_ends_with(self, filtered, talk):
        soup = filtered('<a class="cfprivate-medium" href="resolveuid/UID?a=b#more">x</a>')
        assert soup.a["href"] == f"resolveuid/{IUUID(talk)}?a=b#more"

    def test_may_have_other_classes(self, filtered):
        soup = filtered('<a class="lead cfprivate-medium" href="resolveuid/UID">x</a>')
        assert (len(frames(soup)), {"lead", "cfprivate-medium"} <= set(soup.a["class"])) == (1, True)

    def test_may_hold_markup(self, filtered):
        soup = filtered('<a class="cfprivate-medium" href="resolveuid/UID">The <b>2nd\n day</b> &amp; "more"</a>')
        assert (soup.iframe["title"], soup.a.b.text) == ('The 2nd day & "more"', "2nd\n day")

    def test_around_an_image_has_the_words_for_it(self, filtered):
        soup = filtered('<a class="cfprivate-medium" href="resolveuid/UID"><img src="a.png" alt="The hall"/></a>')
        assert soup.iframe["title"] == "The hall"

    def test_without_words_has_what_its_address_tells(self, filtered):
        assert filtered('<a class="cfprivate-medium" href="resolveuid/UID"> </a>').iframe["title"] == "talk"

    def test_does_not_tell_the_title_of_the_item(self, filtered):
        assert "secret" not in str(filtered(self.TEXT))

    def test_gets_a_frame_each_time_it_stands_there(self, filtered):
        assert len(frames(filtered(self.TEXT * 2))) == 2

    def test_gets_one_frame_if_the_text_was_written_back_with_it(self, filtered, talk):
        once = str(filtered(self.TEXT))
        assert MediaInText(talk, None)(once) == once


class TestNoFrame:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "<p>Nothing.</p>",
            '<a href="resolveuid/UID">Not marked</a>',
            '<a class="medium" href="resolveuid/UID">Another class</a>',
            '<a class="cfprivate-medium-not" href="resolveuid/UID">A longer class</a>',
            '<a class="cfprivate-medium">No address</a>',
            '<a class="cfprivate-medium" href="">An empty one</a>',
            '<span class="cfprivate-medium">No link: resolveuid/UID</span>',
            '<a class="cfprivate-medium" href="resolveuid/">No UID</a>',
            f'<a class="cfprivate-medium" href="resolveuid/{ELSEWHERE}">Unknown</a>',
            '<a class="cfprivate-medium" href="resolveuid/UID%22">Malformed</a>',
            '<a class="cfprivate-medium" href="resolveuid/UIDUID">Too long</a>',
            '<a class="cfprivate-medium" href="https://example.org/resolveuid/UID">Another site</a>',
            '<a class="cfprivate-medium" href="//example.org/resolveuid/UID">Another site</a>',
            '<a class="cfprivate-medium" href="javascript:resolveuid/UID">A script</a>',
            '<a class="cfprivate-medium" href="resolveuid/UID/@@media?download=1">The download</a>',
            '<a class="cfprivate-medium" href="resolveuid/UID/edit">A form</a>',
            '<a class="cfprivate-medium" href="talk">By path</a>',
        ],
    )
    def test_for(self, filtered, text):
        assert frames(filtered(text)) == []

    def test_for_other_content(self, portal, filtered):
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(portal, "Document", "page")
        assert frames(filtered(f'<a class="cfprivate-medium" href="resolveuid/{IUUID(page)}">x</a>')) == []

    def test_for_what_is_deleted(self, portal, filtered, talk):
        portal._delObject("talk")
        assert frames(filtered(TestMarkedLink.TEXT)) == []

    def test_and_no_change_where_nothing_is_marked(self, talk):
        assert MediaInText(talk, None)('<p><a href="x">Unclosed') is None

    @pytest.mark.parametrize(("layers", "used"), [([IBrowserLayer], True), ([], False)])
    def test_in_a_site_without_the_add_on(self, portal, layers, used):
        request = BrowserRequest(None, {})
        alsoProvides(request, *layers)
        names = [name for name, _filter in getAdapters((portal, request), IFilter)]
        assert ("collective.cfprivate.media_in_text" in names) is used


class TestItemThatNobodySees:
    """The text is kept for all readers, so that it is the same for who may see the item and who may not."""

    @pytest.fixture
    def private(self, portal, make_video):
        return make_video(portal, "hidden", state="private", title="A secret title")

    @pytest.mark.parametrize("login", ["owner", "member", None])
    def test_has_a_frame_for_everyone(self, private, login):
        if login != "owner":
            logout()
        with api.env.adopt_roles(["Member"]) if login == "member" else nullcontext():
            text = MediaInText(private, None)(f'<a class="cfprivate-medium" href="resolveuid/{IUUID(private)}">x</a>')
        assert (len(frames(BeautifulSoup(text, "html.parser"))), "secret" in text) == (1, False)


# in a page


@pytest.fixture
def written(served):
    """A page of the served site with a marked link to the video; ``shown`` is the page for an account."""
    uid = IUUID(served.item)
    served.item.title = "A secret title"
    raw = f'<p>See <a class="cfprivate-medium" href="resolveuid/{uid}" data-linktype="internal">the opening</a>.</p>'
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served.portal, "Document", "page", title="A page")
        page.text = RichTextValue(raw, "text/html", "text/x-html-safe")
        api.content.transition(page, "publish")
    transaction.commit()

    def shown(login=None):
        return BeautifulSoup(served.get("page", login).text, "html.parser")

    return SimpleNamespace(page=page, shown=shown, get=served.get, url=served.url)


class TestPage:
    @pytest.mark.parametrize("login", [None, "member", "viewer", "manager"])
    def test_shows_the_frame(self, written, login):
        assert [frame["src"] for frame in frames(written.shown(login))] == [f"{written.url}/talk/@@embed"]

    def test_has_the_link_at_the_same_place(self, written):
        assert written.shown().iframe.parent.find_next_sibling("a")["href"] == f"{written.url}/talk"

    def test_tells_no_title(self, written):
        assert "secret" not in str(written.shown().select_one("#content-core"))

    def test_is_the_same_for_all(self, written):
        texts = {
            str(written.shown(login).select_one("#content-core")) for login in (None, "member", "viewer", "manager")
        }
        assert len(texts) == 1

    def test_has_no_signature(self, written):
        assert "Signature=" not in str(written.shown("viewer"))

    def test_loads_nothing_of_the_player(self, written):
        assert "collective.cfprivate/player" not in str(written.shown("viewer").head)

    def test_is_as_it_was_written_for_its_editor(self, written):
        assert "iframe" not in written.page.text.raw

    def test_is_the_same_by_rest(self, written):
        answer = written.get("page", headers={"Accept": "application/json"}).json()
        (frame,) = frames(BeautifulSoup(answer["text"]["data"], "html.parser"))
        assert urlsplit(frame["src"]).path == urlsplit(f"{written.url}/talk/@@embed").path


class TestFrame:
    @pytest.mark.parametrize(
        ("login", "status", "seen"),
        [(None, 401, ".cfprivate-refusal"), ("member", 403, ".cfprivate-refusal"), ("viewer", 200, "cfprivate-player")],
    )
    def test_asks_for_each_reader(self, written, login, status, seen):
        source = frames(written.shown(login))[0]["src"].removeprefix(f"{written.url}/")
        answer = written.get(source, login)
        found = BeautifulSoup(answer.text, "html.parser").select(seen)
        assert (answer.status_code, len(found)) == (status, 1)

    @pytest.mark.parametrize("login", [None, "member"])
    def test_shows_nothing_of_what_its_reader_may_not_see(self, served, written, login):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(served.item, to_state="private")
        transaction.commit()
        answer = written.get("talk/@@embed", login, allow_redirects=True)
        found = BeautifulSoup(answer.text, "html.parser").select("cfprivate-player")
        assert (found, "secret" in answer.text) == ([], False)
