"""HLS by signed cookies: what a browser gets, keeps and loses, and what the edge gives for it."""

from base64 import urlsafe_b64encode
from collective.cfprivate.cloudfront import EdgeError
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.playback.browser_cookies import Memory
from collective.cfprivate.playback.browser_cookies import MOST_FOLDERS
from collective.cfprivate.playback.browser_cookies import take_all_back
from collective.cfprivate.playback.folder_cookies import shared_domain
from edge_in_thread import serve_edge
from jar import Jar
from pathlib import Path
from plone import api
from Products.PluggableAuthService.events import PASEvent
from types import SimpleNamespace
from urllib.parse import urlsplit

import collective.cfprivate.demo
import pytest
import requests
import time
import transaction


MEDIA = Path(collective.cfprivate.demo.__file__).parent / "media"
SITE, DOMAIN = "site.example.localhost", "example.localhost"
JSON, HTML = {"Accept": "application/json"}, {"Accept": "text/html"}
FOLDER = "/talk/hls/"
SEGMENT = f"{FOLDER}180p/000.ts"


def set_records(**values):
    for name, value in values.items():
        api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    transaction.commit()


class Visitor:
    """One browser: asks the site under another of its names, with its cookies, and the edge with those for it."""

    def __init__(self, served, edge):
        self._served = served
        self._edge = edge
        self.jar = Jar()

    def ask(self, path="talk", login=None, headers=JSON, host=SITE, **options):
        port = urlsplit(self._served.url).port
        headers = {**headers, "Host": f"{host}:{port}", "Cookie": self.jar.header(f"http://{host}/plone")}
        return self.jar.take(self._served.get(path, login, headers=headers, **options), host)

    def play(self, path="talk", login="viewer", **options):
        return self.ask(f"{path}/@playback", login, **options).json()

    def fetch(self, path=SEGMENT, name="cdn.example.localhost"):
        """The status with which the edge answers."""
        host = f"{name}:{self._edge}"
        headers = {"Host": host, "Cookie": self.jar.header(f"http://{host}{path}")}
        return requests.get(f"http://127.0.0.1:{self._edge}{path}", headers=headers, timeout=60).status_code

    def log_in(self, login):
        data = {"__ac_name": login, "__ac_password": f"secret-of-{login}", "buttons.login": "Log in"}
        return self.ask("login", headers=HTML, method="POST", data=data)


@pytest.fixture(scope="module")
def port(signing_key):
    """Where an edge serves the demo's media under any name of this machine."""
    with serve_edge(MEDIA, {signing_key.key_id: signing_key.public_pem}) as host:
        yield int(host.partition(":")[2])


@pytest.fixture
def site(hls, port):
    """The served site: delivers by cookies, and its talk is an HLS set."""
    served = hls(f"cdn.example.localhost:{port}")
    set_records(delivery="cookies", cookie_domain=DOMAIN)
    return served


@pytest.fixture
def visitor(site, port):
    return Visitor(site, port)


@pytest.fixture
def add_set(site, make_video):
    """A function that makes another item, of an HLS set in a folder of its own; ``viewer`` may watch it."""

    def add(name, folder=None):
        item = make_video(site.portal, name, object_key=f"{folder or f'{name}/hls'}/index.m3u8")
        api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=item)
        transaction.commit()

    return add


def hide(site):
    """Take the right to watch, and to see the page, from all but the staff."""
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(site.item, to_state="private")
    transaction.commit()


def refuse(site):
    """Take the right to watch from all but the staff."""
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(site.item, to_state="private")
        site.item.manage_permission("View", ["Anonymous"], acquire=True)
    transaction.commit()


class TestSet:
    """What the browser of who may watch is given."""

    def attributes(self, visitor):
        signed = [line for line in visitor.jar.lines if line.startswith("CloudFront-")]
        return {line.partition("=")[0]: line.split("; ")[1:] for line in signed}

    def test_are_those_of_a_custom_policy_for_the_folder_alone(self, visitor):
        visitor.play()
        wanted = [f"Path={FOLDER}", "Secure", "HttpOnly", "SameSite=Lax", "Domain=example.localhost"]
        assert self.attributes(visitor) == {
            "CloudFront-Policy": wanted,
            "CloudFront-Signature": wanted,
            "CloudFront-Key-Pair-Id": wanted,
            "CloudFront-Hash-Algorithm": [*wanted, "Max-Age=0"],
        }

    def test_name_the_hash_where_it_is_another(self, visitor):
        set_records(hash_algorithm="SHA256")
        visitor.play()
        assert ("CloudFront-Hash-Algorithm", DOMAIN, FOLDER) in list(visitor.jar.kept)
        assert visitor.fetch() == 200

    def test_cover_the_folder_until_the_grant_ends(self, visitor, signing_key, port):
        before = time.time()
        told = visitor.play()
        cookies = {name: value for (name, _, _), value in visitor.jar.kept.items()}
        verifier = Verifier({signing_key.key_id: signing_key.public_pem})
        origin = f"http://cdn.example.localhost:{port}"
        policy = verifier.verify(f"{origin}{SEGMENT}", time.time(), cookies=cookies)
        assert (policy.resource, policy.canned) == (f"{origin}{FOLDER}*", False)
        assert abs(policy.expires - before - told["expires_in"]) <= 2

    @pytest.mark.parametrize("path", [SEGMENT, f"{FOLDER}index.m3u8"])
    def test_open_playlists_and_segments(self, visitor, path):
        before = visitor.fetch(path)
        visitor.play()
        assert (before, visitor.fetch(path)) == (403, 200)

    def test_open_nothing_else(self, visitor):
        visitor.play()
        assert visitor.fetch("/talk/talk.mp4") == 403

    def test_are_for_nothing_else_even_where_they_are_sent(self, visitor, signing_key, port):
        visitor.play()
        cookies = {name: value for (name, _, _), value in visitor.jar.kept.items()}
        verifier = Verifier({signing_key.key_id: signing_key.public_pem})
        with pytest.raises(EdgeError):
            verifier.verify(f"http://cdn.example.localhost:{port}/talk/talk.mp4", time.time(), cookies=cookies)

    def test_come_with_the_page_too(self, visitor):
        page = visitor.ask("talk", "viewer", HTML)
        assert (visitor.fetch(), page.headers["Cache-Control"]) == (200, "private, no-store")

    def test_are_sent_as_they_are_where_the_folder_has_letters_of_any_kind(self, visitor, add_set):
        add_set("other", "a b;c/ключ")
        visitor.play("other")
        assert visitor.jar.paths() == ["/a%20b%3Bc/%D0%BA%D0%BB%D1%8E%D1%87/"]

    def test_are_not_for_a_page_of_another_kind(self, visitor, site):
        IProtectedMedia(site.item).object_key = "talk/talk.mp4"
        transaction.commit()
        (source,) = visitor.play()["sources"]
        assert (visitor.jar.lines, "Signature=" in source["src"]) == ([], True)

    def test_leave_files_and_posters_signed(self, visitor, site):
        IProtectedMedia(site.item).renditions = ("talk/talk.mp4",)
        IProtectedMedia(site.item).poster = "talk/poster.jpg"
        transaction.commit()
        told = visitor.play()
        addresses = [*(source["src"] for source in told["sources"]), told["poster"]]
        assert ["Signature=" in address for address in addresses] == [False, True, True]


class TestTold:
    """What a player is told."""

    def test_is_the_playlist_of_the_distribution(self, visitor, port):
        told = visitor.play()
        source = {
            "src": f"http://cdn.example.localhost:{port}/talk/hls/index.m3u8",
            "type": "application/vnd.apple.mpegurl",
        }
        assert (told["sources"], told["credentials"]) == ([source], True)

    def test_is_to_send_cookies(self, visitor):
        assert 'crossorigin="use-credentials"' in visitor.ask("talk", "viewer", HTML).text

    def test_is_the_signed_playlist_where_it_is_asked_for(self, visitor, site):
        told = visitor.play("talk", params={"delivery": "playlist"})
        assert urlsplit(told["sources"][0]["src"]).path == "/plone/talk/@@playlist/index.m3u8"
        assert (told["credentials"], visitor.jar.lines) == (False, [])

    def test_is_the_signed_playlist_in_a_frame(self, visitor):
        page = visitor.ask("talk/@@embed", "viewer", HTML).text
        assert ["/@@playlist/index.m3u8" in page, "@playback?delivery=playlist" in page] == [True, True]
        assert (visitor.jar.lines, "use-credentials" in page) == ([], False)

    def test_is_the_signed_playlist_by_the_stable_link(self, visitor):
        location = visitor.ask("talk/@@media", "viewer").headers["Location"]
        assert (urlsplit(location).path, visitor.jar.lines) == ("/plone/talk/@@playlist/index.m3u8", [])

    def test_is_the_signed_playlist_under_another_name_of_the_site(self, visitor):
        told = visitor.play("talk", host="localhost")
        assert (told["credentials"], visitor.jar.lines) == (False, [])

    def test_is_the_signed_playlist_where_the_site_says_so(self, visitor):
        set_records(delivery="playlist")
        assert (visitor.play()["credentials"], visitor.jar.lines) == (False, [])

    def test_is_the_signed_playlist_where_browsers_would_not_keep_the_path(self, visitor, add_set):
        add_set("other", "ы" * 171)
        assert (visitor.play("other")["credentials"], visitor.jar.lines) == (False, [])


class TestSharedDomain:
    @pytest.fixture
    def shared(self, portal, configure):
        """A function that gives the domain for a site, a distribution and a setting."""

        def domain(site, host, setting="example.org", delivery="cookies"):
            configure(host)
            api.portal.set_registry_record("collective.cfprivate.delivery", delivery)
            api.portal.set_registry_record("collective.cfprivate.cookie_domain", setting)
            return shared_domain(site)

        return domain

    @pytest.mark.parametrize(
        "site", ["https://www.example.org", "https://example.org/a", "https://www.example.org:8443"]
    )
    def test_is_that_of_the_setting(self, shared, site):
        assert shared(site, "media.example.org") == "example.org"

    @pytest.mark.parametrize(
        ("site", "host"),
        [
            ("http://www.example.org", "media.example.org"),  # a Secure cookie is not taken over http
            ("https://www.example.com", "media.example.org"),
            ("https://wwwexample.org", "media.example.org"),
            ("https://www.example.org", "d111111abcdef8.cloudfront.net"),
            ("https://www.example.org", ""),
        ],
    )
    def test_is_none_where_no_browser_would_send_them(self, shared, site, host):
        assert shared(site, host) is None

    def test_is_none_without_the_settings(self, shared):
        site, host = "https://www.example.org", "media.example.org"
        assert (shared(site, host, setting=""), shared(site, host, delivery="playlist")) == (None, None)


class TestSecondItem:
    def test_does_not_disturb_the_first(self, visitor, add_set):
        add_set("other")
        visitor.play()
        visitor.play("other")
        assert (visitor.fetch(), visitor.jar.paths()) == (200, [FOLDER, "/other/hls/"])

    def test_renews_nothing_but_its_own(self, visitor, add_set):
        add_set("other")
        visitor.play()
        visitor.play("other")
        assert not [line for line in visitor.jar.lines if f"Path={FOLDER}" in line]

    def test_takes_the_place_of_the_oldest_where_there_are_too_many(self, visitor, add_set):
        visitor.play()
        for number in range(MOST_FOLDERS):
            add_set(f"other-{number}")
            visitor.play(f"other-{number}")
        assert visitor.jar.paths() == [f"/other-{number}/hls/" for number in range(MOST_FOLDERS)]

    def test_that_is_asked_again_is_the_youngest(self, visitor, add_set):
        visitor.play()
        add_set("again")
        visitor.play("again")
        for number in range(MOST_FOLDERS - 1):
            visitor.play()
            add_set(f"other-{number}")
            visitor.play(f"other-{number}")
        assert (FOLDER in visitor.jar.paths(), "/again/hls/" in visitor.jar.paths()) == (True, False)

    def test_whose_folder_is_within_takes_the_place(self, visitor, site, add_set):
        visitor.play()
        IProtectedMedia(site.item).object_key = "talk/hls/180p/index.m3u8"
        transaction.commit()
        visitor.play()
        assert visitor.jar.paths() == ["/talk/hls/180p/"]


class TestRefusal:
    @pytest.mark.parametrize(
        ("path", "headers"), [("talk/@playback", JSON), ("talk", HTML), ("talk/@@media", JSON), ("talk/@@media", HTML)]
    )
    def test_takes_the_cookies_of_the_item(self, visitor, site, path, headers):
        visitor.play()
        refuse(site)
        answer = visitor.ask(path, "viewer", headers)
        assert (list(visitor.jar.kept), visitor.fetch()) == ([], 403)
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_takes_those_of_no_other(self, visitor, site, add_set):
        add_set("other")
        visitor.play()
        visitor.play("other")
        refuse(site)
        visitor.play()
        assert visitor.jar.paths() == ["/other/hls/"]

    def test_deletes_all_that_were_set_with_the_same_scope(self, visitor, site):
        visitor.play()
        refuse(site)
        visitor.play()
        names = {"Hash-Algorithm", "Key-Pair-Id", "Policy", "Signature"}
        deleted = {
            f"CloudFront-{name}=; Path={FOLDER}; Secure; HttpOnly; SameSite=Lax; Domain={DOMAIN}; Max-Age=0"
            for name in names
        }
        assert {line for line in visitor.jar.lines if line.startswith("CloudFront")} == deleted

    @pytest.mark.parametrize(
        ("path", "headers"), [("talk/@playback", JSON), ("talk", HTML), ("talk/@@media", JSON), ("talk/@@media", HTML)]
    )
    def test_by_plone_itself_takes_them_too(self, visitor, site, add_set, path, headers):
        add_set("other")
        visitor.play("other")
        visitor.play()
        hide(site)
        visitor.ask(path, "viewer", headers)
        assert (visitor.jar.paths(), visitor.fetch()) == (["/other/hls/"], 403)

    def test_of_another_page_of_the_site_takes_nothing(self, visitor):
        visitor.play()
        assert visitor.ask("@@overview-controlpanel", "viewer", HTML).status_code in {302, 401}
        assert visitor.fetch() == 200

    @pytest.mark.parametrize("path", ["talk/@@media?download=1", "talk/@@captions/xx.vtt"])
    def test_of_something_else_takes_nothing(self, visitor, path):
        visitor.play()
        assert visitor.ask(path, "viewer").status_code in {403, 404}
        assert visitor.fetch() == 200

    def test_that_may_pass_takes_nothing(self, visitor):
        visitor.play()
        set_records(distribution="")
        assert visitor.ask("talk/@playback", "viewer").status_code == 503
        assert visitor.fetch() == 200

    @pytest.mark.parametrize("login", [None, "member"])
    @pytest.mark.parametrize(("path", "headers"), [("talk/@playback", JSON), ("talk", HTML), ("talk/@@media", JSON)])
    def test_of_who_never_watched_sets_nothing(self, visitor, login, path, headers):
        visitor.ask(path, login, headers)
        assert visitor.jar.lines == []


class TestTwoUsers:
    """On one browser, one after the other."""

    @pytest.mark.parametrize("login", [None, "member"])
    @pytest.mark.parametrize(("path", "headers"), [("talk/@playback", JSON), ("talk", HTML)])
    def test_never_share(self, visitor, add_set, login, path, headers):
        add_set("other")
        visitor.play()
        visitor.play("other")
        visitor.ask(path, login, headers)
        assert (list(visitor.jar.kept), visitor.fetch()) == ([], 403)

    def test_each_have_their_own(self, visitor, add_set):
        add_set("other")
        visitor.play("other")
        visitor.play(login="manager")
        assert (visitor.jar.paths(), visitor.fetch()) == ([FOLDER], 200)

    def test_are_told_apart_where_the_second_watches_no_hls(self, visitor, site, make_video):
        make_video(site.portal, "film", object_key="films/film.mp4")
        transaction.commit()
        visitor.play()
        visitor.play("film", "manager")
        assert list(visitor.jar.kept) == []

    def test_are_told_apart_when_the_second_logs_in(self, visitor):
        visitor.play()
        visitor.log_in("member")
        assert (visitor.jar.paths(), visitor.fetch()) == ([], 403)
        assert any(name == "__ac" for name, _, _ in visitor.jar.kept)


class TestLogOut:
    @pytest.fixture
    def watching(self, visitor, add_set):
        """A visitor who is logged in by cookie, and plays two items."""
        add_set("other")
        visitor.log_in("viewer")
        visitor.play(login=None)
        visitor.play("other", login=None)
        assert visitor.fetch() == 200
        return visitor

    def test_takes_all(self, watching):
        watching.ask("logout", headers=HTML)
        assert (watching.jar.paths(), watching.fetch()) == ([], 403)

    def test_takes_all_though_the_site_no_longer_delivers_by_them(self, watching):
        set_records(delivery="playlist", cookie_domain="")
        watching.ask("logout", headers=HTML)
        assert watching.jar.paths() == []

    def test_is_kept_by_no_cache(self, watching):
        assert watching.ask("logout", headers=HTML).headers["Cache-Control"] == "private, no-store"

    def test_of_who_never_watched_sets_nothing_of_ours(self, visitor):
        visitor.log_in("viewer")
        visitor.ask("logout", headers=HTML)
        assert [line for line in visitor.jar.lines if line.startswith(("CloudFront", "cfprivate"))] == []

    def test_in_a_script_has_no_browser(self, portal):
        assert take_all_back(PASEvent(api.user.get_current())) is None


def written(*lines):
    """A request that sends this memory."""
    return SimpleNamespace(cookies={"cfprivate-folders": urlsafe_b64encode("\n".join(lines).encode()).decode()})


class TestMemory:
    """The cookie of Plone's own host."""

    USER = "0123456789abcdef" * 2

    def test_holds_no_signature_and_no_name(self, visitor):
        visitor.play()
        (value,) = [value for (name, _, _), value in visitor.jar.kept.items() if name == "cfprivate-folders"]
        memory = Memory.of(SimpleNamespace(cookies={"cfprivate-folders": value}))
        assert (memory.domain, memory.paths, "viewer" in memory.user) == (DOMAIN, (FOLDER,), False)

    def test_is_for_the_site_alone(self, visitor):
        visitor.play()
        (line,) = [line for line in visitor.jar.lines if line.startswith("cfprivate-folders=")]
        assert line.split("; ")[1:] == ["Path=/plone", "Secure", "HttpOnly", "SameSite=Lax"]

    def test_is_read_as_it_was_written(self):
        memory = Memory(user=self.USER, domain="example.org", paths=("/a/", "/b%20c/d/"))
        assert Memory.of(SimpleNamespace(cookies={"cfprivate-folders": memory.text})) == memory

    @pytest.mark.parametrize(
        "lines",
        [
            (),
            (USER,),
            ("viewer", "example.org", "/a/"),
            (USER, "example.org; Path=/", "/a/"),
            (USER, "example.org", "/a/; Domain=other"),
            (USER, "example.org", "/a/\r"),
            (USER, "example.org", "a/"),
            (USER, "example.org", "/a"),
            (USER, "example.org", *["/a/"] * (MOST_FOLDERS + 1)),
            (USER, "example.org", f"/{'a' * 3000}/"),
        ],
    )
    def test_that_we_would_not_write_is_none(self, lines):
        assert Memory.of(written(*lines)) is None

    @pytest.mark.parametrize("value", ["", "é", "abc", "%%%", "____"])
    def test_of_other_letters_is_none(self, value):
        assert Memory.of(SimpleNamespace(cookies={"cfprivate-folders": value})) is None
