"""Opening a site for a command: what happens when its changes are to be kept."""

from collective.cfprivate import open_site
from collective.cfprivate.exceptions import ChangedMeanwhile
from collective.cfprivate.exceptions import NotConfirmed
from types import SimpleNamespace
from ZEO.Exceptions import ClientDisconnected
from ZODB.POSException import ConflictError

import pytest
import transaction


WHERE = {"zope_conf": "zope.conf", "site": "Plone", "user": "admin", "permission": "View"}


@pytest.fixture
def ended(monkeypatch):
    """How the transactions ended, where nothing but the end of a command is real."""
    ends = []
    app = SimpleNamespace(_p_jar=SimpleNamespace(close=lambda: ends.append("closed")))
    monkeypatch.setattr(open_site, "_open_database", lambda zope_conf: app)
    for name in ("_find_site", "_log_in", "_check_permission"):
        monkeypatch.setattr(open_site, name, lambda *args: None)
    monkeypatch.setattr(transaction, "commit", lambda: ends.append("committed"))
    monkeypatch.setattr(transaction, "abort", lambda: ends.append("aborted"))
    return ends


def test_what_a_command_changed_is_kept(ended):
    with open_site.open_site(**WHERE):
        pass
    assert ended[0] == "committed"


def test_of_a_command_that_fails_nothing_is_kept(ended):
    with pytest.raises(ZeroDivisionError), open_site.open_site(**WHERE):
        raise ZeroDivisionError
    assert ended == ["aborted", "closed"]


@pytest.mark.parametrize(
    ("error", "told", "sentence"),
    [
        (ConflictError, ChangedMeanwhile, "nothing was done: run the command again"),
        (ClientDisconnected, NotConfirmed, "it is not known whether this was done"),
    ],
)
def test_a_commit_that_fails_says_what_that_means(ended, monkeypatch, error, told, sentence):
    def fail():
        raise error

    monkeypatch.setattr(transaction, "commit", fail)
    with pytest.raises(told, match=sentence), open_site.open_site(**WHERE):
        pass
    assert ended == ["aborted", "closed"]
