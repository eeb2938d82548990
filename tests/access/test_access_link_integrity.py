"""Before an item is deleted, Plone names the pages that use its medium."""

from bs4 import BeautifulSoup
from lifecycle import Forms
from lifecycle import Rest
from plone import api
from plone.app.textfield import RichTextValue
from plone.uuid.interfaces import IUUID
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent

import pytest
import transaction


LINKS = {
    "link": '<p><a href="resolveuid/{uid}">the talk</a></p>',
    "medium in the text": '<p><a class="cfprivate-medium" href="resolveuid/{uid}">the talk</a></p>',
    "stable link": '<p><a href="resolveuid/{uid}/@@media">the talk</a></p>',
    "frame": '<p><iframe src="resolveuid/{uid}/@@embed"></iframe></p>',
}
ALONE = {"nothing": "<p>the talk</p>", "another item": '<p><a href="resolveuid/0000">the talk</a></p>'}


@pytest.fixture(params=LINKS)
def used(request, site):
    site.use(LINKS[request.param])
    return site


@pytest.fixture
def site(served, add_user):
    """A page beside the talk, which ``use`` gives a text; ``editor`` may delete."""
    add_user("editor", "Editor", "Contributor")
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served.portal, "Document", "page", title="The page that uses it")
        api.content.transition(page, "publish")

    def use(text):
        page.text = RichTextValue(text.format(uid=IUUID(served.item)), "text/html", "text/x-html-safe")
        notify(ObjectModifiedEvent(page))
        transaction.commit()

    served.use, served.uid = use, IUUID(served.item)
    transaction.commit()
    return served


def named_in(html):
    """The navigation names the page, too."""
    return any("The page that uses it" in box.text for box in BeautifulSoup(html, "html.parser").select(".breach-item"))


def named_by_forms(site):
    """Whether the page of confirmation names the page that uses the item."""
    return named_in(Forms(site.portal, "editor").send("talk/delete_confirmation", "GET").text)


def named_by_contents(site):
    """Whether the pop-up of the folder contents does."""
    values = {"selection": f'["{site.uid}"]', "folder": "/", "render": "yes"}
    return named_in(Forms(site.portal, "editor").form("@@fc-delete", **values).json()["html"])


def named_by_rest(site, login="editor"):
    """The titles that ``@linkintegrity`` names."""
    answer = Rest(site.portal, login).json(f"@linkintegrity?uids={site.uid}", "GET").json()
    return [breach["title"] for item in answer for breach in item["breaches"]]


def test_the_form_names_the_page(used):
    assert named_by_forms(used)


def test_the_folder_contents_name_the_page(used):
    assert named_by_contents(used)


def test_rest_names_the_page(used):
    assert named_by_rest(used) == ["The page that uses it"]


@pytest.mark.parametrize("text", ALONE)
def test_what_nobody_uses_is_deleted_without_a_warning(site, text):
    site.use(ALONE[text])
    assert (named_by_forms(site), named_by_contents(site), named_by_rest(site)) == (False, False, [])


def test_a_page_that_uses_it_no_more_is_not_named(site):
    site.use(LINKS["medium in the text"])
    site.use(ALONE["nothing"])
    assert named_by_rest(site) == []


@pytest.mark.parametrize("client", [Rest, Forms])
def test_who_is_warned_may_delete(used, client):
    client(used.portal, "editor").delete("talk")
    assert "talk" not in used.portal.objectIds()


@pytest.mark.parametrize("client", [Rest, Forms])
def test_a_page_whose_medium_is_gone_plays_nothing_and_says_so(site, client):
    site.use(LINKS["medium in the text"])
    client(site.portal, "editor").delete("talk")
    page = site.get("page", headers={"Accept": "text/html"})
    assert (page.status_code, "<iframe" in page.text) == (200, False)
