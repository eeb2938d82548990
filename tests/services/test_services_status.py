"""``@cfprivate-status``: configured or what is missing, for who may configure."""

from collective.cfprivate.interfaces import IKeyRing
from zope.component import getUtility

import pytest
import requests
import time
import transaction


DAY = 86400


@pytest.fixture
def ask(functional_portal, add_user):
    """A function that asks for the status as an account of that role, or as nobody."""

    def answer(role="Manager"):
        auth = None
        if role:
            auth = (add_user("somebody", role), "secret-of-somebody")
        transaction.commit()
        url = f"{functional_portal.absolute_url()}/@cfprivate-status"
        return requests.get(url, auth=auth, headers={"Accept": "application/json"}, timeout=60)

    return answer


@pytest.mark.parametrize(
    ("role", "status"), [("Manager", 200), ("Site Administrator", 401), ("Editor", 401), ("Member", 401), (None, 401)]
)
def test_is_for_who_may_configure(ask, role, status):
    assert ask(role).status_code == status


def test_says_what_is_missing(ask):
    status = ask().json()
    assert (status["configured"], len(status["problems"])) == (False, 2)


def test_says_that_all_is_there(ask, configure):
    configure()
    status = ask().json()
    assert (status["configured"], status["problems"], status["notes"]) == (True, [], [])


def test_names_the_keys(ask, configure, signing_key):
    configure()
    keys = ask().json()["keys"]
    assert (keys["active"]["fingerprint"], keys["next"], keys["previous"]) == (signing_key.fingerprint, None, None)


def test_tells_until_when_an_old_key_is_needed(ask, configure, signing_key):
    configure()
    ring = getUtility(IKeyRing)
    ring.generate_next("EC")
    ring.rename("K3", "next")
    now = int(time.time())
    ring.activate(now)
    assert ask().json()["retired"] == [
        {"key_id": signing_key.key_id, "fingerprint": signing_key.fingerprint, "leaves": now + DAY}
    ]


def test_a_legacy_id_is_advised_against(ask, configure):
    configure()
    getUtility(IKeyRing).rename("APKAEXAMPLE")
    assert "rotate to a key with an id that begins with K" in ask().json()["notes"][0]


def test_a_locked_key_is_told_with_the_reason(ask, configure, monkeypatch):
    configure()
    monkeypatch.setenv("CFPRIVATE_SECRET", "another-secret-that-sealed-no-key-at-all")
    status = ask().json()
    assert (status["configured"], "encrypted with another secret" in status["problems"][0]) == (False, True)


def test_is_kept_by_no_cache(ask):
    assert ask().headers["Cache-Control"] == "private, no-store"


def test_holds_nothing_of_the_private_key(ask, configure, signing_key):
    configure()
    answer = ask().text
    assert [line for line in signing_key.private_pem().splitlines()[1:-1] if line in answer] == []
