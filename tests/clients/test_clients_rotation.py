"""What one Zope client changes counts in the other from its next request on: no restart, no cache by time."""

from clients.rotating import activate
from clients.rotating import go_back
from types import SimpleNamespace

import pytest


PANEL = "@@cfprivate-controlpanel"


@pytest.fixture(scope="module")
def rotation(installation, first, second):
    """The first client activates a new key, then the second goes back: each time the key that signs next, and where."""
    old_url = second.signed()
    before = second.signs_with()
    new_key = installation.new_key()
    seen = SimpleNamespace(before=before, new=new_key.key_id)
    seen.activated = activate(first, new_key)
    seen.in_second = installation.signed_by(second)
    seen.in_first = installation.signed_by(first)
    seen.old_url = installation.served(old_url)
    seen.forged_url = installation.served(old_url.replace(before, new_key.key_id))
    seen.went_back = go_back(second)
    seen.in_first_again = installation.signed_by(first)
    return seen


def test_the_page_says_that_the_new_key_signs(rotation):
    assert "The new key signs now." in rotation.activated


def test_the_other_client_signs_with_the_new_key_in_its_next_request(rotation):
    assert rotation.in_second == (rotation.new, 206)


def test_so_does_the_client_that_was_told(rotation):
    assert rotation.in_first == (rotation.new, 206)


def test_what_the_old_key_signed_still_plays(rotation):
    assert rotation.old_url == 206


def test_the_edge_refuses_what_the_key_that_is_named_did_not_sign(rotation):
    """Otherwise it would prove nothing that it takes the others."""
    assert rotation.forged_url == 403


def test_the_page_says_that_the_previous_key_signs_again(rotation):
    assert "The previous key signs again." in rotation.went_back


def test_the_other_client_goes_back_in_its_next_request(rotation):
    assert rotation.in_first_again == (rotation.before, 206)


@pytest.mark.parametrize("lifetime", [600, 3600])
def test_a_setting_that_one_client_saves_counts_in_the_other(first, second, lifetime):
    page = first.get(PANEL, "manager").text
    saved = first.press(PANEL, page, "form.buttons.save", **{"form.widgets.lifetime": str(lifetime)})
    # The end of a URL is rounded down to a tenth of the lifetime, and a second may have gone by.
    assert lifetime - lifetime / 10 - 1 <= second.playback().json()["expires_in"] <= lifetime, saved.text
