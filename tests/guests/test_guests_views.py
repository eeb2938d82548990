"""What is answered to who comes with a token, over HTTP and without an account."""

from bs4 import BeautifulSoup
from collective.cfprivate.guests import store
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.playback import hls
from DateTime import DateTime
from plone import api
from plone.uuid.interfaces import IUUID

import pytest
import time
import transaction


CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nA talk\n"
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nsegment.ts\n#EXT-X-ENDLIST\n"
MASTER = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n180p/index.m3u8\n"
PAGE, PLAYBACK, MEDIA = "@@guest", "@@guest-playback", "@@guest-media"
PLAYLISTS, CAPTION = "@@guest-playlist", "@@guest-captions"
# Each view, with what may follow the token.
VIEWS = {PAGE: "", PLAYBACK: "", MEDIA: "", PLAYLISTS: "/index.m3u8", CAPTION: "/en.vtt"}
HTML = {"Accept": "text/html"}
SECRETS = ["Signature=", "Key-Pair-Id", "cloudfront.net", "a%20talk", "A talk", "talks/"]


class Playlists:
    """In place of those that are fetched from a distribution."""

    def get(self, url, sign, signed_by):
        return PLAYLIST if "180p" in url else MASTER


@pytest.fixture
def site(served, monkeypatch):
    """The served site; its video, confidential, has captions in Plone and an HLS set, too."""
    monkeypatch.setattr(hls, "PLAYLISTS", Playlists())
    fields = IProtectedMedia(served.item)
    fields.renditions = ("talks/hls/index.m3u8",)
    fields.tracks = [{"language": "en", "text": CAPTIONS}]
    served.item.reindexObject()
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(served.item, to_state="confidential")
    transaction.commit()
    return served


def get(site, view, token, path=None, **options):
    path = VIEWS[view] if path is None else path
    return site.get(f"talk/{view}/{token}{path}", **options)


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def sources(answer):
    return [source["src"] for source in page(answer).select("cfprivate-player video source")]


class TestPage:
    @pytest.fixture
    def answer(self, site, make):
        return get(site, PAGE, make(), headers=HTML)

    def test_plays_without_an_account(self, answer):
        assert (answer.status_code, ["Signature=" in src for src in sources(answer)]) == (200, [True, False])

    def test_tells_no_address_on_paper(self, answer):
        assert page(answer).select(".cfprivate-printed") == []

    def test_is_nothing_but_the_player(self, answer):
        assert (answer.headers["X-Theme-Disabled"], page(answer).select("a, nav, form, header")) == ("1", [])

    @pytest.mark.parametrize(
        ("header", "value"),
        [
            ("Referrer-Policy", "no-referrer"),
            ("X-Robots-Tag", "noindex, nofollow"),
            ("Cache-Control", "private, no-store"),
            ("Content-Security-Policy", "frame-ancestors 'none'"),
            ("X-Frame-Options", "DENY"),
        ],
    )
    def test_keeps_its_address_to_itself(self, answer, header, value):
        assert answer.headers[header] == value

    def test_is_not_remembered_by_the_player(self, answer):
        assert page(answer).find("cfprivate-player")["data-resume"] == "no"

    def test_has_no_script_within_it(self, answer):
        assert {script.text.strip() for script in page(answer).select("script")} == {""}

    def test_leads_nowhere_but_to_addresses_of_the_link(self, site, make):
        token = make()
        soup = page(get(site, PAGE, token))
        asked = [
            soup.find("cfprivate-player")["data-playback"],
            soup.find("track")["src"],
            soup.select("source")[1]["src"],
        ]
        names = (PLAYBACK, f"{CAPTION}/TOKEN/en.vtt", f"{PLAYLISTS}/TOKEN/index.m3u8")
        expected = [f"{site.url}/talk/{name}" for name in (f"{names[0]}/TOKEN", *names[1:])]
        assert [url.replace(token, "TOKEN") for url in asked] == expected

    def test_offers_no_download(self, site, make):
        IProtectedMedia(site.item).offer_download = True
        transaction.commit()
        assert "download" not in get(site, PAGE, make()).text.lower()

    def test_is_no_page_of_a_lead_image(self, site, make):
        site.item.image = object
        assert "poster" not in get(site, PAGE, make()).text

    def test_has_no_body_for_head(self, site, make):
        answer = get(site, PAGE, make(), method="HEAD")
        assert (answer.status_code, answer.content) == (200, b"")

    def test_within_private_folders_is_open_too(self, site, make, make_video, editor):
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(api.content.create(site.portal, "Folder", "outer"), "Folder", "inner")
        video = make_video(folder, state="private")
        api.user.grant_roles(username=editor, roles=["Editor"], obj=video)
        answers = [
            site.get(path).status_code for path in ("outer/inner/talk", f"outer/inner/talk/@@guest/{make(item=video)}")
        ]
        assert answers == [302, 200]

    @pytest.mark.parametrize("first", "_-+@")
    def test_takes_tokens_as_they_come(self, site, make, monkeypatch, first):
        monkeypatch.setattr(store.secrets, "token_urlsafe", lambda size: f"{first}{'a' * 42}")
        assert get(site, PAGE, make()).status_code == 200


class TestImage:
    @pytest.fixture
    def shown(self, site, make):
        def shown(key):
            fields = IProtectedMedia(site.item)
            fields.object_key, fields.renditions, fields.tracks = key, (), []
            transaction.commit()
            token = make()
            return token, page(get(site, PAGE, token))

        return shown

    def test_shows(self, shown):
        assert "Signature=" in shown("a.jpg")[1].img["src"]

    def test_of_a_document_opens(self, site, shown):
        token, soup = shown("a.pdf")
        answer = get(site, MEDIA, token)
        is_ours = soup.select_one(".cfprivate-document a")["href"] == f"{site.url}/talk/{MEDIA}/{token}"
        assert (is_ours, answer.status_code, "Signature=" in answer.headers["Location"]) == (True, 302, True)


class TestPlayback:
    def test_is_what_users_get(self, site, make):
        ours = get(site, PLAYBACK, make()).json()
        assert set(ours) == set(site.get("talk/@playback", "viewer", headers={"Accept": "application/json"}).json())

    def test_is_signed_anew(self, site, make):
        answer = get(site, PLAYBACK, make(), headers={"Accept": "application/json"})
        assert "Signature=" in answer.json()["sources"][0]["src"]

    def test_ends_with_the_link(self, site, make):
        assert get(site, PLAYBACK, make(ends_in=100)).json()["expires_in"] in range(1, 101)

    def test_offers_no_download(self, site, make):
        assert get(site, PLAYBACK, make()).json()["download"] is None

    def test_has_no_body_for_head(self, site, make):
        assert get(site, PLAYBACK, make(), method="HEAD").content == b""

    def test_tells_why_it_is_refused(self, site, make):
        answer = get(site, PLAYBACK, make(ends_in=-1), headers=HTML)
        told = {"type": "link-ended", "message": "The time of this link is over."}
        assert (answer.status_code, answer.json()) == (403, told)


class TestPlaylist:
    def test_leads_back_to_the_link(self, site, make):
        token = make()
        assert f"/talk/@@guest-playlist/{token}/180p/index.m3u8" in get(site, PLAYLISTS, token).text

    def test_of_a_rendition_is_signed(self, site, make):
        assert "segment.ts?" in get(site, PLAYLISTS, make(), "/180p/index.m3u8").text

    def test_that_is_not_there_is_not_found(self, site, make):
        assert get(site, PLAYLISTS, make(), "/other.m3u8").status_code == 404


class TestCaptions:
    def test_are_those_that_plone_keeps(self, site, make):
        assert get(site, CAPTION, make()).text == CAPTIONS

    def test_that_are_not_there_are_not_found(self, site, make):
        assert get(site, CAPTION, make(), "/de.vtt").status_code == 404


def guess(site, make, editor, move):
    make()
    return "guessed"


def guess_nothing(site, make, editor, move):
    make()
    return ""


def use_after_its_end(site, make, editor, move):
    return make(ends_in=-1)


def use_on_another_item(site, make, editor, move):
    with api.env.adopt_roles(["Manager"]):
        other = api.content.create(site.portal, "Protected Video", "other", object_key="b.mp4")
    api.user.grant_roles(username=editor, roles=["Editor"], obj=other)
    return make(item=other)


def use_on_a_copy(site, make, editor, move):
    token = make()
    with api.env.adopt_roles(["Manager"]):
        api.content.copy(site.item, id="copy")
        site.portal.manage_delObjects(["talk"])
        site.portal.manage_renameObject("copy", "talk")
        api.content.transition(site.portal["talk"], to_state="confidential")
    transaction.commit()
    return token


def use_after_the_maker_lost_the_right(site, make, editor, move):
    token = make()
    api.user.revoke_roles(username=editor, roles=["Editor"], obj=site.item)
    transaction.commit()
    return token


def use_after_the_maker_left(site, make, editor, move):
    token = make()
    with api.env.adopt_roles(["Manager"]):
        api.user.delete(username=editor)
    transaction.commit()
    return token


def use_after_the_item_was_retracted(site, make, editor, move):
    token = make()
    move("private")
    return token


def use_after_it_was_revoked(site, make, editor, move):
    token = make()
    store.revoke(site.item, store.digest_of(token))
    transaction.commit()
    return token


def use_after_the_item_expired(site, make, editor, move):
    token = make()
    site.item.expiration_date = DateTime() - 1
    transaction.commit()
    return token


REFUSED = [
    (guess, 404, "unknown-link", "no maker"),
    (guess_nothing, 404, "unknown-link", "no maker"),
    (use_after_its_end, 403, "link-ended", "maker"),
    (use_on_another_item, 404, "unknown-link", "no maker"),
    (use_on_a_copy, 404, "unknown-link", "no maker"),
    (use_after_it_was_revoked, 404, "unknown-link", "no maker"),
    (use_after_the_maker_lost_the_right, 403, "maker-may-not", "maker"),
    (use_after_the_maker_left, 403, "maker-may-not", "maker"),
    (use_after_the_item_was_retracted, 403, "item-state-changed", "maker"),
    (use_after_the_item_expired, 403, "expired", "maker"),
]


@pytest.mark.parametrize(
    ("attempt", "status", "reason", "maker"), REFUSED, ids=[attempt.__name__ for attempt, *_rest in REFUSED]
)
class TestRefusal:
    def test_is_that_of_every_view(self, site, make, editor, move, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        assert {view: get(site, view, token).status_code for view in VIEWS} == dict.fromkeys(VIEWS, status)

    def test_tells_its_reason(self, site, make, editor, move, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        assert get(site, PLAYBACK, token).json()["type"] == reason

    def test_is_audited_with_its_reason(self, site, make, editor, move, lines, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        lines()
        for view in VIEWS:
            get(site, view, token)
        told = {(line["event"], line["action"], line["reason"], line["user"]) for line in lines()}
        assert told == {("refused", "guest", reason, None)}

    def test_is_audited_once_by_each_view(self, site, make, editor, move, lines, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        lines()
        for view in VIEWS:
            get(site, view, token)
        assert len(lines()) == len(VIEWS)

    def test_names_the_link_and_its_maker(self, site, make, editor, move, lines, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        lines()
        get(site, PAGE, token)
        (line,) = lines()
        expected = (store.digest_of(token)[:12], editor if maker == "maker" else None)
        assert (line["link"], line["maker"]) == expected

    def test_gives_nothing_away(self, site, make, editor, move, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        answers = [get(site, view, token, headers=HTML) for view in VIEWS]
        given = [secret for answer in answers for secret in SECRETS if secret in answer.text + str(answer.headers)]
        assert given == []

    def test_is_kept_by_no_cache(self, site, make, editor, move, attempt, status, reason, maker):
        token = attempt(site, make, editor, move)
        assert {get(site, view, token).headers["Cache-Control"] for view in VIEWS} == {"private, no-store"}


class TestAudit:
    def test_of_what_is_granted_names_link_and_maker(self, site, make, editor, lines):
        token = make()
        lines()
        get(site, PAGE, token)
        (line,) = lines()
        del line["expires"]
        assert line == {
            "event": "granted",
            "action": "guest",
            "reason": "granted",
            "user": None,
            "item": "/plone/talk",
            "uid": IUUID(site.item),
            "state": "confidential",
            "link": store.digest_of(token)[:12],
            "maker": editor,
        }

    @pytest.mark.parametrize(("view", "number"), [(PAGE, 1), (PLAYBACK, 1), (MEDIA, 1), (PLAYLISTS, 1), (CAPTION, 0)])
    def test_is_written_where_it_is_for_users(self, site, make, lines, view, number):
        token = make()
        lines()
        get(site, view, token)
        assert len(lines()) == number

    def test_never_has_the_token(self, site, make, caplog):
        caplog.set_level("DEBUG")
        token = make()
        for view in VIEWS:
            get(site, view, token)
        # The client of the test logs what it asks.
        ours = [record.getMessage() for record in caplog.records if not record.name.startswith("urllib3")]
        assert [token in line for line in ours if token in line] == []

    def test_of_users_has_no_link(self, site, lines):
        lines()
        site.get("talk/@@media", "viewer")
        (line,) = lines()
        assert "link" not in line


def test_a_user_who_comes_with_a_link_is_a_guest_too(site, make, lines):
    token = make()
    lines()
    status = get(site, PAGE, token, login="member").status_code
    (line,) = lines()
    assert (status, line["user"], line["action"]) == (200, "member", "guest")


def test_a_manager_with_a_link_that_ended_is_refused(site, make):
    assert get(site, PAGE, make(ends_in=-1), login="manager").status_code == 403


def test_a_look_writes_nothing(site, make, functional_app):
    token = make()
    last = functional_app._p_jar.db().lastTransaction()
    for view in VIEWS:
        get(site, view, token)
    assert functional_app._p_jar.db().lastTransaction() == last


def test_an_item_without_a_medium_is_not_found(site, make):
    token = make()
    IProtectedMedia(site.item).object_key = None
    transaction.commit()
    assert get(site, PLAYBACK, token).json()["type"] == "no-medium"


def test_without_the_add_on_there_is_no_such_page(site, make):
    assert site.get(f"@@guest/{make()}").status_code == 404


@pytest.mark.parametrize("token", ["..%2F", "%20", "a" * 4000, "@@guest", "++widget++x"])
def test_what_no_token_is_does_no_harm(site, token):
    assert site.get(f"talk/@@guest/{token}").status_code in {302, 400, 404}


def test_the_end_is_that_of_the_clock(site, make):
    token = make(now=int(time.time()) - 3601, ends_in=3600)
    assert get(site, PAGE, token).status_code == 403
