"""Pasted addresses of the distribution: which become links to an item and for whom, what is stored else, and who is told."""

from bs4 import BeautifulSoup
from collective.cfprivate.cloudfront.policy import Policy
from collective.cfprivate.cloudfront.signer import Signer
from collective.cfprivate.playback.pasted_links import replace_pasted
from plone import api
from plone.app.linkintegrity.utils import getIncomingLinks
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.app.textfield.value import RichTextValue
from plone.testing.zope import Browser
from plone.uuid.interfaces import IUUID
from Products.statusmessages.interfaces import IStatusMessage
from types import SimpleNamespace
from urllib.parse import urljoin
from zope.component import getSiteManager
from zope.container.contained import ContainerModifiedEvent
from zope.event import notify
from zope.globalrequest import getRequest
from zope.interface.registry import Components
from zope.lifecycleevent import modified
from zope.lifecycleevent import ObjectModifiedEvent

import pytest
import transaction


HOST = "d111111abcdef8.cloudfront.net"
KEY = "talks/2026/a talk.mp4"
BARE = f"https://{HOST}/talks/2026/a%20talk.mp4"
UNKNOWN = f"https://{HOST}/talks/nobody.mp4"
SIGNED = "Expires=1900000000&Signature=aB3~-_c&Key-Pair-Id=K2JCJMDEHXQW5F"
JSON = {"Accept": "application/json"}


def rich(raw, kind="text/html"):
    return RichTextValue(raw, kind, "text/x-html-safe")


def warnings():
    return [message.message for message in IStatusMessage(getRequest()).show() if message.type == "warning"]


@pytest.fixture
def site(portal, configure, make_video):
    """A site with a video; ``write(html)`` saves a page, in which ``UID`` stands for the video, and gives what is stored."""
    configure()
    setRoles(portal, TEST_USER_ID, ["Contributor", "Editor"])
    talk = make_video(portal, poster="talks/a talk.jpg", renditions=("talks/2026/a talk.webm",))
    talk.manage_delLocalRoles([TEST_USER_ID])
    page = api.content.create(portal, "Document", "page", title="A page")

    def write(raw, kind="text/html"):
        page.text = rich(raw.replace("UID", IUUID(talk)), kind)
        modified(page)
        return page.text.raw.replace(IUUID(talk), "UID")

    return SimpleNamespace(portal=portal, talk=talk, page=page, write=write)


@pytest.fixture
def hidden(site):
    """The site, in which the editor may not see the video."""
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(site.talk, to_state="private")
    setRoles(site.portal, TEST_USER_ID, ["Member"])
    return site


def handlers(registry):
    """All subscribers of a registry and of those below it."""
    yield from registry.registeredHandlers()
    for base in registry.__bases__:
        yield from handlers(base)


@pytest.fixture
def saved_as_in_a_site(site):
    """A function that saves the page, with all subscribers in the order in which one registry, as a site has it, calls them.

    Those of the tests are two, one for each layer, and each calls its own.
    """

    def save(raw):
        site.page.text = rich(raw)
        event = ObjectModifiedEvent(site.page)
        registry = Components()
        for handler in handlers(getSiteManager()):
            registry.registerHandler(handler.factory, handler.required, event=False)
        registry.handle(site.page, event)

    return save


@pytest.fixture(params=["hidden", "unknown"])
def not_found(request, site):
    """The site and an address in it that leads to no item that the editor may see."""
    if request.param == "hidden":
        request.getfixturevalue("hidden")
    return SimpleNamespace(write=site.write, url=BARE if request.param == "hidden" else UNKNOWN)


class TestLink:
    @pytest.mark.parametrize(
        "url",
        [
            BARE,
            f"{BARE}?{SIGNED}",
            f"{BARE}?{SIGNED}".replace("&", "&amp;"),
            f"//{HOST}/talks/2026/a%20talk.mp4",
            f"//{HOST}/talks/2026/a talk.mp4",
            f"https://{HOST}/talks/2026/a%20talk.webm",
            f"https://{HOST}/talks/a%20talk.jpg",
        ],
    )
    def test_leads_to_the_item(self, site, url):
        link = BeautifulSoup(site.write(f'<p><a href="{url}">The talk</a></p>'), "html.parser").a
        assert link["href"] == "resolveuid/UID"

    def test_is_as_the_editor_of_plone_makes_one(self, site):
        link = BeautifulSoup(site.write(f'<p>See <a class="x" href="{BARE}">it</a>.</p>'), "html.parser").a
        assert link.attrs == {
            "class": ["x"],
            "href": "resolveuid/UID",
            "data-linktype": "internal",
            "data-val": "UID",
        }

    def test_leaves_the_text_around_it(self, site):
        stored = site.write(f'<p class="b a">Fish &amp; <i>chips</i><a href="{BARE}">it</a>, x &lt; y.</p>')
        around = [
            stored.startswith('<p class="b a">Fish &amp; <i>chips</i><a '),
            stored.endswith(">it</a>, x &lt; y.</p>"),
        ]
        assert around == [True, True]

    def test_keeps_its_place_in_time(self, site):
        assert 'href="resolveuid/UID#t=30"' in site.write(f'<a href="{BARE}?{SIGNED}#t=30">it</a>')

    def test_that_playback_signed(self, site, signing_key):
        url = Signer(signing_key).sign_url(BARE, Policy.for_url(BARE, 1900000000))
        assert 'href="resolveuid/UID"' in site.write(f'<a href="{url}">it</a>')

    def test_is_no_reason_to_warn(self, site):
        site.write(f'<a href="{BARE}?{SIGNED}">it</a>')
        assert warnings() == []

    def test_counts_for_link_integrity(self, site, saved_as_in_a_site):
        saved_as_in_a_site(f'<a href="{BARE}">it</a>')
        assert [link.from_object.getId() for link in getIncomingLinks(site.talk)] == ["page"]

    def test_in_content_that_is_added(self, site):
        page = api.content.create(site.portal, "Document", "new", text=rich(f'<a href="{BARE}">it</a>'))
        assert f'href="resolveuid/{IUUID(site.talk)}"' in page.text.raw

    def test_leads_to_the_item_in_the_language_of_the_text(self, site, make_video):
        make_video(site.portal, "a-first", language="de")
        site.talk.language = "ja"
        site.page.language = "ja"
        assert 'href="resolveuid/UID"' in site.write(f'<a href="{BARE}">it</a>')

    def test_leads_to_the_item_that_the_editor_may_see(self, site, make_video):
        make_video(site.portal, "a-first", state="private").manage_delLocalRoles([TEST_USER_ID])
        setRoles(site.portal, TEST_USER_ID, ["Member"])
        assert 'href="resolveuid/UID"' in site.write(f'<a href="{BARE}">it</a>')


class TestShownInTheText:
    @pytest.mark.parametrize("tag", ["video", "source", "img", "iframe"])
    def test_is_the_stable_link_of_the_medium(self, site, tag):
        stored = BeautifulSoup(site.write(f'<{tag} src="{BARE}?{SIGNED}">'), "html.parser").find(tag)
        assert stored.attrs == {"src": "resolveuid/UID/@@media"}

    def test_is_resolved_in_the_page(self, site):
        site.write(f'<video src="{BARE}"></video>')
        shown = site.page.text.output_relative_to(site.page)
        assert f'src="{site.talk.absolute_url()}/@@media"' in shown

    def test_is_no_poster(self, site):
        stored = site.write(f'<img src="https://{HOST}/talks/a%20talk.jpg?{SIGNED}" alt="The hall">')
        assert (BeautifulSoup(stored, "html.parser").img["src"], len(warnings())) == (
            f"https://{HOST}/talks/a%20talk.jpg",
            1,
        )


class TestNotFound:
    """What leads to nothing that the editor may see: the same for what is hidden from him, and for what is not there."""

    def test_stays_as_it_is_but_for_the_signature(self, not_found):
        assert not_found.write(f'<a href="{not_found.url}?{SIGNED}">it</a>') == f'<a href="{not_found.url}">it</a>'

    def test_stays_as_it_is_without_one(self, not_found):
        raw = f'<P>Unclosed &eacute;<a href="{not_found.url}">it</a>'
        assert not_found.write(raw) == raw

    @pytest.mark.parametrize("query", ["", f"?{SIGNED}"])
    def test_is_told_by_its_words(self, not_found, query):
        not_found.write(f'<a href="{not_found.url}{query}">The <b>opening</b>\n talk</a>')
        (told,) = warnings()
        assert ("“The opening talk”" in told, HOST in told) == (True, False)

    @pytest.mark.parametrize("words", ["", " ", BARE, f"{UNKNOWN}?{SIGNED}"])
    def test_is_told_without_words_where_they_are_an_address(self, hidden, words):
        hidden.write(f'<a href="{BARE}">{words}</a>')
        (told,) = warnings()
        assert ("a link without words" in told, HOST in told, "Signature" in told) == (True, False, False)

    def test_is_told_by_the_text_of_its_image(self, site):
        site.write(f'<a href="{UNKNOWN}"><img src="a.png" alt="The hall"></a>')
        assert "“The hall”" in warnings()[0]

    def test_is_told_once_for_all(self, site):
        site.write("".join(f'<a href="{UNKNOWN}">Link {number}</a>' for number in range(9)))
        (told,) = warnings()
        assert [f"“Link {number}”" in told for number in range(9)] == [True] * 5 + [False] * 4

    def test_is_told_in_few_words(self, site):
        site.write(f'<a href="{UNKNOWN}">{"long " * 1000}</a>')
        assert len(warnings()[0]) < 400


class TestSignature:
    @pytest.mark.parametrize(
        "raw",
        [
            f'<a href="{BARE}?{SIGNED}">{BARE}?{SIGNED}</a>',
            f"<p>{UNKNOWN}?{SIGNED}</p>",
            f'<img src="a.png" srcset="{BARE}?{SIGNED} 400w, {UNKNOWN}?{SIGNED} 800w">',
            f'<video poster="{UNKNOWN}?{SIGNED}" data-x="{BARE}?{SIGNED}"></video>',
            f"<!-- {BARE}?{SIGNED} --><p title='{BARE}?{SIGNED}'>x",
            f'<a href="{UNKNOWN}?%53ignature=abc">x</a>',
        ],
    )
    def test_is_stored_nowhere(self, site, raw):
        stored = site.write(raw)
        assert [word in stored for word in ("Signature", "%53ignature", "Key-Pair-Id", "Expires")] == [False] * 4

    def test_is_not_stored_in_a_text_that_is_no_html(self, site):
        stored = site.write(f"See [it]({BARE}?{SIGNED}).", "text/x-web-markdown")
        assert stored == f"See [it]({BARE})."

    def test_is_in_no_version(self, site, saved_as_in_a_site):
        saved_as_in_a_site(f'<a href="{UNKNOWN}?{SIGNED}">it</a>')
        history = api.portal.get_tool("portal_repository").getHistory(site.page)
        texts = [version.object.text.raw for version in history if version.object.text]
        assert (len(texts) > 0, [text for text in texts if "Signature" in text]) == (True, [])

    def test_of_another_distribution_is_not_ours(self, site):
        raw = f'<a href="https://d222222abcdef8.cloudfront.net/a.mp4?{SIGNED}">it</a>'
        assert site.write(raw) == raw


class TestUntouched:
    @pytest.mark.parametrize(
        "raw",
        [
            "",
            "<p>Unclosed &nbsp;<BR>",
            f"<p>About {HOST}.</p>",
            f'<a href="https://example.org/{HOST}/a.mp4">x</a>',
            f'<a href="https://{HOST}.example.org/talks/2026/a%20talk.mp4">x</a>',
            f'<a title="x" href="mailto:a@{HOST}">x</a>',
            f'<a href="https://{HOST}/">x</a>',
            f'<a href="https://{HOST}/%FF">x</a>',
            f"<![CDATA[{HOST}",
            f'<a href="{HOST}',
            "<" * 2000 + HOST,
        ],
    )
    def test_is(self, site, raw):
        assert (site.write(raw), warnings()) == (raw, [])

    @pytest.mark.parametrize("raw", [None, b"https://d111111abcdef8.cloudfront.net/\xff"])
    def test_is_a_value_that_is_no_text(self, site, raw):
        site.page.text = RichTextValue(raw, "text/html", "text/x-html-safe")
        replace_pasted(site.page, None)
        assert site.page.text.raw == raw

    @pytest.mark.parametrize("unreadable", ["\ud800", "<![x", "\0", "&#x110000;"])
    def test_is_what_cannot_be_read_but_for_signatures(self, site, unreadable):
        site.page.text = rich(f"<a href='{UNKNOWN}?{SIGNED}'>x</a>{unreadable}")
        replace_pasted(site.page, None)
        assert (UNKNOWN in site.page.text.raw, "Signature" in site.page.text.raw) == (True, False)

    def test_is_deep_html(self, site):
        raw = "<b>" * 3000 + f'<a href="{UNKNOWN}">x</a>'
        assert site.write(raw) == raw

    @pytest.mark.parametrize("domain", ["", "no host!"])
    def test_is_all_without_a_distribution(self, site, domain):
        api.portal.set_registry_record("collective.cfprivate.distribution", domain)
        raw = f'<a href="{BARE}?{SIGNED}">it</a>'
        assert (site.write(raw) == raw, warnings()) == (True, [])

    def test_is_a_folder_in_which_something_changed(self, site):
        site.page.text = rich(f'<a href="{UNKNOWN}">it</a>')
        notify(ContainerModifiedEvent(site.page))
        assert warnings() == []

    def test_is_what_was_rewritten_before(self, site):
        once = site.write(f'<a href="{BARE}?{SIGNED}">it</a><a href="{UNKNOWN}?{SIGNED}">that</a>')
        assert site.write(once) == once

    def test_is_other_content(self, site):
        assert replace_pasted(site.portal.portal_catalog, None) is None


# through the doors


@pytest.fixture
def written(served, add_user):
    """The served site with a page, and an editor of it who may see the video."""
    add_user("editor", "Contributor", "Editor")
    with api.env.adopt_roles(["Manager"]):
        api.content.create(served.portal, "Document", "page", title="A page")
        api.user.grant_roles(username="member", roles=["Editor"], obj=served.portal["page"])
    transaction.commit()

    def stored(name="page"):
        transaction.begin()
        return served.portal[name].text.raw

    return SimpleNamespace(get=served.get, stored=stored, item=served.item, url=served.url, portal=served.portal)


class TestRest:
    def patch(self, written, raw, login="editor"):
        return written.get(
            "page", login, "PATCH", headers=JSON, json={"text": {"data": raw, "content-type": "text/html"}}
        )

    def test_change(self, written):
        answer = self.patch(written, f'<a href="{BARE}?{SIGNED}">it</a>')
        assert (answer.status_code, f'href="resolveuid/{IUUID(written.item)}"' in written.stored()) == (204, True)

    def test_addition(self, written):
        fields = {"@type": "Document", "id": "new", "title": "New", "text": f'<a href="{BARE}?{SIGNED}">it</a>'}
        answer = written.get("", "editor", "POST", headers=JSON, json=fields)
        assert (answer.status_code, f"resolveuid/{IUUID(written.item)}" in written.stored("new")) == (201, True)

    def test_has_no_status_message(self, written):
        answer = self.patch(written, f'<a href="{UNKNOWN}?{SIGNED}">it</a>')
        assert (answer.status_code, "statusmessages" in answer.cookies) == (204, False)

    @pytest.mark.parametrize(("login", "leads"), [("editor", True), ("member", False)])
    def test_finds_for_each_editor_what_he_may_see(self, written, login, leads):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(written.item, to_state="private")
        transaction.commit()
        self.patch(written, f'<a href="{BARE}?{SIGNED}">it</a>', login)
        assert (IUUID(written.item) in written.stored(), "Signature" in written.stored()) == (leads, False)


class TestForm:
    @pytest.fixture
    def save(self, written, functional_app):
        browser = Browser(functional_app)
        browser.addHeader("Authorization", "Basic editor:secret-of-editor")

        def save_text(raw):
            browser.open(f"{written.url}/page/edit")
            browser.getControl(name="form.widgets.IRichTextBehavior.text").value = raw
            browser.getControl("Save").click()
            return browser.contents

        return save_text

    def test_stores_the_link(self, save, written):
        save(f'<a href="{BARE}?{SIGNED}">it</a>')
        assert f'href="resolveuid/{IUUID(written.item)}"' in written.stored()

    def test_warns(self, save):
        told = BeautifulSoup(save(f'<a href="{UNKNOWN}?{SIGNED}">The opening</a>'), "html.parser")
        (warning,) = told.select(".statusmessage-warning")
        assert ("“The opening”" in warning.text, HOST in warning.text) == (True, False)

    def test_shows_an_image_for_who_may_see_the_medium(self, save, written):
        with api.env.adopt_roles(["Manager"]):
            written.item.object_key = "lake.jpg"
            written.item.reindexObject()
        transaction.commit()
        page = BeautifulSoup(save(f'<img src="https://{HOST}/lake.jpg?{SIGNED}" alt="The lake">'), "html.parser")
        source = urljoin(f"{written.url}/page", page.find("img", alt="The lake")["src"]).removeprefix(f"{written.url}/")
        link = written.get(source, "viewer").headers["Location"].removeprefix(f"{written.url}/")
        answers = [written.get(link, login) for login in ("viewer", "member")]
        assert (link, [answer.status_code for answer in answers]) == ("talk/@@media", [302, 403])

    def test_shows_no_markup_of_the_link(self, save):
        told = BeautifulSoup(save(f'<a href="{UNKNOWN}">&lt;b id="bold"&gt;x&lt;/b&gt;</a>'), "html.parser")
        assert told.select(".statusmessage-warning #bold") == []

    def test_shows_the_page_with_the_link_resolved(self, save, written):
        page = BeautifulSoup(save(f'<a href="{BARE}?{SIGNED}">The talk</a>'), "html.parser")
        assert page.find("a", string="The talk")["href"] == f"{written.url}/talk"
