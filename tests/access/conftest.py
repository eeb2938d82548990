"""What several tests of the room use."""

from collective.cfprivate.access.grant import grant
from plone import api

import pytest


NOW = 1_800_000_000
VIEWER = "8.8.8.8"


@pytest.fixture
def ask():
    """A function that asks for a grant as somebody who holds the roles given, and no more."""

    def ask_for(item, *roles, action="stream", now=NOW, address=VIEWER):
        with api.env.adopt_roles([*roles, "Anonymous"]):
            return grant(item, action=action, now=now, address=address)

    return ask_for


@pytest.fixture
def rule(portal):
    """A function that keeps one rule for a state."""

    def keep(state, workflow="protected_media_workflow", **values):
        api.portal.set_registry_record("collective.cfprivate.state_rules", {workflow: {state: values}})

    return keep


@pytest.fixture
def setting(portal):
    """A function that changes a setting of the site."""
    return lambda name, value: api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
