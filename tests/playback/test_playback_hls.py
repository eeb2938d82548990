"""HLS through Plone: as Safari fetches it, playlists with the log-in and everything else with nothing."""

from collective.cfprivate import demo
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.playback import playlists
from edge_in_thread import serve_edge
from pathlib import Path
from plone import api
from running_demo import free_port
from urllib.parse import quote
from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest
import requests
import time
import transaction


MEDIA = Path(demo.__file__).parent / "media"
MASTER = "talk/@@playlist/index.m3u8"
VARIANT = "talk/@@playlist/180p/index.m3u8"
JSON = {"Accept": "application/json"}


def uris(playlist):
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """Playlists of its own for each test."""
    monkeypatch.setattr("collective.cfprivate.playback.hls.PLAYLISTS", playlists.Playlists())


@pytest.fixture
def hls(served):
    """A function that makes the served item an HLS set, and the distribution this host."""

    def make(host, key="talk/hls/index.m3u8"):
        api.portal.set_registry_record("collective.cfprivate.distribution", host)
        IProtectedMedia(served.item).object_key = key
        served.item.reindexObject()
        transaction.commit()
        return served

    return make


@pytest.fixture(scope="module")
def edge(signing_key):
    """``host:port`` of an edge that serves the demo's media."""
    with serve_edge(MEDIA, {signing_key.key_id: signing_key.public_pem}) as host:
        yield host


@pytest.fixture
def site(hls, edge):
    return hls(edge)


class TestAsSafariDoes:
    def test_the_page_leads_to_the_playlist(self, site):
        page = site.get("talk", "viewer", headers={"Accept": "text/html"}).text
        assert f'src="{site.url}/{MASTER}"' in page

    def test_the_master_playlist_leads_back_to_plone(self, site):
        assert uris(site.get(MASTER, "viewer").text) == [
            f"{site.url}/talk/@@playlist/360p/index.m3u8",
            f"{site.url}/talk/@@playlist/180p/index.m3u8",
        ]

    @pytest.mark.parametrize("number", [0, 1])
    def test_every_segment_needs_nothing_but_its_address(self, site, number):
        variant = uris(site.get(MASTER, "viewer").text)[number].removeprefix(f"{site.url}/")
        segments = uris(site.get(variant, "viewer").text)
        answers = [requests.get(segment, timeout=60) for segment in segments]
        folder = MEDIA / "talk" / "hls" / variant.split("/")[-2]
        assert [answer.content for answer in answers] == [file.read_bytes() for file in sorted(folder.glob("*.ts"))]

    def test_one_signature_covers_all_segments(self, site):
        queries = {urlsplit(segment).query for segment in uris(site.get(VARIANT, "viewer").text)}
        assert len(queries) == 1

    def test_it_covers_the_folder_and_no_more(self, site, signing_key, edge):
        segment = uris(site.get(VARIANT, "viewer").text)[0]
        policy = Verifier({signing_key.key_id: signing_key.public_pem}).verify(segment, now=int(time.time()))
        assert policy.resource == f"http://{edge}/talk/hls/*"

    def test_it_ends_when_the_grant_does(self, site, signing_key):
        answer = site.get("talk/@playback", "viewer", headers=JSON).json()
        segment = uris(site.get(VARIANT, "viewer").text)[0]
        policy = Verifier({signing_key.key_id: signing_key.public_pem}).verify(segment, now=int(time.time()))
        # Both are rounded down to buckets of five minutes.
        assert abs(policy.expires - time.time() - answer["expires_in"]) <= 300

    def test_another_file_of_the_bucket_is_not_opened_by_it(self, site, edge):
        query = urlsplit(uris(site.get(VARIANT, "viewer").text)[0]).query
        assert requests.get(f"http://{edge}/talk/talk.mp4?{query}", timeout=60).status_code == 403


def test_the_page_asks_for_segments_by_cors(site):
    page = site.get("talk", "viewer", headers={"Accept": "text/html"}).text
    assert 'crossorigin="anonymous"' in page


class TestAnswer:
    def test_is_of_the_type_of_playlists(self, site):
        assert site.get(MASTER, "viewer").headers["Content-Type"].partition(";")[0] == "application/vnd.apple.mpegurl"

    @pytest.mark.parametrize("path", [MASTER, VARIANT])
    def test_is_kept_by_no_cache(self, site, path):
        assert site.get(path, "viewer").headers["Cache-Control"] == "private, no-store"

    def test_to_head_has_no_body(self, site):
        answer = site.get(MASTER, "viewer", "HEAD")
        assert (answer.status_code, answer.content) == (200, b"")

    def test_the_stable_link_leads_to_it(self, site):
        assert site.get("talk/@@media", "viewer").headers["Location"] == f"{site.url}/{MASTER}"

    def test_programs_are_told_of_it(self, site):
        (source,) = site.get("talk/@playback", "viewer", headers=JSON).json()["sources"]
        assert source == {"src": f"{site.url}/{MASTER}", "type": "application/vnd.apple.mpegurl"}

    def test_there_is_no_download_of_a_set_alone(self, site):
        assert site.get("talk/@playback", "manager", headers=JSON).json()["download"] is None
        assert site.get("talk/@@media?download=1", "manager").status_code == 404

    def test_the_download_is_of_another_rendition(self, site):
        IProtectedMedia(site.item).renditions = ("talk/talk.mp4",)
        transaction.commit()
        assert "/talk/talk.mp4?" in site.get("talk/@@media?download=1", "manager").headers["Location"]


@pytest.mark.parametrize("path", [MASTER, VARIANT])
@pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403)])
def test_who_may_not_watch_is_refused(site, path, login, status):
    answer = site.get(path, login)
    assert (answer.status_code, "Signature" in answer.text, "#EXTM3U" in answer.text) == (status, False, False)


def test_a_visitor_is_led_back_to_the_playlist_after_logging_in(site):
    location = site.get(VARIANT, None, headers={"Accept": "text/html"}).headers["Location"]
    assert location == f"{site.url}/login?came_from={quote(f'{site.url}/{VARIANT}', safe='')}"


class TestPath:
    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/missing.m3u8",
            "/180p/000.ts",
            "/180p",
            "/../talk.mp4",
            "/%2E%2E/other.m3u8",
            "/180p/%2E%2E/%2E%2E/x.m3u8",
            "/a*.m3u8",
            "/%5Cx.m3u8",
            "/x%00.m3u8",
        ],
    )
    def test_that_is_no_playlist_of_the_set_is_not_found(self, site, path):
        answer = site.get(f"talk/@@playlist{path}", "viewer")
        assert (answer.status_code in {400, 404}, "Traceback" in answer.text) == (True, False)

    def test_of_a_video_without_hls_is_not_found(self, hls, edge):
        assert hls(edge, "talk/talk.mp4").get(MASTER, "viewer").status_code == 404

    def test_may_have_blanks_and_letters_of_any_kind(self, hls, signing_key, tmp_path):
        folder = tmp_path / "a b" / "ключ"
        folder.mkdir(parents=True)
        (folder / "índex 1.m3u8").write_text(
            "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv%C3%A4r%201/list.m3u8\n", "utf-8"
        )
        (folder / "vär 1").mkdir()
        (folder / "vär 1" / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nseg%201.ts\n#EXT-X-ENDLIST\n", "utf-8")
        (folder / "vär 1" / "seg 1.ts").write_bytes(b"segment")
        with serve_edge(tmp_path, {signing_key.key_id: signing_key.public_pem}) as host:
            site = hls(host, "a b/ключ/índex 1.m3u8")
            location = site.get("talk/@@media", "viewer").headers["Location"]
            (variant,) = uris(requests.get(location, auth=("viewer", "secret-of-viewer"), timeout=60).text)
            (segment,) = uris(requests.get(variant, auth=("viewer", "secret-of-viewer"), timeout=60).text)
            assert requests.get(segment, timeout=60).content == b"segment"


class TestBadPlaylist:
    """What a distribution may send; whatever it is, the answer is a status and a line of text."""

    @pytest.fixture
    def told(self, hls, signing_key, tmp_path):
        def tell(content):
            (tmp_path / "set").mkdir()
            (tmp_path / "set" / "index.m3u8").write_bytes(content)
            with serve_edge(tmp_path, {signing_key.key_id: signing_key.public_pem}) as host:
                return hls(host, "set/index.m3u8").get(MASTER, "viewer")

        return tell

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            (b"<html>", 502),
            (b"#EXTM3U\n../other/segment.ts\n", 502),
            (b"#EXTM3U\n" + b"#" * 3_000_000, 502),
            (b"#EXTM3U\n\xff\xfe\n", 502),
            (b"", 502),
        ],
        ids=["a page", "another folder", "three megabytes", "no text", "empty"],
    )
    def test_is_refused(self, told, content, status):
        answer = told(content)
        assert (answer.status_code, answer.text.count("\n"), "Traceback" in answer.text) == (status, 1, False)

    @pytest.mark.parametrize("uri", ["https://ads.example.org/a.ts", "javascript:alert(1)", "data:video/mp4,x"])
    def test_foreign_addresses_get_no_signature(self, told, uri):
        assert uris(told(f"#EXTM3U\n#EXTINF:1,\n{uri}\n".encode()).text) == [uri]


class TestEdgeDown:
    @pytest.fixture
    def answer(self, hls):
        return hls(f"127.0.0.1:{free_port()}").get(MASTER, "viewer")

    def test_is_told_with_the_time_to_come_back(self, answer):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")

    def test_tells_no_address(self, answer):
        assert ("127.0.0.1:" in answer.text, "Signature" in answer.text, answer.text.count("\n")) == (False, False, 1)


def test_a_key_that_is_not_trusted_is_told_without_details(hls, signing_key):
    other = SigningKey.generate(key_id=signing_key.key_id, algorithm="EC")
    with serve_edge(MEDIA, {signing_key.key_id: other.public_pem}) as host:
        answer = hls(host).get(MASTER, "viewer")
    assert (answer.status_code, answer.text) == (502, "The distribution did not give out the playlist.\n")


def test_relative_addresses_resolve_as_players_resolve_them(site):
    master = f"{site.url}/{MASTER}"
    assert all(urljoin(master, uri) == uri for uri in uris(site.get(MASTER, "viewer").text))
