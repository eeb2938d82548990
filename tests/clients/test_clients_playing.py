"""Twenty players go on playing while the key is rotated ten times, and none of them notices."""

from clients.audience import Audience
from clients.rotating import activate
from clients.rotating import go_back
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import time


PLAYERS = 20
ROTATIONS = 10
ACTIVATED = "The new key signs now."
WENT_BACK = "The previous key signs again."


class Rotated(NamedTuple):
    """When a rotation was asked for and confirmed, the key that signs since then, and what the page said."""

    asked: float
    confirmed: float
    key_id: str
    page: str


@pytest.fixture(scope="module")
def show(installation, both):
    """All plays and all rotations; new keys and ways back take turns, and so do the clients on which they are done."""
    first_key = both[0].signs_with()
    new_keys = [installation.new_key() for _ in range(ROTATIONS // 2)]
    keys = [key for new_key in new_keys for key in (new_key, None)]
    with Audience(installation, both, PLAYERS) as audience:
        rotations = []
        for number, key in enumerate(keys):
            audience.wait_for_a_play_of_each()
            rotations.append(rotate(both[number // 2 % 2], key, back_to=first_key))
        audience.wait_for_a_play_of_each()
    return SimpleNamespace(
        plays=audience.plays, rotations=rotations, keys={first_key, *(key.key_id for key in new_keys)}
    )


def rotate(client, key, *, back_to):
    asked = time.monotonic()
    page = activate(client, key) if key else go_back(client)
    return Rotated(asked, time.monotonic(), key.key_id if key else back_to, page)


def test_the_key_was_rotated_ten_times(show):
    told = [ACTIVATED, WENT_BACK] * (ROTATIONS // 2)
    assert [sentence in rotated.page for sentence, rotated in zip(told, show.rotations, strict=True)] == [True] * 10


def test_not_one_signed_url_is_refused(show):
    assert {status for play in show.plays for status in play.statuses} == {206}


def test_every_player_played_between_any_two_rotations(show):
    assert len(show.plays) >= PLAYERS * (ROTATIONS + 1)
    assert {play.player for play in show.plays} == set(range(PLAYERS))


def test_both_clients_were_asked(show):
    assert {play.client for play in show.plays} == {"first", "second"}


def test_every_key_has_signed(show):
    assert len(show.keys) == 1 + ROTATIONS // 2
    assert {play.key_id for play in show.plays} == show.keys


@pytest.mark.parametrize("number", range(ROTATIONS))
def test_what_is_asked_after_a_rotation_is_signed_with_the_new_key(show, number):
    """In whichever client: its requests begin after the change has reached it."""
    rotated = show.rotations[number]
    end = min((later.asked for later in show.rotations[number + 1 :]), default=float("inf"))
    after = [play for play in show.plays if rotated.confirmed < play.asked and play.answered < end]
    assert {play.key_id for play in after} == {rotated.key_id}
    assert {play.player for play in after} == set(range(PLAYERS))
