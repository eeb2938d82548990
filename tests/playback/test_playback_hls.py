"""HLS through Plone: as Safari fetches it, playlists with the log-in and everything else with nothing."""

from collective.cfprivate import demo
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.exceptions import PlaceTaken
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.playback.refusal import refusal_of
from edge_in_thread import serve_edge
from pathlib import Path
from plone import api
from running_demo import free_port
from urllib.parse import quote
from urllib.parse import urljoin
from urllib.parse import urlsplit
from zope.component import getUtility

import logging
import pytest
import requests
import time
import transaction


pytestmark = pytest.mark.usefixtures("asked")

MEDIA = Path(demo.__file__).parent / "media"
MASTER = "talk/@@playlist/index.m3u8"
VARIANT = "talk/@@playlist/180p/index.m3u8"
JSON = {"Accept": "application/json"}


def uris(playlist):
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


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


@pytest.fixture
def told(hls, signing_key, tmp_path):
    """A function that asks for the master playlist of a set with this content, or for another ``path`` of ``files``."""

    def tell(content, path="index.m3u8", **files):
        folder = tmp_path / "set"
        folder.mkdir()
        (folder / "index.m3u8").write_bytes(content)
        for name, text in files.items():
            (folder / f"{name}.m3u8").write_text(text)
        with serve_edge(tmp_path, {signing_key.key_id: signing_key.public_pem}) as host:
            return hls(host, "set/index.m3u8").get(f"talk/@@playlist/{path}", "viewer")

    return tell


class TestNamed:
    """Of the folder only what the master playlist names is fetched, so that nobody keeps others waiting by made-up paths."""

    STREAM = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n"
    SEGMENT = "#EXTM3U\n#EXTINF:1,\na.ts\n"

    @pytest.mark.parametrize(
        "master",
        [
            f"{STREAM}a.m3u8\n",
            f"{STREAM}./x/../a.m3u8?version=2\n",
            f"{STREAM}%61.m3u8\n",
            f"{STREAM}/set/a.m3u8#start\n",
            '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="a.m3u8"\n',
            '#EXTM3U\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="a.m3u8"\n',
        ],
    )
    def test_is_given(self, told, asked, master):
        answer = told(master.encode(), "a.m3u8", a=self.SEGMENT)
        assert (answer.status_code, len(uris(answer.text)), asked) == (200, 1, ["/set/index.m3u8", "/set/a.m3u8"])

    @pytest.mark.parametrize(
        "master",
        [
            "#EXTM3U\n#EXT-X-ENDLIST\n",
            f"{STREAM}b.m3u8\n",
            f"{STREAM}A.m3u8\n",
            f"{STREAM}x/a.m3u8\n",
            f"{STREAM}https://other.example.org/set/a.m3u8\n",
            "#EXTM3U\n#a.m3u8\n",
            "#EXTM3U\n#EXTINF:1,\na.m3u8\n",
        ],
    )
    def test_not_at_all_is_not_found_and_not_asked_for(self, told, asked, master):
        answer = told(master.encode(), "a.m3u8", a=self.SEGMENT)
        assert (answer.status_code, asked) == (404, ["/set/index.m3u8"])

    def test_by_another_one_only_is_not_found(self, told, asked):
        answer = told(f"{self.STREAM}b.m3u8\n".encode(), "a.m3u8", a=self.SEGMENT, b=f"{self.STREAM}a.m3u8\n")
        assert (answer.status_code, asked) == (404, ["/set/index.m3u8"])

    def test_by_a_master_that_cannot_be_read_is_refused(self, told, asked):
        assert (told(b"<html>", "a.m3u8", a=self.SEGMENT).status_code, asked) == (502, ["/set/index.m3u8"])

    def test_made_up_paths_are_answered_from_memory(self, site, asked):
        statuses = {site.get(f"talk/@@playlist/{number}.m3u8", "viewer").status_code for number in range(10)}
        assert (statuses, asked) == ({404}, ["/talk/hls/index.m3u8"])

    def test_a_path_that_can_be_none_is_asked_of_nobody(self, site, asked):
        assert (site.get("talk/@@playlist/180p/000.ts", "viewer").status_code, asked) == (404, [])


class TestBadPlaylist:
    """What a distribution may send; whatever it is, the answer is a status and a line of text."""

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            (b"<html>", 502),
            (b"#EXTM3U\n../other/segment.ts\n", 502),
            (b"#EXTM3U\n" + b"#" * 3_000_000, 502),
            (b"#EXTM3U\n\xff\xfe\n", 502),
            (b"", 502),
            (b"#EXTM3U\n" + b"a" * 9_000 + b".ts\n", 502),
        ],
        ids=["a page", "another folder", "three megabytes", "no text", "empty", "too long an address"],
    )
    def test_is_refused(self, told, content, status):
        answer = told(content)
        assert (answer.status_code, answer.text.count("\n"), "Traceback" in answer.text) == (status, 1, False)

    @pytest.mark.parametrize("uri", ["https://ads.example.org/a.ts", "javascript:alert(1)", "data:video/mp4,x"])
    def test_foreign_addresses_get_no_signature(self, told, uri):
        assert uris(told(f"#EXTM3U\n#EXTINF:1,\n{uri}\n".encode()).text) == [uri]


class TestSize:
    """A signature of RSA-2048 has 344 letters, and its policy more than 150."""

    def test_is_bounded_with_all_signatures(self, told, caplog):
        answer = told(b"#EXTM3U\n" + b"a\n" * 40_000)
        assert (answer.status_code, answer.text) == (502, "The playlist is too large.\n")
        assert ["set/index.m3u8 cannot be used" in line for line in warnings_of(caplog)] == [True]

    def test_of_a_film_of_eight_hours_is_right(self, told):
        assert len(uris(told(b"#EXTM3U\n" + b"#EXTINF:4,\na.ts\n" * 7_200).text)) == 7_200

    def test_of_what_the_master_names_is_not_bounded_by_segments(self, told):
        lines = b"#EXTINF:1,\na.ts\n" * 40_000 + b"#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n"
        assert told(b"#EXTM3U\n" + lines, "a.m3u8", a="#EXTM3U\n").status_code == 200


def warnings_of(caplog):
    """What the add-on has logged as a warning, of which administrators are told."""
    return [
        each.getMessage()
        for each in caplog.records
        if each.levelno == logging.WARNING and each.name.startswith("collective.cfprivate")
    ]


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


class TestAnotherKey:
    """What the distribution gives to one key it need not give to another."""

    @pytest.fixture
    def rename(self, site):
        def rename(key_id):
            getUtility(IKeyRing).rename(key_id)
            transaction.commit()

        return rename

    def test_gets_nothing_of_the_first_from_memory(self, site, rename):
        site.get(MASTER, "viewer")
        rename("KUNKNOWN")
        assert site.get(MASTER, "viewer").status_code == 502

    def test_that_is_refused_is_not_in_the_way_of_the_right_one(self, site, rename, signing_key):
        rename("KUNKNOWN")
        site.get(MASTER, "viewer")
        rename(signing_key.key_id)
        assert site.get(MASTER, "viewer").status_code == 200

    @pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
    def test_is_told_by_its_hash_too(self, site, asked, hash_algorithm):
        site.get(MASTER, "viewer")
        api.portal.set_registry_record("collective.cfprivate.hash_algorithm", hash_algorithm)
        transaction.commit()
        site.get(MASTER, "viewer")
        assert len(asked) == {"SHA1": 1, "SHA256": 2}[hash_algorithm]

    def test_that_is_refused_is_logged_once(self, site, rename, edge, caplog):
        rename("KUNKNOWN")
        for _ in range(3):
            site.get(MASTER, "viewer")
        (line,) = warnings_of(caplog)
        assert [edge in line, "talk/hls/index.m3u8" in line, "Key groups" in line] == [True, True, True]
        assert ["Signature" in line, "Policy=" in line, "Expires" in line] == [False, False, False]


class TestLevel:
    """Of what keeps a medium from being signed."""

    @pytest.mark.parametrize(
        ("error", "level"), [(PlaceTaken("x"), logging.WARNING), (NotConfigured("x"), logging.ERROR)]
    )
    def test_is_that_of_who_mends_it(self, served, caplog, error, level):
        refusal_of(error, served.item)
        assert [(each.levelno, each.getMessage()) for each in caplog.records if "signed" in each.getMessage()] == [
            (level, "The medium of /plone/talk cannot be signed: x")
        ]

    def test_of_a_folder_with_files_of_another_item_says_what_to_do(self, site, make_video, caplog):
        make_video(site.portal, "other", object_key="talk/hls/other.mp4")
        transaction.commit()
        site.get(MASTER, "viewer")
        (line,) = warnings_of(caplog)
        assert ("/plone/talk" in line, "put each into a folder of its own" in line) == (True, True)


def test_relative_addresses_resolve_as_players_resolve_them(site):
    master = f"{site.url}/{MASTER}"
    assert all(urljoin(master, uri) == uri for uri in uris(site.get(MASTER, "viewer").text))
