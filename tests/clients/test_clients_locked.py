"""A client without the secret, or with another one: it says so, signs nothing, changes nothing, and comes back."""

from bs4 import BeautifulSoup
from clients.rotating import activate
from clients.rotating import opened
from clients.rotating import PAGE
from clients.rotating import press
from clients.zope_client import TALK
from types import SimpleNamespace

import pytest


PANEL = "@@cfprivate-controlpanel"
KINDS = ["missing", "wrong"]
REASON = {
    "missing": "The stored key is locked, because Zope has no secret to open it: give Zope the secret that was in force",
    "wrong": "The stored key was encrypted with another secret: give Zope the secret that was in force",
}
ENVIRON = {"missing": {}, "wrong": {"CFPRIVATE_SECRET": "another-secret-that-sealed-no-key-at-all"}}
NO_SECRET = "Zope has no secret with which to encrypt the private key. Make one with"
NOTICE = "This medium cannot be shown at the moment."


@pytest.fixture(scope="module")
def locked(installation, first, second):
    """The two clients by kind. The site has two keys when they are asked, and both are sealed with the right secret."""
    clients = {kind: installation.start_client(kind, **ENVIRON[kind]) for kind in KINDS}
    activate(second, installation.new_key())
    return {kind: client.wait() for kind, client in clients.items()}


@pytest.fixture(scope="module")
def before(locked, first):
    """What the ring holds before anything is tried in a locked client."""
    return SimpleNamespace(keys=first.shown_keys(), signs_with=first.signs_with())


def text_of(page):
    return " ".join(BeautifulSoup(page, "html.parser").text.split())


# what it tells


@pytest.mark.parametrize("kind", KINDS)
def test_the_panel_says_why_nothing_can_be_watched(locked, kind):
    assert f"Nothing protected can be watched yet: {REASON[kind]}" in text_of(locked[kind].get(PANEL, "manager").text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_panel_still_shows_which_key_is_stored(locked, before, kind):
    assert locked[kind].shown_keys() == before.keys


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_answers_503(locked, kind):
    answer = locked[kind].playback()
    assert (answer.status_code, answer.json()) == (503, {"type": "not-configured", "message": NOTICE})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_the_stable_link_answers_503(locked, kind, accept):
    answer = locked[kind].get(f"{TALK}/@@media", "viewer", headers={"Accept": accept}, allow_redirects=False)
    assert answer.status_code == 503
    assert NOTICE in text_of(answer.text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("login", ["manager", "viewer"])
def test_the_page_of_the_item_stays_with_a_notice(locked, kind, login):
    answer = locked[kind].get(TALK, login)
    assert answer.status_code == 200
    assert NOTICE in text_of(answer.text)
    assert "Signature=" not in answer.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("login", "told"), [("manager", True), ("viewer", False)])
def test_only_who_may_mend_it_is_told_the_reason(locked, kind, login, told):
    assert (REASON[kind] in text_of(locked[kind].get(TALK, login).text)) is told


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_not_watch_is_not_told_of_keys(locked, kind):
    """The refusal comes first: a visitor is sent to the log-in form."""
    assert locked[kind].playback(login=None).status_code == 401


# what it does not do


@pytest.mark.parametrize("page", [PANEL, PAGE])
def test_without_a_secret_a_pasted_key_is_refused(installation, locked, before, page):
    client = locked["missing"]
    key = installation.new_key()
    button = {PANEL: "form.buttons.save", PAGE: "form.buttons.paste"}[page]
    entered = {"form.widgets.private_key": key.private_pem()}
    answer = client.press(page, client.get(page, "manager").text, button, **entered)
    assert answer.status_code == 200
    assert NO_SECRET in text_of(answer.text)


def test_without_a_secret_no_key_is_made(locked):
    page = press(locked["missing"], opened(locked["missing"]), "make", algorithm="EC")
    assert NO_SECRET in text_of(page)


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_no_way_back_to_a_locked_key(locked, kind):
    page = press(locked[kind], opened(locked[kind]), "back")
    assert REASON[kind] in text_of(page)


@pytest.mark.parametrize("kind", KINDS)
def test_the_id_of_a_locked_key_is_not_changed(locked, kind):
    client = locked[kind]
    entered = {"form.widgets.key_id": "KRENAMED"}
    answer = client.press(PANEL, client.get(PANEL, "manager").text, "form.buttons.save", **entered)
    assert "There were some errors." in text_of(answer.text)


def test_no_secret_is_made(installation, locked):
    """One was, beside the Data.fs, before there were several clients."""
    assert list(installation.folder.rglob("*secret*")) == [installation.secret_file]


def test_the_ring_is_as_it_was(first, before):
    assert first.shown_keys() == before.keys


@pytest.mark.parametrize("client", ["first", "second"])
def test_the_clients_with_the_secret_go_on_signing(request, installation, before, client):
    assert installation.signed_by(request.getfixturevalue(client)) == (before.signs_with, 206)


# and when the secret is there


@pytest.fixture(scope="module")
def restored(installation, locked, before):
    """The client that had no secret, started again with the right one."""
    return locked["missing"].restart(**installation.right_secret).wait()


def test_it_signs_again(installation, restored, before):
    assert installation.signed_by(restored) == (before.signs_with, 206)


def test_its_panel_has_no_complaint_left(restored):
    assert "Protected media can be signed." in text_of(restored.get(PANEL, "manager").text)
