"""The player for a frame in another page: who may frame it, what it says, and the code to copy."""

from bs4 import BeautifulSoup
from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api

import pytest
import transaction


EMBED = "talk/@@embed"
ANCESTORS = "collective.cfprivate.embed_ancestors"


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def allow(served):
    """A function that lets these sites embed players."""

    def allow(*origins):
        api.portal.set_registry_record(ANCESTORS, origins)
        transaction.commit()

    return allow


@pytest.fixture
def in_state(served):
    """A function that moves the video into a state."""

    def move(state):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(served.item, to_state=state)
        transaction.commit()

    return move


class TestHidden:
    """An item that the visitor may not even view."""

    @pytest.fixture(autouse=True)
    def hidden(self, in_state):
        in_state("private")

    @pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403)])
    def test_is_refused_in_the_frame(self, served, login, status):
        answer = served.get(EMBED, login)
        assert (answer.status_code, page(answer).h1.text) == (status, "Protected medium")

    @pytest.mark.parametrize("login", [None, "member"])
    def test_is_told_nothing_of(self, served, login):
        assert "A talk" not in served.get(EMBED, login).text

    def test_shows_no_form(self, served):
        assert page(served.get(EMBED)).select("form, input") == []

    def test_is_framed_by_no_other_site(self, served):
        assert served.get(EMBED).headers["Content-Security-Policy"] == "frame-ancestors 'self'"


class TestFrame:
    def test_is_for_this_site_alone_at_first(self, served):
        assert served.get(EMBED).headers["Content-Security-Policy"] == "frame-ancestors 'self'"

    def test_is_for_the_sites_that_are_named(self, served, allow):
        allow("https://partner.example.org", "https://other.example.org:8443")
        policy = served.get(EMBED, "viewer").headers["Content-Security-Policy"]
        assert policy == "frame-ancestors 'self' https://partner.example.org https://other.example.org:8443"

    def test_other_pages_say_nothing_of_other_sites(self, served, allow):
        allow("https://partner.example.org")
        assert "partner.example.org" not in str(served.get("talk").headers)


class TestPlayer:
    def test_is_all_there_is(self, served):
        answer = served.get(EMBED, "viewer")
        assert (answer.status_code, answer.headers["X-Theme-Disabled"]) == (200, "1")

    def test_is_signed(self, served):
        sources = page(served.get(EMBED, "viewer")).select("cfprivate-player video source")
        assert ["Signature=" in source["src"] for source in sources] == [True]

    def test_is_renewed(self, served):
        player = page(served.get(EMBED, "viewer")).find("cfprivate-player")
        assert player["data-playback"] == f"{served.url}/talk/@playback"

    def test_plays_for_everyone_what_is_public(self, served, in_state):
        in_state("public")
        assert page(served.get(EMBED)).find("cfprivate-player") is not None

    def test_is_kept_out_of_caches(self, served):
        assert served.get(EMBED, "viewer").headers["Cache-Control"] == "private, no-store"

    def test_has_no_script_within_the_page(self, served):
        assert {script.text.strip() for script in page(served.get(EMBED, "viewer")).select("script")} == {""}

    def test_has_no_length_but_that_of_the_page_for_head(self, served):
        assert served.get(EMBED, "viewer", method="HEAD").content == b""


class TestRefusal:
    @pytest.mark.parametrize(
        ("login", "status", "sentence"),
        [
            (None, 401, "Log in to watch this."),
            ("member", 403, "Your account does not include watching this."),
        ],
    )
    def test_says_why(self, served, login, status, sentence):
        answer = served.get(EMBED, login)
        assert (answer.status_code, sentence in page(answer).select_one(".cfprivate-refusal").text) == (status, True)

    def test_leads_to_the_page_in_a_tab_of_its_own(self, served):
        link = page(served.get(EMBED)).select_one(".cfprivate-refusal a")
        assert (link["href"], link["target"]) == (f"{served.url}/talk", "_blank")

    def test_of_an_item_without_a_medium_is_not_found(self, served):
        IProtectedMedia(served.item).object_key = None
        transaction.commit()
        assert served.get(EMBED, "viewer").status_code == 404

    def test_has_no_log_in_form_within_the_frame(self, served):
        assert "/login" not in served.get(EMBED).text


class TestCode:
    @pytest.fixture
    def shown(self, served):
        """A function that gives the part of the item's page with the code."""
        return lambda login="manager": page(served.get("talk", login)).select_one(".cfprivate-embed-code")

    def test_is_a_frame_with_the_player(self, served, shown):
        frame = BeautifulSoup(shown().textarea.text, "html.parser").iframe
        assert (frame["src"], frame["title"]) == (f"{served.url}/{EMBED}", "A talk")

    def test_a_title_is_no_markup(self, served, shown):
        served.item.title = '"><script>alert(1)</script>'
        transaction.commit()
        code = BeautifulSoup(shown().textarea.text, "html.parser")
        assert (code.iframe["title"], code.script) == (served.item.title, None)

    @pytest.mark.parametrize("login", [None, "member", "viewer"])
    def test_is_for_who_manages_media(self, shown, login):
        assert shown(login) is None

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            ("public", "Everyone may watch this item, so that it plays in other sites, too."),
            ("members", "In a page of another site nobody is logged in to this one."),
            ("confidential", "In a page of another site nobody is logged in to this one."),
        ],
    )
    def test_tells_who_watches_there(self, shown, in_state, state, sentence):
        in_state(state)
        assert sentence in shown().text

    def test_tells_that_only_this_site_may(self, shown):
        assert "Only pages of this site may embed it." in shown().text

    def test_names_the_sites_that_may(self, shown, allow):
        allow("https://partner.example.org")
        assert [line.text for line in shown().select("li")] == ["https://partner.example.org"]
