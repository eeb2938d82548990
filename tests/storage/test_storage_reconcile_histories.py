"""Random histories of items: a file that an item or a version has is never listed for deletion."""

from collective.cfprivate.storage.bucket import Stored
from collective.cfprivate.storage.reconcile import reconcile
from collective.cfprivate.storage.references import references_of_site
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import settings
from hypothesis import strategies as st
from itertools import count
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile

import os
import pytest


LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
NAMES = [f"{number}.mp4" for number in range(6)]
STEPS = st.tuples(
    st.sampled_from(["add", "copy", "attach", "version", "delete", "revert", "check_out"]),
    st.integers(0, 7),
    st.sampled_from(NAMES),
)
EXAMPLES = count(1)


class History:
    """Does steps in a folder of a site; ``items`` is the model: by name the key of today and those of the versions.

    ``known`` are all keys that were ever given to an item.
    """

    def __init__(self, folder, prefix):
        self.folder, self.prefix, self.items, self.known, self.made = folder, prefix, {}, set(), 0

    def do(self, step, number, name):
        key = f"{self.prefix}/{name}"
        if step == "add":
            self.add(key)
        elif self.items:
            getattr(self, step)(sorted(self.items)[number % len(self.items)], key)

    def new_name(self):
        self.made += 1
        return f"page-{self.made:03}"

    def give(self, name, key):
        self.known.add(key)
        self.items[name][0] = key

    def add(self, key):
        name = self.new_name()
        api.content.create(self.folder, "Document", name, object_key=key)
        self.items[name] = [key, []]
        self.give(name, key)

    def copy(self, name, _key):
        target = self.new_name()
        api.content.copy(self.folder[name], self.folder, target)
        self.items[target] = [self.items[name][0], []]

    def attach(self, name, key):
        self.folder[name].object_key = key
        self.give(name, key)

    def version(self, name, _key):
        self.folder.portal_repository.save(self.folder[name])
        self.items[name][1].append(self.items[name][0])

    def delete(self, name, _key):
        if ICheckinCheckoutPolicy(self.folder[name]).getWorkingCopy() is not None:
            # Which locks it.
            return
        api.content.delete(self.folder[name], check_linkintegrity=False)
        del self.items[name]

    def revert(self, name, _key):
        """Which leaves the medium as it is: tests/access/test_access_revisions.py."""
        repository = self.folder.portal_repository
        if len(repository.getHistoryMetadata(self.folder[name])):
            repository.revert(self.folder[name], 0)

    def check_out(self, name, key):
        policy = ICheckinCheckoutPolicy(self.folder[name])
        if policy.getWorkingCopy() is None and policy.getBaseline() is None:
            working_copy = policy.checkout(self.folder)
            working_copy.object_key = key
            self.items[working_copy.getId()] = [key, []]
            self.give(working_copy.getId(), key)

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
    max_examples=100 if LONG else 10,
    deadline=None,
    # A history that fails is long, but each shorter one takes a second.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=12, max_size=40))
def test_the_orphans_are_among_those_that_no_item_and_no_version_has(site, steps):
    # Each history has a folder of its own, here and in the bucket: what others have left behind is nothing to it.
    name = f"history-{next(EXAMPLES)}"
    history = History(api.content.create(site, "Folder", name), name)
    for step in steps:
        history.do(*step)
    objects = [Stored(key=f"{name}/{each}", size=1, modified=0, etag="e") for each in NAMES]
    found = reconcile(objects, references_of_site(), now=31 * 86400, prefix=name)
    orphans = {each.key for each in found.orphans}
    assert orphans.isdisjoint(history.referred)
    assert orphans.issuperset({each.key for each in objects} - history.known)
