"""What one Zope client changes counts in the other from its next request on: no restart, no cache by time."""

from clients.rotating import activate
from clients.rotating import go_back
from clients.zope_client import key_id_of
from types import SimpleNamespace

import pytest


PANEL = "@@cfprivate-controlpanel"


@pytest.fixture(scope="module")
def rotation(installation, first, second):
    """The first client activates a new key, then the second goes back: each time what both signed next, and the edge."""
    before = second.signs_with()
    new_key = installation.other_key(before)
    seen = SimpleNamespace(before=before, new=new_key.key_id, old_url=second.signed())
    seen.activated = activate(first, new_key)
    seen.second_after_activation = second.signed()
    seen.first_after_activation = first.signed()
    seen.went_back = go_back(second)
    seen.first_after_return = first.signed()
    return seen


def test_the_page_says_that_the_new_key_signs(rotation):
    assert "The new key signs now." in rotation.activated


@pytest.mark.parametrize("client", ["first", "second"])
def test_every_client_signs_with_the_new_key_in_its_next_request(rotation, client):
    assert key_id_of(getattr(rotation, f"{client}_after_activation")) == rotation.new


def test_the_page_says_that_the_previous_key_signs_again(rotation):
    assert "The previous key signs again." in rotation.went_back


def test_the_other_client_goes_back_in_its_next_request(rotation):
    assert key_id_of(rotation.first_after_return) == rotation.before


@pytest.mark.parametrize("url", ["old_url", "second_after_activation", "first_after_activation", "first_after_return"])
def test_the_edge_serves_what_was_signed_before_and_after(installation, rotation, url):
    assert installation.served(getattr(rotation, url)) == 206


def test_a_url_with_another_signature_is_refused_by_that_edge(installation, rotation):
    """Otherwise it would prove nothing that the edge serves the others."""
    signed_by_the_old, signed_by_the_new = rotation.old_url, rotation.second_after_activation
    forged = signed_by_the_new.replace(f"Key-Pair-Id={rotation.new}", f"Key-Pair-Id={rotation.before}")
    assert forged != signed_by_the_new != signed_by_the_old
    assert installation.served(forged) == 403


@pytest.mark.parametrize("lifetime", [600, 3600])
def test_a_setting_that_one_client_saves_counts_in_the_other(first, second, lifetime):
    page = first.get(PANEL, "manager").text
    saved = first.press(PANEL, page, "form.buttons.save", **{"form.widgets.lifetime": str(lifetime)})
    # The end of a URL is rounded down to a tenth of the lifetime, and a second may have gone by.
    assert lifetime - lifetime / 10 - 1 <= second.playback().json()["expires_in"] <= lifetime, saved.text
