"""Types that get the behavior, and people who meet it."""

from plone import api

import pytest
import transaction


BEHAVIOR = "collective.cfprivate.protected_media"


@pytest.fixture
def give_behavior():
    """A function that puts the behavior on a type of the current site, as the Types control panel does."""

    def give(portal_type):
        fti = api.portal.get_tool("portal_types")[portal_type]
        fti.manage_changeProperties(behaviors=(*fti.behaviors, BEHAVIOR))

    return give


@pytest.fixture
def create(portal):
    """A function that makes content as the staff would."""

    def create_content(portal_type, container=portal, **values):
        with api.env.adopt_roles(["Manager"]):
            return api.content.create(container, portal_type, title="A thing", **values)

    return create_content


@pytest.fixture
def people(served, add_user):
    """The served site with one account for each local role on the video; the login is the role in lower case."""
    for role in ("Owner", "Reader", "Reviewer", "Editor", "Contributor"):
        add_user(role.lower())
        api.user.grant_roles(username=role.lower(), roles=[role], obj=served.item)
    served.item.poster = "posters/secretposter.jpg"
    served.item.object_key = "talks/secretword.mp4"
    served.item.reindexObject()
    transaction.commit()
    return served
