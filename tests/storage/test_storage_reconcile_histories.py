"""Random histories of items: a file that an item or a version has is never listed for deletion."""

from collective.cfprivate.storage.bucket import Stored
from collective.cfprivate.storage.reconcile import reconcile
from collective.cfprivate.storage.references import references_of_site
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile

import os
import pytest
import transaction


LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
KEYS = [f"uploads/{number}.mp4" for number in range(8)]
OBJECTS = [Stored(key=key, size=1, modified=0, etag="e") for key in KEYS]
STEPS = st.tuples(
    st.sampled_from(["add", "copy", "attach", "version", "delete", "revert", "check out"]),
    st.integers(0, 7),
    st.sampled_from(KEYS),
)


class History:
    """Does the steps with a site; ``items`` is the model: by name the key of today and those of the versions."""

    def __init__(self, portal):
        self.portal, self.items, self.made = portal, {}, 0

    def do(self, step, number, key):
        if step == "add":
            self.add(key)
        elif self.items:
            name = sorted(self.items)[number % len(self.items)]
            getattr(self, step.replace(" ", "_"))(name, key)

    def new_name(self):
        self.made += 1
        return f"page-{self.made:03}"

    def add(self, key):
        name = self.new_name()
        api.content.create(self.portal, "Document", name, object_key=key)
        # Plone keeps a version of what is made.
        self.items[name] = [key, [key]]

    def copy(self, name, _key):
        target = self.new_name()
        api.content.copy(self.portal[name], self.portal, target)
        # A copy has no history: what Plone may keep of it has the same file.
        self.items[target] = [self.items[name][0], []]

    def attach(self, name, key):
        self.portal[name].object_key = key
        self.items[name][0] = key

    def version(self, name, _key):
        self.portal.portal_repository.save(self.portal[name])
        self.items[name][1].append(self.items[name][0])

    def delete(self, name, _key):
        api.content.delete(self.portal[name])
        del self.items[name]

    def revert(self, name, _key):
        repository = self.portal.portal_repository
        if repository.getHistoryMetadata(self.portal[name]):
            # Which leaves the medium as it is: tests/access/test_access_revisions.py.
            repository.revert(self.portal[name], 0)

    def check_out(self, name, key):
        policy = ICheckinCheckoutPolicy(self.portal[name])
        if policy.getWorkingCopy() is None and policy.getBaseline() is None:
            copy = policy.checkout(self.portal)
            copy.object_key = key
            self.items[copy.getId()] = [key, []]

    @property
    def referred(self):
        return {key for today, versions in self.items.values() for key in (today, *versions)}


@pytest.fixture
def site(portal, add_behavior):
    """A site with versions and working copies of pages, each of which may have a medium."""
    applyProfile(portal, "plone.app.iterate:default")
    add_behavior("Document")
    with api.env.adopt_roles(["Manager"]):
        yield portal


@settings(
    max_examples=100 if LONG else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=12))
def test_the_orphans_are_those_that_no_item_and_no_version_has(site, steps):
    begin = transaction.savepoint()
    try:
        history = History(site)
        for step in steps:
            history.do(*step)
        found = reconcile(OBJECTS, references_of_site(), now=31 * 86400, prefix="uploads")
        assert {each.key for each in found.orphans}.isdisjoint(history.referred)
    finally:
        begin.rollback()
