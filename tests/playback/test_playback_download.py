"""Saving a medium: the stable link with ``?download=1``, the button, and what REST tells of them."""

from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
import time
import transaction


JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html"}
LINK = "talk/@@media?download=1"


def allow_viewers(portal):
    rules = {"protected_media_workflow": {"restricted": {"download": True}}}
    api.portal.set_registry_record("collective.cfprivate.state_rules", rules)
    transaction.commit()


@pytest.fixture
def location(served):
    """A function that gives where a Manager is sent to save the file of this object key."""

    def ask(key="talks/2026/a talk.mp4"):
        IProtectedMedia(served.item).object_key = key
        transaction.commit()
        return served.get(LINK, "manager").headers["Location"]

    return ask


class TestSigned:
    def test_has_a_signature_that_covers_the_disposition(self, location, signing_key):
        verify = Verifier({signing_key.key_id: signing_key.public_pem}).verify
        assert "response-content-disposition=" in verify(location(), now=int(time.time())).resource

    @pytest.mark.parametrize(
        ("key", "disposition"),
        [
            ("talks/2026/a talk.mp4", "attachment; filename*=UTF-8''a%20talk.mp4"),
            ("talk.mp4", "attachment; filename*=UTF-8''talk.mp4"),
            ("講演/ビデオ.mp4", "attachment; filename*=UTF-8''%E3%83%93%E3%83%87%E3%82%AA.mp4"),
            ('talks/a"; x=y.mp4', "attachment; filename*=UTF-8''a%22%3B%20x%3Dy.mp4"),
            ("talks/a&b+c%20d.mp4", "attachment; filename*=UTF-8''a%26b%2Bc%2520d.mp4"),
        ],
    )
    def test_names_the_file_as_rfc_6266_has_it(self, location, key, disposition):
        assert parse_qs(urlsplit(location(key)).query)["response-content-disposition"] == [disposition]

    def test_is_kept_out_of_caches(self, served):
        assert served.get(LINK, "manager").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403), ("viewer", 403)])
class TestOthers:
    def test_are_refused(self, served, login, status):
        assert served.get(LINK, login, headers={"Accept": "*/*"}).status_code == status

    def test_get_no_signature(self, served, login, status):
        answer = served.get(LINK, login, headers={"Accept": "*/*"})
        assert "Signature=" not in answer.text + str(answer.headers)


def test_anonymous_comes_back_to_the_download_after_logging_in(served):
    assert served.get(LINK, headers=HTML).headers["Location"].endswith("%40%40media%3Fdownload%3D1")


@pytest.mark.parametrize("value", ["0", "", "yes", "11"])
def test_any_other_value_plays(served, value):
    location = served.get(f"talk/@@media?download={value}", "viewer").headers["Location"]
    assert "response-content-disposition" not in location


@pytest.mark.parametrize(("login", "offered"), [("manager", True), ("viewer", False)])
class TestOffer:
    def test_is_in_the_json(self, served, login, offered):
        link = f"{served.url}/{LINK}" if offered else None
        assert served.get("talk/@playback", login, headers=JSON).json()["download"] == link

    def test_is_a_button_on_the_page(self, served, login, offered):
        assert ("Download the video" in served.get("talk", login, headers=HTML).text) is offered


class TestWhereTheStateLetsViewersDownload:
    @pytest.fixture(autouse=True)
    def _allowed(self, served):
        allow_viewers(served.portal)

    def test_they_are_sent_to_the_file(self, served):
        assert served.get(LINK, "viewer").status_code == 302

    def test_they_are_told_of_it(self, served):
        assert served.get("talk/@playback", "viewer", headers=JSON).json()["download"] == f"{served.url}/{LINK}"

    def test_a_member_still_is_not(self, served):
        assert served.get(LINK, "member", headers={"Accept": "*/*"}).status_code == 403


def test_the_json_tells_the_duration(served):
    served.item.duration = 12
    transaction.commit()
    assert served.get("talk/@playback", "viewer", headers=JSON).json()["duration"] == 12
