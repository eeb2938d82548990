"""What the tests of guest links share."""

from collective.cfprivate.guests import store
from plone import api

import json
import pytest
import time
import transaction


LOGGER = "collective.cfprivate.audit"


@pytest.fixture
def editor(served, add_user):
    """The login of somebody who holds Delegate on the video, and the right to watch it."""
    api.user.grant_roles(username=add_user("editor"), roles=["Editor"], obj=served.item)
    transaction.commit()
    return "editor"


@pytest.fixture
def make(served, editor):
    """A function that makes a guest link in the name of the editor, and gives its token."""

    def make(ends_in=3600, item=None, now=None):
        now = int(time.time()) if now is None else now
        item = served.item if item is None else item
        token, _link = store.make(item, note="The jury", maker=editor, now=now, ends=now + ends_in)
        transaction.commit()
        return token

    return make


@pytest.fixture
def move(served):
    """A function that moves the video into a state."""

    def move(state):
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(served.item, to_state=state)
        transaction.commit()

    return move


@pytest.fixture
def lines(caplog):
    """A function that gives what the audit log says since it was asked last."""
    caplog.set_level("INFO", logger=LOGGER)

    def read():
        found = [json.loads(record.getMessage()) for record in caplog.records if record.name == LOGGER]
        caplog.clear()
        return found

    return read
