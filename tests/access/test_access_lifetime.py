"""Buckets and caps of a signature's life; the expected times are arithmetic on the rule of docs/access.rst."""

from collective.cfprivate.access.lifetime import expiry

import pytest


@pytest.mark.parametrize(
    ("now", "lifetime", "expected"),
    [
        (1_700_000_000, 3600, 1_700_003_400),  # B = 300: 1700003600 // 300 * 300
        (1_700_000_000, 100_000, 1_700_100_000),  # B stays 300 for long lives; 1700100000 is a multiple
        (1_700_000_007, 100, 1_700_000_100),  # B = 10: 1700000107 down to ...100
        (1_700_000_007, 5, 1_700_000_012),  # B = 1: nothing to round
        (1_700_000_007, 1, 1_700_000_008),
    ],
)
def test_rounds_down_to_a_bucket(now, lifetime, expected):
    assert expiry(now, lifetime) == expected


def test_moments_within_a_bucket_share_an_expiry():
    assert len({expiry(now, 3600) for now in range(1_700_000_100, 1_700_000_400)}) == 1


def test_the_next_bucket_has_another_expiry():
    assert expiry(1_700_000_400, 3600) == expiry(1_700_000_100, 3600) + 300


@pytest.mark.parametrize("lifetime", [1, 9, 10, 60, 3000, 3600, 86400])
def test_at_most_a_bucket_is_lost(lifetime):
    now = 1_700_000_299
    assert expiry(now, lifetime) > now + lifetime - max(1, min(lifetime // 10, 300))


def test_a_cap_ends_it_earlier():
    assert expiry(1_700_000_000, 3600, cap=1_700_000_060) == 1_700_000_060


def test_a_later_cap_changes_nothing():
    assert expiry(1_700_000_000, 3600, cap=1_800_000_000) == 1_700_003_400
