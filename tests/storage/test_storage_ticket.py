"""Tickets: good for their owner alone."""

from collective.cfprivate.storage.ticket import InvalidTicket
from collective.cfprivate.storage.ticket import opened
from collective.cfprivate.storage.ticket import sealed
from collective.cfprivate.storage.uploads import Upload
from hypothesis import given
from hypothesis import strategies as st

import pytest
import re


NOW = 1_800_000_000
WEEK = 7 * 24 * 3600
UPLOAD = Upload(key="uploads/x/a.mp4", upload_id="2~abc/+=", size=5, content_type="video/mp4", begun=NOW)
TICKET = sealed(UPLOAD, owner="editor at talk", secret="s")


def is_refused(ticket, **changes):
    try:
        opened(ticket, **{"owner": "editor at talk", "secrets": ["s"], "now": NOW, **changes})
    except InvalidTicket:
        return True
    return False


def test_gives_back_the_upload():
    assert opened(TICKET, owner="editor at talk", secrets=["s"], now=NOW) == UPLOAD


def test_is_one_segment_of_an_address():
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", TICKET)


def test_is_good_with_an_older_secret():
    assert not is_refused(TICKET, secrets=["newer", "s"])


@pytest.mark.parametrize("age", [0, WEEK])
def test_is_good_for_a_week(age):
    assert not is_refused(TICKET, now=NOW + age)


@pytest.mark.parametrize(
    "changes",
    [{"owner": "other at talk"}, {"owner": "editor"}, {"secrets": ["other"]}, {"secrets": []}, {"now": NOW + WEEK + 1}],
    ids=["user", "place", "secret", "no secret", "age"],
)
def test_is_refused_otherwise(changes):
    assert is_refused(TICKET, **changes)


@pytest.mark.parametrize(
    "ticket", ["", ".", "é.é", "\ud800", "x", TICKET[:-1], TICKET + "0", TICKET.upper(), f"={TICKET}"]
)
def test_is_refused_where_it_is_none(ticket):
    assert is_refused(ticket)


@given(st.integers(0, len(TICKET) - 1), st.sampled_from("Aa0-_."))
def test_is_refused_when_a_character_is_changed(position, character):
    changed = TICKET[:position] + character + TICKET[position + 1 :]
    assert changed == TICKET or is_refused(changed)
