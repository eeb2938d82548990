"""The page, the stable link and the service, asked over HTTP as each kind of visitor."""

from collective.cfprivate.interfaces import IKeyRing
from DateTime import DateTime
from plone import api
from plone.registry.interfaces import IRegistry
from zope.component import getUtility

import pytest
import transaction


SURFACES = ["talk", "talk/@@media", "talk/@playback"]
HTML = {"Accept": "text/html,application/xhtml+xml"}
JSON = {"Accept": "application/json"}
ANY = {"Accept": "*/*"}


def accept(path):
    return JSON if path.endswith("@playback") else HTML


def everything(answer):
    return answer.text + str(answer.headers)


@pytest.mark.parametrize("login", ["viewer", "manager"])
@pytest.mark.parametrize("path", SURFACES)
def test_who_may_watch_is_given_a_signature(served, path, login):
    assert "Signature=" in everything(served.get(path, login, headers=accept(path)))


@pytest.mark.parametrize("login", [None, "member"])
@pytest.mark.parametrize("path", SURFACES)
@pytest.mark.parametrize("secret", ["Signature=", "Policy=", "cloudfront.net", "a%20talk", "a talk.mp4"])
def test_who_may_not_is_given_nothing_of_it(served, path, login, secret):
    assert secret not in everything(served.get(path, login, headers=accept(path)))


@pytest.mark.parametrize("login", [None, "member", "viewer"])
def test_the_page_itself_is_never_taken_down(served, login):
    assert served.get("talk", login, headers=HTML).status_code == 200


@pytest.mark.parametrize(
    ("login", "sentence"),
    [(None, "Log in to watch this."), ("member", "Your account does not include watching this.")],
)
class TestReason:
    def test_stands_in_the_page(self, served, login, sentence):
        assert sentence in served.get("talk", login, headers=HTML).text

    def test_stands_in_the_json(self, served, login, sentence):
        assert served.get("talk/@playback", login, headers=JSON).json() == {
            "type": "not-permitted",
            "message": sentence,
        }

    def test_is_the_line_of_the_stable_link(self, served, login, sentence):
        assert served.get("talk/@@media", login, headers=ANY).text == f"{sentence}\n"


def test_the_page_offers_anonymous_the_log_in_form(served):
    assert "/login?came_from=" in served.get("talk", headers=HTML).text


class TestStableLink:
    def test_redirects(self, served):
        assert served.get("talk/@@media", "viewer").status_code == 302

    def test_leads_to_the_distribution(self, served):
        location = served.get("talk/@@media", "viewer").headers["Location"]
        assert location.startswith("https://d111111abcdef8.cloudfront.net/talks/2026/a%20talk.mp4?Expires=")

    @pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403)])
    def test_refuses_a_program_with_a_bare_status(self, served, login, status):
        assert served.get("talk/@@media", login, headers=ANY).status_code == status

    @pytest.mark.parametrize("login", [None, "member"])
    def test_refuses_a_program_in_plain_text(self, served, login):
        assert served.get("talk/@@media", login, headers=ANY).headers["Content-Type"].startswith("text/plain")

    def test_sends_an_anonymous_browser_to_the_log_in_form(self, served):
        location = served.get("talk/@@media", headers=HTML).headers["Location"]
        assert location == f"{served.url}/login?came_from={quoted(served.url)}%2Ftalk%2F%40%40media"

    def test_shows_a_page_to_a_browser_that_is_logged_in(self, served):
        answer = served.get("talk/@@media", "member", headers=HTML)
        assert (answer.status_code, "does not include watching" in answer.text) == (403, True)

    @pytest.mark.parametrize("login", [None, "member", "viewer"])
    def test_head_answers_like_get(self, served, login):
        statuses = {served.get("talk/@@media", login, method, headers=ANY).status_code for method in ("GET", "HEAD")}
        assert len(statuses) == 1


def quoted(url):
    return url.replace(":", "%3A").replace("/", "%2F")


class TestService:
    @pytest.fixture
    def playback(self, served):
        return served.get("talk/@playback", "viewer", headers=JSON).json()

    def test_has_the_keys_that_players_know(self, playback):
        assert set(playback) == {
            "@id", "kind", "title", "duration", "expires", "expires_in", "renew_in", "sources", "poster", "tracks",
            "download", "credentials",
        }  # fmt: skip

    def test_names_itself(self, playback, served):
        assert playback["@id"] == f"{served.url}/talk/@playback"

    def test_is_of_a_video(self, playback):
        assert playback["kind"] == "video"

    def test_has_a_source_with_its_type(self, playback):
        assert [source["type"] for source in playback["sources"]] == ["video/mp4"]

    def test_tells_the_end_in_utc(self, playback):
        assert int(DateTime(playback["expires"])) % 300 == 0  # the bucket of an hour is five minutes

    def test_works_in_the_api_namespace(self, served):
        assert served.get("++api++/talk/@playback", "viewer").status_code == 200

    @pytest.mark.parametrize("login", [None, "member", "viewer"])
    def test_head_answers_like_get(self, served, login):
        statuses = {served.get("talk/@playback", login, m, headers=JSON).status_code for m in ("GET", "HEAD")}
        assert len(statuses) == 1

    @pytest.mark.parametrize("path", ["@playback", "front/@playback"])
    def test_exists_for_protected_items_only(self, served, path):
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(served.portal, "Document", "front")
            api.content.transition(page, "publish")
        transaction.commit()
        assert served.get(path, "manager", headers=JSON).status_code == 404


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 401), ("viewer", 200), ("manager", 200)])
def test_without_view_the_service_gives_plones_own_answer(served, login, status):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(served.item, to_state="confidential")
    transaction.commit()
    assert served.get("talk/@playback", login, headers=JSON).status_code == status


class TestNoMedium:
    @pytest.fixture(autouse=True)
    def _empty(self, served):
        served.item.object_key = None
        transaction.commit()

    @pytest.mark.parametrize("path", SURFACES[1:])
    def test_is_404_for_who_might_watch(self, served, path):
        assert served.get(path, "viewer", headers=JSON).status_code == 404

    @pytest.mark.parametrize("path", SURFACES[1:])
    def test_is_not_told_to_others(self, served, path):
        assert served.get(path, "member", headers=JSON).status_code == 403

    def test_the_page_says_nothing_of_it(self, served):
        assert "cfprivate-" not in served.get("talk", "viewer", headers=HTML).text.partition("<main")[2]


class TestNotConfigured:
    @pytest.fixture(autouse=True)
    def _no_key(self, served):
        getUtility(IKeyRing).erase_all()
        transaction.commit()

    @pytest.mark.parametrize("path", SURFACES[1:])
    def test_is_503_for_who_might_watch(self, served, path):
        assert served.get(path, "viewer", headers=JSON).status_code == 503

    @pytest.mark.parametrize("path", SURFACES[1:])
    def test_is_not_told_to_others(self, served, path):
        assert served.get(path, "member", headers=JSON).status_code == 403

    @pytest.mark.parametrize("login", ["viewer", "manager"])
    def test_leaves_the_page_with_a_notice(self, served, login):
        answer = served.get("talk", login, headers=HTML)
        assert (answer.status_code, "cannot be shown at the moment" in answer.text) == (200, True)

    def test_tells_details_to_who_may_configure(self, served):
        assert "No private key is stored" in served.get("talk", "manager", headers=HTML).text

    def test_tells_no_details_to_a_viewer(self, served):
        assert "No private key is stored" not in served.get("talk", "viewer", headers=HTML).text


class TestInvalidKey:
    """A key that no form would take, as an import may bring it."""

    @pytest.fixture(autouse=True)
    def _invalid(self, served):
        served.item.object_key = "/talks/../talk.mp4"
        transaction.commit()

    @pytest.mark.parametrize("path", SURFACES[1:])
    def test_is_503(self, served, path):
        assert served.get(path, "viewer", headers=JSON).status_code == 503

    def test_is_told_to_who_manages_media(self, served, add_user):
        add_user("editor", "Editor")
        transaction.commit()
        assert "object key" in served.get("talk", "editor", headers=HTML).text.partition("cfprivate-refusal")[2]

    def test_is_not_told_to_a_viewer(self, served):
        assert "talks/.." not in served.get("talk", "viewer", headers=HTML).text

    def test_is_logged_with_the_item(self, served, caplog):
        served.get("talk/@@media", "viewer")
        assert "/plone/talk" in caplog.text


def test_a_missing_setting_does_not_take_the_page_down(served):
    del getUtility(IRegistry).records["collective.cfprivate.lifetime"]
    transaction.commit()
    assert served.get("talk", "viewer", headers=HTML).status_code == 200


@pytest.mark.parametrize(("login", "scripts"), [("viewer", 1), ("member", 0), (None, 0)])
def test_the_player_is_loaded_only_where_it_plays(served, login, scripts):
    assert served.get("talk", login, headers=HTML).text.count("/player.js") == scripts


class TestDates:
    def test_before_the_window_a_viewer_learns_from_when(self, served):
        served.item.effective_date = DateTime() + 10
        transaction.commit()
        assert "This can be watched from" in served.get("talk/@playback", "viewer", headers=JSON).json()["message"]

    def test_after_the_window_a_viewer_learns_that_it_is_over(self, served):
        served.item.expiration_date = DateTime() - 1
        transaction.commit()
        assert served.get("talk/@playback", "viewer", headers=JSON).json()["type"] == "expired"


class TestAnyType:
    """The behavior makes any Dexterity type protected; its own workflow need not know our permission."""

    @pytest.fixture
    def page(self, served, add_behavior):
        add_behavior("Document")
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(served.portal, "Document", "page", object_key="talks/2026/a talk.mp4")
            api.content.transition(page, "publish")
        transaction.commit()
        return page

    def test_the_staff_watches(self, served, page):
        assert served.get("page/@@media", "manager").status_code == 302

    @pytest.mark.parametrize(("login", "status"), [(None, 401), ("viewer", 403)])
    def test_others_need_the_role(self, served, page, login, status):
        assert served.get("page/@@media", login, headers=ANY).status_code == status

    def test_the_player_is_on_its_page(self, served, page):
        assert "<cfprivate-player" in served.get("page", "manager", headers=HTML).text


@pytest.mark.parametrize("login", [None, "viewer", "manager"])
@pytest.mark.parametrize("path", SURFACES)
def test_a_get_writes_nothing(served, path, login):
    served.get(path, login, headers=accept(path))  # plone.protect may turn its keys at a first request
    before = served.portal._p_jar.db().lastTransaction()
    served.get(path, login, headers=accept(path))
    assert served.portal._p_jar.db().lastTransaction() == before
