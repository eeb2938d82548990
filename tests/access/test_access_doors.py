"""A canary in every field: no door of Plone gives a key, a signature or a private key to who may not have it."""

from Acquisition import aq_base
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.media.behavior import IProtectedMedia
from doors import ANY
from doors import BEHAVIOR
from doors import CATALOG
from doors import Door
from doors import DOORS
from doors import doors
from doors import HTML
from doors import JSON
from doors import REVISIONS
from doors import WIDGET
from functools import cache
from layers import FIXTURE
from plone import api
from plone.app.testing import FunctionalTesting
from plone.app.testing import PloneSandboxLayer
from plone.base.interfaces.syndication import IFeedSettings
from plone.testing.zope import WSGI_SERVER_FIXTURE
from Products.SiteAccess.VirtualHostMonster import manage_addVirtualHostMonster
from typing import NamedTuple
from zipfile import is_zipfile
from zipfile import ZipFile
from zope.component import getUtility
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent

import gzip
import io
import plone.exportimport
import pytest
import requests
import transaction


HOST = "d111111abcdef8.cloudfront.net"
KEY, POSTER = "talks/canary-object-key-7f3a.mp4", "talks/canary-poster-7f3a.jpg"
OLD_KEY, OLD_POSTER = "talks/canary-old-key-7f3a.mp4", "talks/canary-old-poster-7f3a.jpg"

# What each thing is known by, however it is quoted.
MARKS = {
    "object key": "canary-object-key-7f3a",
    "poster": "canary-poster-7f3a",
    "old object key": "canary-old-key-7f3a",
    "old poster": "canary-old-poster-7f3a",
    "signature": "Signature=",
    "private key": "PRIVATE KEY",
}
OLD_KEYS = {"old object key", "old poster"}
KEYS = {"object key", "poster"} | OLD_KEYS

OUTSIDERS = ["anonymous", "member", "reader", "owner"]
VIEWERS = ["viewer"]
STAFF = ["contributor", "editor", "siteadmin", "manager"]
LOGINS = [*OUTSIDERS, *VIEWERS, *STAFF]
ROLES_IN_SITE = {"siteadmin": "Site Administrator", "manager": "Manager"}
ROLES_ON_ITEMS = {
    "reader": "Reader",
    "owner": "Owner",
    "viewer": "Media Viewer",
    "contributor": "Contributor",
    "editor": "Editor",
}


def may_have(login: str, door: Door) -> set[str]:
    """What design.md lets a door give to a login; a private key is for nobody."""
    if login in STAFF:
        return KEYS | ({"signature"} if door.surface else set())
    return {"object key", "poster", "signature"} if login in VIEWERS and door.surface else set()


# the site


class ExportingLayer(PloneSandboxLayer):
    """The site of the tests with the REST service that exports content, which Plone brings along."""

    defaultBases = (FIXTURE,)

    def setUpZope(self, app, configurationContext):
        self.loadZCML(package=plone.exportimport)


EXPORTING_FIXTURE = ExportingLayer()
EXPORTING = FunctionalTesting(bases=(EXPORTING_FIXTURE, WSGI_SERVER_FIXTURE), name="collective.cfprivate:Exporting")


@pytest.fixture(scope="module")
def exporting():
    EXPORTING_FIXTURE.setUp()
    EXPORTING.setUp()
    yield EXPORTING
    EXPORTING.tearDown()
    EXPORTING_FIXTURE.tearDown()


@pytest.fixture(scope="class")
def portal(exporting, signing_key):
    """A site for all tests of a class, with a distribution, a signing key and an account for each login."""
    exporting.testSetUp()
    site = exporting["portal"]
    api.portal.set_registry_record("collective.cfprivate.distribution", HOST)
    getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
    for login in LOGINS[1:]:
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
    for login, role in ROLES_IN_SITE.items():
        api.user.grant_roles(username=login, roles=[role])
    yield site
    exporting.testTearDown()


def add(container, portal_type, name, state, **fields):
    """An item, as the staff would add it, with the local role of each login."""
    with api.env.adopt_roles(["Manager"]):
        item = api.content.create(container, portal_type, name, title=name.capitalize(), **fields)
        if state != "private":
            api.content.transition(item, to_state=state)
    for login, role in ROLES_ON_ITEMS.items():
        api.user.grant_roles(username=login, roles=[role], obj=item)
    item.reindexObject()
    return item


def add_behavior(portal_type):
    fti = api.portal.get_tool("portal_types")[portal_type]
    fti.manage_changeProperties(behaviors="\n".join((*fti.behaviors, BEHAVIOR)))


def revise(page):
    """Give the page new keys, as a form does, so that its first revision keeps the old ones."""
    page.object_key, page.poster = KEY, POSTER
    with api.env.adopt_roles(["Manager"]):
        notify(ObjectModifiedEvent(page))


def furnish(portal):
    """The folder that ``doors`` tells of."""
    add_behavior("Document")
    media = add(portal, "Folder", "media", "published")
    add(media, "Protected Video", "talk", "restricted", object_key=KEY, poster=POSTER)
    revise(add(media, "Document", "page", "published", object_key=OLD_KEY, poster=OLD_POSTER))
    IFeedSettings(media).enabled = True
    IFeedSettings(media).feed_types = ("RSS", "rss.xml", "atom.xml", "itunes.xml", "newsml.xml")
    api.portal.set_registry_record("plone.enable_sitemap", True)
    api.portal.set_registry_record("plone.lock_on_ttw_edit", False)  # who edits first would lock out the others
    transaction.commit()


def ask(url, login, *, method="GET", headers=HTML, **options):
    auth = None if login == "anonymous" else (login, f"secret-of-{login}")
    return requests.request(method, url, headers=headers, auth=auth, allow_redirects=False, timeout=60, **options)


def enter(portal, door, login):
    url = f"{portal.absolute_url()}/{door.path}"
    return ask(url, login, method=door.method, headers=door.headers, json=door.json, data=door.data)


# what an answer gives


def body_of(answer) -> str:
    """The body of a response; those of the members, if it is an archive."""
    content = answer.content
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)  # a tar archive within is not compressed
    if is_zipfile(io.BytesIO(content)):
        archive = ZipFile(io.BytesIO(content))
        content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("latin-1")


def given(text: str, signing_key) -> set[str]:
    """What of the things in ``MARKS`` a text holds; a private key is also known by each of its lines."""
    lines = [line for line in signing_key.private_pem().splitlines() if len(line) == 64]
    found = {thing for thing, mark in MARKS.items() if mark in text}
    return found | ({"private key"} if any(line in text for line in lines) else set())


class Answer(NamedTuple):
    """What is left of a response, whose connection has to go back: the server of the tests has only a hundred."""

    status: int
    gift: set[str]


@pytest.fixture(scope="class")
def furnished(portal):
    furnish(portal)
    return portal


@pytest.fixture(scope="class")
def answer(furnished, signing_key):
    """A function that gives what a door answers to a login; each is asked once."""

    @cache
    def answer_of(number, login):
        got = enter(furnished, DOORS[number], login)
        return Answer(got.status_code, given(body_of(got) + str(got.headers), signing_key))

    return answer_of


class TestDoors:
    @pytest.mark.parametrize("login", LOGINS)
    @pytest.mark.parametrize("number", range(len(DOORS)), ids=map(str, DOORS))
    def test_gives_nothing_to_who_may_not_have_it(self, answer, number, login):
        assert answer(number, login).gift - may_have(login, DOORS[number]) == set()

    @pytest.mark.parametrize("number", range(len(DOORS)), ids=map(str, DOORS))
    def test_control_the_door_is_where_it_is_looked_for(self, answer, number):
        assert answer(number, "manager").status == DOORS[number].answers

    @pytest.mark.parametrize("login", [*VIEWERS, *STAFF])
    @pytest.mark.parametrize("path", ["media/talk", "media/talk/@@media", "media/page/@playback"])
    def test_control_a_surface_signs_for_who_may_stream(self, answer, path, login):
        assert {"object key", "signature"} <= answer(number_of(path), login).gift

    @pytest.mark.parametrize("login", STAFF)
    @pytest.mark.parametrize(
        ("path", "thing"),
        [
            ("media?fullobjects=1", "object key"),
            ("media/page/@@view", "poster"),
            ("media/page/@history/0", "object key"),
        ],
    )
    def test_control_a_door_gives_the_keys_to_the_staff(self, answer, path, thing, login):
        assert thing in answer(number_of(path), login).gift

    @pytest.mark.parametrize("login", STAFF)
    @pytest.mark.parametrize("door", REVISIONS, ids=str)
    def test_not_even_the_staff_is_given_the_keys_of_an_old_revision(self, answer, door, login):
        assert answer(DOORS.index(door), login).gift & OLD_KEYS == set()

    def test_control_the_old_revision_has_them(self, answer):
        assert answer(number_of("manage_exportObject?download:int=1"), "manager").gift >= OLD_KEYS

    def test_control_an_archive_is_opened(self, answer):
        assert "object key" in answer(number_of("@export"), "manager").gift

    @pytest.mark.parametrize("login", LOGINS)
    @pytest.mark.parametrize("word", ["7f3a", "canary", "canary-object-key-7f3a.mp4", "canary-poster*"])
    def test_no_search_finds_an_item_by_its_key(self, furnished, word, login):
        url = f"{furnished.absolute_url()}/@search?SearchableText={word}"
        assert ask(url, login, headers=JSON).json()["items_total"] == 0

    def test_control_a_search_finds_it_by_its_title(self, furnished):
        url = f"{furnished.absolute_url()}/@search?SearchableText=Talk"
        assert ask(url, "anonymous", headers=JSON).json()["items_total"] == 1

    @pytest.mark.parametrize("record", ["getMetadataForRID", "getIndexDataForRID"])
    @pytest.mark.parametrize("name", ["talk", "page"])
    def test_the_catalog_knows_no_key(self, furnished, name, record, signing_key):
        catalog = api.portal.get_tool("portal_catalog")
        values = str(getattr(catalog, record)(catalog.getrid(f"/plone/media/{name}")))
        assert (name in values, given(values, signing_key)) == (True, set())


def number_of(path: str) -> int:
    return next(number for number, door in enumerate(DOORS) if door.path == path)


@pytest.mark.parametrize("thing", MARKS)
def test_control_each_mark_is_noticed(thing, signing_key):
    assert given(f'<a href="{MARKS[thing]}">', signing_key) == {thing}


def test_control_one_line_of_the_private_key_is_noticed(signing_key):
    line = signing_key.private_pem().splitlines()[3]
    assert given(f'"value": "{line}"', signing_key) == {"private key"}


@pytest.fixture(scope="class")
def page(furnished):
    return furnished["media"]["page"]


@pytest.mark.parametrize("login", ["owner", "editor"])
class TestRevert:
    """Going back to an old revision brings its text back, and never its medium."""

    @pytest.fixture(autouse=True)
    def _revert(self, page, login):
        page.title = "Changed"
        transaction.commit()
        ask(f"{page.absolute_url()}/@history", login, method="PATCH", headers=JSON, json={"version": 0})
        transaction.begin()

    @pytest.mark.parametrize(("field", "value"), [("object_key", KEY), ("poster", POSTER)])
    def test_leaves_the_medium_as_it_is(self, page, field, value):
        assert getattr(aq_base(page), field) == value

    def test_control_brings_back_the_rest(self, page):
        assert page.title == "Page"


# by which way an item is reached


WAYS = {
    "another folder": "plone/other/hidden/inner",
    "a folder in another": "plone/other/deeper/hidden/inner",
    "its folder twice": "plone/hidden/inner/hidden/inner",
    "the api namespace": "plone/++api++/hidden/inner",
    "the api namespace within": "plone/hidden/++api++/inner",
    "the api namespace and another folder": "plone/other/++api++/hidden/inner",
    "virtual hosting": "VirtualHostBase/http/example.org:80/plone/VirtualHostRoot/hidden/inner",
    "a prefix": "VirtualHostBase/http/example.org:80/plone/VirtualHostRoot/_vh_cms/hidden/inner",
    "a hidden folder as the root": "VirtualHostBase/http/example.org:80/plone/hidden/VirtualHostRoot/inner",
    "its folder as the root": "VirtualHostBase/http/example.org:80/plone/hidden/inner/VirtualHostRoot",
    "another folder as the root": "VirtualHostBase/http/example.org:80/plone/other/VirtualHostRoot/hidden/inner",
    "the api namespace as the root": "VirtualHostBase/http/example.org:80/plone/++api++/VirtualHostRoot/hidden/inner",
}


@pytest.fixture(scope="class")
def root(portal, exporting):
    """The address of the root of Zope.

    ``hidden`` may not be viewed by a viewer, ``inner`` may; ``talk`` is for viewers, ``open`` for everybody.
    """
    manage_addVirtualHostMonster(exporting["app"], "virtual_hosting")
    with api.env.adopt_roles(["Manager"]):
        hidden = api.content.create(portal, "Folder", "hidden")
    inner = add(hidden, "Folder", "inner", "published")
    add(inner, "Protected Video", "talk", "restricted", object_key=KEY)
    add(inner, "Protected Video", "open", "public", object_key=KEY)
    add(add(portal, "Folder", "other", "published"), "Folder", "deeper", "published")
    transaction.commit()
    return portal.absolute_url().removesuffix("/plone")


@pytest.fixture
def rule(root):
    """A function that switches the rule about the folders above."""

    def switch(on):
        api.portal.set_registry_record("collective.cfprivate.view_on_parents", on)
        transaction.commit()

    yield switch
    switch(False)


@pytest.mark.parametrize("way", WAYS)
class TestWays:
    """Where an item lies decides, not how it was reached."""

    @pytest.mark.parametrize(("item", "login"), [("talk", "viewer"), ("open", "anonymous"), ("open", "member")])
    def test_without_the_rule_the_item_decides(self, root, way, item, login):
        answer = ask(f"{root}/{WAYS[way]}/{item}/@@media", login, headers=ANY)
        assert (answer.status_code, "Signature=" in answer.headers["Location"]) == (302, True)

    @pytest.mark.parametrize(("login", "status"), [("anonymous", 401), ("member", 403), ("owner", 403)])
    def test_without_the_rule_the_item_refuses(self, root, way, login, status):
        assert ask(f"{root}/{WAYS[way]}/talk/@@media", login, headers=ANY).status_code == status

    @pytest.mark.parametrize(
        ("item", "login", "status"), [("talk", "viewer", 403), ("open", "member", 403), ("open", "anonymous", 401)]
    )
    def test_with_the_rule_the_stable_link_refuses(self, root, rule, way, item, login, status):
        rule(True)
        assert ask(f"{root}/{WAYS[way]}/{item}/@@media", login, headers=ANY).status_code == status

    @pytest.mark.parametrize(
        ("item", "login", "status"), [("talk", "viewer", 403), ("open", "member", 403), ("open", "anonymous", 401)]
    )
    def test_with_the_rule_the_service_names_it(self, root, rule, way, item, login, status):
        rule(True)
        answer = ask(f"{root}/{WAYS[way]}/{item}/@playback", login, headers=JSON)
        assert (answer.status_code, answer.json()["type"]) == (status, "folder-not-viewable")

    @pytest.mark.parametrize(("item", "login"), [("talk", "viewer"), ("open", "anonymous")])
    def test_with_the_rule_the_page_has_no_player(self, root, rule, way, item, login, signing_key):
        rule(True)
        answer = ask(f"{root}/{WAYS[way]}/{item}", login)
        assert (answer.status_code, given(answer.text, signing_key)) == (200, set())

    def test_with_the_rule_who_views_the_folders_watches(self, root, rule, way):
        rule(True)
        assert ask(f"{root}/{WAYS[way]}/talk/@@media", "manager", headers=ANY).status_code == 302


@pytest.fixture(scope="class")
def folder(portal):
    """The address of a folder with a medium, a lifetime of two minutes and a duration of two hours."""
    add_behavior("Folder")
    parent = add(portal, "Folder", "folder", "published", object_key=KEY, poster=POSTER)
    parent.lifetime, parent.duration = 120, 7200
    add(parent, "Document", "plain", "published")
    add(parent, "Protected Video", "empty", "restricted")
    add(parent, "Protected Video", "full", "restricted", object_key="talks/own.mp4")
    transaction.commit()
    return parent.absolute_url()


class TestFieldsOfParents:
    """A folder with a key, a poster, a lifetime and a duration: none of them is a child's."""

    def test_control_the_folder_plays(self, folder):
        assert ask(f"{folder}/@@media", "viewer", headers=ANY).status_code == 302

    @pytest.mark.parametrize("login", ["viewer", "manager"])
    @pytest.mark.parametrize("service", ["@@media", "@playback"])
    @pytest.mark.parametrize("child", ["plain", "empty"])
    def test_a_child_plays_nothing(self, folder, child, service, login):
        headers = JSON if service == "@playback" else ANY
        assert ask(f"{folder}/{child}/{service}", login, headers=headers).status_code == 404

    @pytest.mark.parametrize("login", ["viewer", "manager"])
    @pytest.mark.parametrize("headers", [HTML, JSON], ids=["page", "json"])
    @pytest.mark.parametrize("child", ["plain", "empty", "full"])
    def test_a_child_tells_no_key_of_the_folder(self, folder, child, headers, login, signing_key):
        answer = ask(f"{folder}/{child}", login, headers=headers)
        assert (answer.status_code, given(answer.text, signing_key) & KEYS) == (200, set())

    @pytest.mark.parametrize("child", ["plain", "empty"])
    def test_the_page_of_a_child_has_no_player(self, folder, child):
        assert "<cfprivate-player" not in ask(f"{folder}/{child}", "manager").text

    @pytest.mark.parametrize("field", ["object_key", "poster", "lifetime", "duration"])
    def test_the_json_of_a_child_has_no_value_of_the_folder(self, folder, field):
        assert ask(f"{folder}/empty", "manager", headers=JSON).json()[field] is None

    @pytest.mark.parametrize("field", ["object_key", "poster", "lifetime", "duration"])
    def test_the_json_of_a_child_without_the_behavior_has_no_such_field(self, folder, field):
        assert field not in ask(f"{folder}/plain", "manager", headers=JSON).json()

    @pytest.fixture
    def playback(self, folder):
        return ask(f"{folder}/full/@playback", "viewer", headers=JSON).json()

    def test_a_child_plays_its_own_medium(self, playback):
        assert playback["sources"][0]["src"].startswith(f"https://{HOST}/talks/own.mp4?")

    @pytest.mark.parametrize("field", ["poster", "duration"])
    def test_a_child_plays_with_nothing_of_the_folder(self, playback, field):
        assert playback[field] is None

    def test_a_child_is_signed_for_the_life_that_the_site_sets(self, playback):
        # An hour, rounded down by less than five minutes: neither the folder's 120 s nor its 7200 + 600 s.
        assert 3600 - 300 - 60 < playback["expires_in"] <= 3600


ROOT_DOORS = [
    *doors(CATALOG, "", "@@view", f"@@view/{WIDGET}.object_key", "talk", "talk/object_key", "@@media"),
    *doors(
        "",
        "talk",
        "@search?metadata_fields=object_key",
        "talk/@inherit?expand.inherit.behaviors=" + BEHAVIOR,
        headers=JSON,
    ),
]


@pytest.fixture(scope="class")
def protected_site(portal):
    add_behavior("Plone Site")
    IProtectedMedia(portal).object_key, IProtectedMedia(portal).poster = KEY, POSTER
    add(portal, "Protected Video", "talk", "restricted", object_key="talks/own.mp4")
    transaction.commit()
    return portal


class TestSiteRoot:
    """A site is the parent of its catalog and its tools too."""

    @pytest.mark.parametrize("login", OUTSIDERS)
    @pytest.mark.parametrize("door", ROOT_DOORS, ids=str)
    def test_its_key_is_not_given_away(self, protected_site, door, login, signing_key):
        assert given(enter(protected_site, door, login).text, signing_key) == set()

    def test_control_the_site_has_the_key(self, protected_site):
        assert ask(protected_site.absolute_url(), "manager", headers=JSON).json()["object_key"] == KEY
