"""Whatever leads on from whatever is answered: who may not watch a medium is given nothing of it, here or at the edge."""

from base64 import b64encode
from collective.cfprivate.demo.layout import ITEMS
from functools import cache
from urllib.parse import unquote
from urllib.parse import urlsplit
from walked_site import cue_of
from walked_site import FOLDER
from walked_site import keys_of
from walked_site import title_of
from walked_site import VIDEOS
from walked_site import WalkedSite
from walking import HTML
from walking import JSON
from walking import Step
from walking import Walker

import json
import pytest
import re


pytestmark = pytest.mark.demo

LIMIT = 1000

# The files of the bucket, and who may watch which, typed by hand from docs/access.rst.
SEGMENTS = [f"talk/hls/{height}/{number}.ts" for height in ("180p", "360p") for number in ("000", "001", "002")]
OF_DEMO = ["talk/talk.mp4", "talk/poster.jpg", "talk/captions.ja.vtt", "audio/tone.mp3", "images/aurora.jpg"]
OF_DEMO += ["documents/handout.pdf", *SEGMENTS]
ADDED = [key for name in VIDEOS for key in keys_of(name).values()]
PLAYLISTS = ["talk/hls/index.m3u8", "talk/hls/180p/index.m3u8", "talk/hls/360p/index.m3u8"]
MAY_WATCH = {
    None: [],
    "member": [*keys_of("forlogins").values()],
    "viewer": [*OF_DEMO, *(key for name in ("confided", "pictured", "forlogins") for key in keys_of(name).values())],
}
LOGINS = list(MAY_WATCH)

# What is in captions and in playlists that come from Plone, and whose page is seen at all.
CUES_OF_DEMO = ["Green close to the horizon, violet high above.", "#EXTM3U"]
SEES = {None: ["pictured", "bygone", "forlogins"], "member": ["pictured", "bygone", "forlogins"]}
SEES["viewer"] = [*SEES[None], "confided"]

# What @playback answers to each of the logins, typed by hand from docs/access.rst and docs/player.rst.
ANSWERS = dict.fromkeys(("demo/talk", "demo/stream", "demo/tone", "demo/aurora", "demo/handout"), (401, 403, 200))
ANSWERS |= {
    f"{FOLDER}/unseen": (401, 401, 401),
    f"{FOLDER}/awaited": (401, 401, 401),
    f"{FOLDER}/confided": (401, 401, 200),
    f"{FOLDER}/pictured": (401, 403, 200),
    f"{FOLDER}/bygone": (401, 403, 403),
    f"{FOLDER}/forlogins": (401, 200, 200),
}

ITEMS_OF_DEMO = [path for kind, path in ITEMS]
ITEMS_ADDED = [f"{FOLDER}/{name}" for name in VIDEOS]
RESTRICTED = [*ITEMS_OF_DEMO, f"{FOLDER}/pictured"]
# Of these every door is tried, of the others the main ones.
PROBED = ["demo/stream", f"{FOLDER}/pictured", f"{FOLDER}/unseen"]

ANY = "*/*"
EXPANDED = "?expand=actions,breadcrumbs,contextnavigation,navigation,navroot,workflow"
BEHAVIOR = "collective.cfprivate.protected_media"
COLUMNS = "fullobjects=1&metadata_fields=_all&metadata_fields=object_key&metadata_fields=poster&b_size=100"
EVERYTHING = {
    "query": [{"i": "path", "o": "plone.app.querystring.operation.string.absolutePath", "v": "/"}],
    "metadata_fields": ["_all", "object_key"],
    "fullobjects": True,
}
WORDS = ["talk.mp4", "poster.jpg", "captions.ja", "tone.mp3", "aurora.jpg", "handout.pdf", "states/unseen.mp4", "m3u8"]


def paths(accept, places, *below):
    """What is asked below each of the places."""
    return [(f"{place}/{path}".strip("/"), accept) for place in places for path in below]


FEEDS = paths(HTML, ["", "demo", FOLDER], "RSS", "rss.xml", "atom.xml")
VIEWS = ["", "listing_view", "summary_view", "tabular_view", "album_view", "full_view"]
SEEN = [
    *paths(HTML, [""], "", "sitemap", "sitemap.xml.gz", "search_rss", "@@search", "@@search?SearchableText=protected"),
    *paths(HTML, [""], "@@ajax-search?SearchableText=talk", "@@recently_modified"),
    *FEEDS,
    *paths(HTML, ["demo"], "", "full_view"),
    *paths(HTML, [FOLDER], *VIEWS),
    *paths(HTML, [*RESTRICTED, f"{FOLDER}/bygone", f"{FOLDER}/page", f"{FOLDER}/collection"], ""),
    *paths(HTML, RESTRICTED[1::4], "view", "@@view", "@@content-core", "@@full_view_item"),
    *paths(HTML, [f"{FOLDER}/pictured"], "@@images/image", "@@images/image/preview", "@@download/image"),
    *paths(JSON, [""], "", f"@search?{COLUMNS}", f"@querystring-search?query={json.dumps(EVERYTHING)}", "@site"),
    *paths(JSON, [""], "@search?SearchableText=protected", *(f"@search?SearchableText={word}" for word in WORDS)),
    *paths(JSON, [""], "@navigation?expand.navigation.depth=4", "++api++/@search?fullobjects=1", "@querystring"),
    *paths(JSON, ["demo", FOLDER], f"?{COLUMNS}&include_items=1"),
    *paths(JSON, [*RESTRICTED, f"{FOLDER}/bygone", f"{FOLDER}/page", f"{FOLDER}/collection"], ""),
    *paths(JSON, RESTRICTED[1::4], f"?{COLUMNS}", f"@inherit?expand.inherit.behaviors={BEHAVIOR}", "@comments"),
    *paths(JSON, ["++api++/demo/stream"], "", "@breadcrumbs"),
]
MEDIA = paths(ANY, [*ITEMS_OF_DEMO, *ITEMS_ADDED], "@@media")
DOORS = [
    *MEDIA,
    *paths(HTML, ITEMS_ADDED, ""),
    *paths(JSON, ITEMS_ADDED, ""),
    *paths(JSON, [*ITEMS_OF_DEMO, *ITEMS_ADDED], "@playback"),
    *paths(ANY, [*ITEMS_OF_DEMO, *ITEMS_ADDED], "@@media?download=1", "@@captions/en.vtt", "@@embed"),
    *paths(ANY, ["demo/stream"], "@@playlist/index.m3u8", "@@playlist/360p/index.m3u8", "@@captions/ja.vtt"),
    *paths(HTML, PROBED, "@@media", "@@captions/en.vtt", "@@playlist/index.m3u8", "edit", "@@sharing", "view"),
    *paths(HTML, PROBED, "@@images/image", "@@images/poster", "@@download/object_key", "@@display-file/object_key"),
    *paths(HTML, PROBED, "object_key", "poster", "tracks", "manage_DAVget", "SearchableText"),
    *paths(HTML, PROBED, "@@historyview", "@@history?one=current&two=0"),
    *paths(HTML, PROBED, "@@view/++widget++form.widgets.IProtectedMedia.object_key"),
    *paths(JSON, PROBED, EXPANDED, "@history", "@history/0", "@lock", "@sharing", "@workingcopy", "@translations"),
    *paths(JSON, ["++api++/demo/stream", f"++api++/{FOLDER}/unseen"], "@playback"),
    *paths(HTML, ["demo"], "folder_contents", "@@fc-contextInfo", "itunes.xml", "newsml.xml"),
    *paths(HTML, [f"{FOLDER}/collection", f"{FOLDER}/page"], "RSS", "atom.xml"),
    *paths(HTML, [""], "@@getVocabulary?name=plone.app.vocabularies.Catalog&attributes=object_key,poster,UID"),
    *paths(HTML, [""], "@@cfprivate-controlpanel", "@@cfprivate-overview", "@@cfprivate-selftest", "portal_catalog"),
    *paths(JSON, [""], "@registry", "@registry?q=collective.cfprivate", "@controlpanels/cfprivate", "@relations"),
    *paths(JSON, [""], "@types/Protected%20Video", "@vocabularies/plone.app.vocabularies.Catalog", "@aliases"),
    *paths(JSON, [""], "@cfprivate-status", "@users", "@system", "@database", "@rules"),
]


# the walks


def step(demo, path, accept=HTML):
    return Step(f"{demo.site}/{path}".rstrip("/"), accept)


def bare(demo):
    """The address of each file of the bucket, without a signature."""
    return [Step(f"{demo.edge}/{key}", ANY) for key in (*OF_DEMO, *ADDED, *PLAYLISTS)]


@pytest.fixture(scope="module")
def walk_of(demo):
    """A function that gives all that a login was answered on its walk; everybody walks once."""

    @cache
    def walk(login):
        starts = [*bare(demo), *(step(demo, *path) for path in (*SEEN, *DOORS))]
        return Walker(demo.site, demo.edge, auth=demo.auth(login), limit=LIMIT).walk(starts)

    with WalkedSite(demo):
        yield walk


@pytest.fixture(scope="module")
def by_plone(demo, walk_of):
    """A function that gives all that Plone answered."""
    return lambda login: [answer for answer in walk_of(login).values() if answer.step.url.startswith(demo.site)]


@pytest.fixture(scope="module")
def by_edge(demo, walk_of):
    """A function that gives all bytes that the edge delivered, by the path of the file."""

    def delivered(login):
        answers = [answer for answer in walk_of(login).values() if answer.step.url.startswith(demo.edge)]
        return {urlsplit(each.step.url).path[1:]: each.body for each in answers if each.status in {200, 206}}

    return delivered


# what they show


def marks(login):
    """What no answer of Plone to a login may contain, but for the addresses of what he may watch."""
    files = {key.rpartition("/")[2] for key in (*OF_DEMO, *ADDED, *PLAYLISTS)}
    known = {key.rpartition("/")[2] for key in (*MAY_WATCH[login], *(PLAYLISTS if login == "viewer" else []))}
    cues = {cue_of(name) for name in VIDEOS if keys_of(name)["object_key"] not in MAY_WATCH[login]}
    of_demo = set() if login == "viewer" else {*CUES_OF_DEMO}
    hidden = {title_of(name) for name in VIDEOS if name not in SEES[login]}
    return {"Signature=", "Policy=", "Key-Pair-Id"} | (files - known) | cues | of_demo | hidden


def given_away(answer, edge, login):
    """What of the marks is in an answer and was not in what was asked."""

    def unless_allowed(found):
        return "" if unquote(urlsplit(found[0]).path[1:]) in MAY_WATCH[login] else found[0]

    text = re.sub(rf"{edge}[^\s\"'<>\\]*", unless_allowed, answer.legible)
    asked = unquote(answer.step.url)
    return [mark for mark in {edge, *marks(login)} if mark in text and mark not in asked]


def pieces_of(file):
    """What a file is known by, also in a text."""
    content = file.read_bytes()
    middle = len(content) // 2
    return [content[:64], content[middle : middle + 64], b64encode(content[:48])]


@pytest.mark.parametrize("login", LOGINS)
class TestWalk:
    def test_is_not_cut(self, walk_of, login):
        assert None not in walk_of(login).values()

    def test_found_much_that_it_was_not_told_of(self, walk_of, demo, login):
        assert len(walk_of(login)) > len(bare(demo)) + len(SEEN) + len(DOORS) + 150

    def test_saw_what_everybody_sees(self, walk_of, demo, login):
        assert [path for path in SEEN if walk_of(login)[step(demo, *path)].status != 200] == []

    def test_followed_the_links_of_a_page(self, walk_of, demo, login):
        assert step(demo, "demo/tone/@@media?download=1") in walk_of(login)

    def test_followed_the_renditions_of_a_lead_image(self, walk_of, login):
        assert sum("/pictured/@@images/image-" in found.url for found in walk_of(login)) > 5

    def test_asked_each_surface_for_all_it_has(self, walk_of, demo, login):
        answers = {name: walk_of(login)[step(demo, f"{name}/@playback", JSON)].status for name in ANSWERS}
        assert answers == {name: statuses[LOGINS.index(login)] for name, statuses in ANSWERS.items()}


@pytest.mark.parametrize("login", LOGINS)
class TestEdge:
    def test_delivers_what_one_may_watch_and_nothing_else(self, by_edge, login):
        assert sorted(by_edge(login)) == sorted(MAY_WATCH[login])

    def test_delivers_the_files_themselves(self, by_edge, demo, login):
        assert [key for key, body in by_edge(login).items() if body != (demo.bucket / key).read_bytes()] == []

    def test_refuses_addresses_without_a_signature(self, walk_of, demo, login):
        assert {walk_of(login)[address].status for address in bare(demo)} == {403}


@pytest.mark.parametrize("login", LOGINS)
class TestPlone:
    def test_gives_away_nothing_of_what_one_may_not_watch(self, by_plone, demo, login):
        given = {answer.step: given_away(answer, demo.edge, login) for answer in by_plone(login)}
        assert [(urlsplit(asked.url).path, found) for asked, found in given.items() if found] == []

    @pytest.mark.parametrize("key", [*OF_DEMO, *ADDED])
    def test_carries_no_byte_of_a_file(self, by_plone, demo, login, key):
        pieces = pieces_of(demo.bucket / key)
        carrying = [answer for answer in by_plone(login) if any(piece in answer.unpacked for piece in pieces)]
        assert [urlsplit(answer.step.url).path for answer in carrying] == []

    def test_finds_nothing_by_an_object_key(self, walk_of, demo, login):
        found = [walk_of(login)[step(demo, f"@search?SearchableText={word}", JSON)].text for word in WORDS]
        assert [word for word, text in zip(WORDS, found, strict=True) if json.loads(text)["items_total"]] == []

    def test_control_it_finds_by_other_words(self, walk_of, demo, login):
        assert json.loads(walk_of(login)[step(demo, "@search?SearchableText=protected", JSON)].text)["items_total"] > 0

    def test_never_fails(self, by_plone, login):
        failed = [answer for answer in by_plone(login) if answer.status >= 500]
        assert [urlsplit(answer.step.url).path for answer in failed] == []


class TestControl:
    """What the tests above would see, if it were there."""

    @pytest.mark.parametrize("thing", [*CUES_OF_DEMO, *map(cue_of, ["pictured", "confided", "forlogins"])])
    def test_the_viewer_reads_playlists_and_captions(self, by_plone, thing):
        assert any(thing in answer.legible for answer in by_plone("viewer"))

    def test_a_signed_address_is_a_gift(self, by_plone, demo):
        page = next(answer for answer in by_plone("viewer") if answer.step == step(demo, "demo/talk"))
        assert {demo.edge, "Signature=", "Key-Pair-Id", "talk.mp4", "poster.jpg"} <= {
            *given_away(page, demo.edge, None)
        }

    def test_a_title_is_a_gift(self, by_plone, demo):
        page = next(answer for answer in by_plone("viewer") if answer.step == step(demo, f"{FOLDER}/confided"))
        assert title_of("confided") in given_away(page, demo.edge, "member")
