"""What a site refers to, and what is deleted from a real store."""

from collective.cfprivate.exceptions import NotReconciled
from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.examine import examine
from collective.cfprivate.storage.reconcile import abort_left
from collective.cfprivate.storage.reconcile import delete_orphans
from collective.cfprivate.storage.reconcile import left_uploads
from collective.cfprivate.storage.references import keys_in
from collective.cfprivate.storage.references import other_sites_with_bucket
from collective.cfprivate.storage.references import references_of_site
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile
from Products.ZopeVersionControl.ZopeRepository import ZopeRepository
from types import SimpleNamespace
from ZODB.broken import Broken

import os
import pytest
import s3_server
import shutil
import time


DAY = 86400
MANY = int(os.environ.get("RECONCILE_OBJECTS", "10000" if os.environ.get("HYPOTHESIS_PROFILE") == "long" else "500"))
ITEMS = MANY // 5


@pytest.fixture
def store(s3):
    """A function that puts an object into the bucket, as old as is said; the bucket is empty at the end."""

    def put(key, *, days=31):
        path = s3.bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")
        os.utime(path, (time.time() - days * DAY,) * 2)

    yield put
    for each in s3.bucket.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


@pytest.fixture
def make(portal):
    """A function that makes a video below the site as a manager does."""

    def make_one(name, key=None, container=portal, **fields):
        with api.env.adopt_roles(["Manager"]):
            return api.content.create(
                container, "Protected Video", name, object_key=key or f"uploads/{name}.mp4", **fields
            )

    return make_one


def delete(item):
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(item)


def orphans(bucket):
    return [each.key for each in examine(bucket, now=time.time()).orphans]


def refers(key):
    return key in references_of_site()


class TestReferences:
    @pytest.mark.parametrize(
        "fields",
        [
            {"poster": "uploads/x.jpg"},
            {"renditions": ("uploads/x.jpg",)},
            {"renditions": ("uploads/x.jpg 800w",)},
            {"tracks": [{"language": "en", "object_key": "uploads/x.jpg"}]},
        ],
        ids=lambda fields: next(iter(fields)),
    )
    def test_are_of_all_fields(self, make, fields):
        item = make("a")
        # As kept: what the form would refuse is a reference all the same.
        vars(item).update(fields)
        item._p_changed = True
        assert refers("uploads/x.jpg")

    def test_are_of_private_items_in_folders(self, portal, make):
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder")
        make("a", container=folder)
        assert refers("uploads/a.mp4")

    def test_are_of_items_that_the_catalog_lost(self, portal, make):
        make("a")
        portal.portal_catalog.manage_catalogClear()
        assert refers("uploads/a.mp4")

    def test_are_of_items_whose_type_lost_the_behavior(self, portal, make):
        make("a")
        portal.portal_types["Protected Video"].manage_changeProperties(behaviors="plone.dublincore")
        assert refers("uploads/a.mp4")

    def test_are_of_the_site_itself(self, portal):
        portal._cfprivate_object_key = "uploads/a.mp4"
        assert refers("uploads/a.mp4")

    def test_are_of_old_versions(self, versioned):
        item = versioned("uploads/old.mp4", "uploads/new.mp4")
        assert (item.object_key, refers("uploads/old.mp4")) == ("uploads/new.mp4", True)

    def test_are_none_of_versions_of_deleted_items(self, versioned):
        # CMFEditions purges them.
        delete(versioned("uploads/old.mp4", "uploads/new.mp4"))
        assert not refers("uploads/old.mp4")

    def test_are_none_of_purged_versions(self, portal, versioned):
        item = versioned("uploads/old.mp4", "uploads/new.mp4")
        with api.env.adopt_roles(["Manager"]):
            portal.portal_repository.purge(item, 0)
        assert not refers("uploads/old.mp4")

    def test_are_of_working_copies(self, portal, make):
        applyProfile(portal, "plone.app.iterate:default")
        with api.env.adopt_roles(["Manager"]):
            copy = ICheckinCheckoutPolicy(make("a")).checkout(portal)
        copy.object_key = "uploads/copy.mp4"
        assert refers("uploads/copy.mp4")

    def test_are_of_copies(self, portal, make):
        item = make("a")
        with api.env.adopt_roles(["Manager"]):
            api.content.copy(item, portal, "b")
        delete(item)
        assert refers("uploads/a.mp4")

    def test_are_none_of_what_is_deleted(self, make):
        delete(make("a"))
        assert not refers("uploads/a.mp4")


class TestDoubt:
    def test_is_a_broken_item(self):
        with pytest.raises(NotReconciled, match="/Plone/a"):
            list(keys_in(Broken(), "/Plone/a"))

    @pytest.mark.parametrize(
        "fields", [{"tracks": ["text"]}, {"renditions": 1}, {"renditions": "text"}, {"object_key": 1}], ids=str
    )
    def test_is_an_item_with_other_values(self, make, fields):
        vars(make("a")).update(fields)
        with pytest.raises(NotReconciled, match="/plone/a"):
            references_of_site()

    def test_is_what_the_catalog_lists_and_is_nowhere(self, portal, make):
        make("a")
        portal.portal_catalog.unrestrictedSearchResults()
        # Without the events that would tell the catalog.
        portal._delObject("a", suppress_events=True)
        with pytest.raises(NotReconciled, match="/plone/a"):
            references_of_site()

    def test_is_a_version_that_does_not_load(self, portal, versioned, monkeypatch):
        versioned("uploads/old.mp4", "uploads/new.mp4")
        monkeypatch.setattr(ZopeRepository, "getVersionOfResource", lambda *_: 1 / 0)
        with pytest.raises(NotReconciled, match="version 0"):
            references_of_site()

    @pytest.mark.parametrize(("named", "count"), [("media", 1), ("other", 0), ("", 0)])
    def test_is_another_site_with_the_bucket(self, portal, monkeypatch, named, count):
        from collective.cfprivate.storage import references

        api.portal.set_registry_record("collective.cfprivate.s3_bucket", "media" if named else "")
        records = {"collective.cfprivate.s3_bucket": SimpleNamespace(value=named)}
        other = SimpleNamespace(portal_registry=SimpleNamespace(records=records), getPhysicalPath=lambda: ("", "other"))
        monkeypatch.setattr(references, "_sites", lambda root: [portal, other])
        assert len(other_sites_with_bucket()) == count

    def test_is_a_bucket_that_does_not_answer(self, portal, s3):
        gone = Bucket(s3_server.BUCKET, s3_server.REGION, "http://127.0.0.1:9")
        with pytest.raises(StorageUnavailable):
            examine(gone, now=time.time())

    def test_is_a_list_that_breaks_off(self, portal, bucket, store, monkeypatch):
        store("uploads/a.mp4")

        def broken_off(self, prefix=""):
            yield bucket.head("uploads/a.mp4")
            raise StorageUnavailable("broken off")

        monkeypatch.setattr(Bucket, "objects", broken_off)
        with pytest.raises(StorageUnavailable):
            examine(bucket, now=time.time())

    def test_is_a_bucket_with_nothing_of_the_site(self, make, bucket, store):
        make("a")
        store("uploads/b.mp4")
        with pytest.raises(NotReconciled):
            examine(bucket, now=time.time())


class TestStore:
    def test_keeps_the_object_of_an_item_that_is_deleted(self, make, s3, store):
        item = make("a")
        store("uploads/a.mp4")
        delete(item)
        assert (s3.bucket / "uploads/a.mp4").exists()

    def test_has_no_orphan_while_the_object_is_young(self, make, bucket, store):
        store("uploads/a.mp4", days=29)
        delete(make("a"))
        assert orphans(bucket) == []

    def test_loses_the_orphan_and_nothing_else(self, make, bucket, s3, store):
        make("a")
        for key in ("uploads/a.mp4", "uploads/b.mp4", "other/b.mp4"):
            store(key)
        list(delete_orphans(bucket, examine(bucket, now=time.time()).orphans, references_of_site))
        left = {str(path.relative_to(s3.bucket)) for path in s3.bucket.rglob("*.mp4")}
        assert left == {"uploads/a.mp4", "other/b.mp4"}

    def test_keeps_what_was_attached_since_the_list(self, make, bucket, s3, store):
        store("uploads/a.mp4")
        listed = examine(bucket, now=time.time()).orphans
        make("a")
        list(delete_orphans(bucket, listed, references_of_site))
        assert (s3.bucket / "uploads/a.mp4").exists()

    def test_keeps_what_was_written_anew_since_the_list(self, portal, bucket, s3, store):
        store("uploads/a.mp4")
        listed = examine(bucket, now=time.time()).orphans
        (s3.bucket / "uploads/a.mp4").write_bytes(b"another content")
        list(delete_orphans(bucket, listed, references_of_site))
        assert (s3.bucket / "uploads/a.mp4").exists()

    def test_tells_what_is_missing_within_and_without_the_prefix(self, make, bucket, store):
        for name, key in {"a": None, "b": None, "c": "talks/c.mp4", "d": "talks/d.mp4"}.items():
            make(name, key)
        store("uploads/a.mp4")
        store("talks/c.mp4")
        missing = examine(bucket, now=time.time()).missing
        assert missing == (("uploads/b.mp4", "/plone/b"), ("talks/d.mp4", "/plone/d"))

    def test_of_many_objects_and_items(self, make, bucket, store):
        for number in range(ITEMS):
            make(f"v{number}")
        for number in range(MANY):
            store(f"uploads/v{number}.mp4")
        assert orphans(bucket) == sorted(f"uploads/v{number}.mp4" for number in range(ITEMS, MANY))


class TestUploads:
    @pytest.mark.parametrize(("later", "count"), [(0, 0), (31, 1)])
    def test_are_left_after_the_grace(self, bucket, later, count):
        upload = bucket.begin_upload("uploads/a.mp4", content_type="video/mp4")
        left = left_uploads(bucket, now=time.time() + later * DAY, prefix="uploads")
        bucket.abort_upload("uploads/a.mp4", upload)
        assert len(left) == count

    def test_are_gone_once_ended(self, bucket):
        bucket.begin_upload("uploads/b.mp4", content_type="video/mp4")
        list(abort_left(bucket, left_uploads(bucket, now=time.time() + 31 * DAY, prefix="uploads")))
        assert list(bucket.unfinished("uploads/")) == []

    def test_that_are_completed_meanwhile_are_no_error(self, bucket):
        upload = bucket.begin_upload("uploads/c.mp4", content_type="video/mp4")
        left = left_uploads(bucket, now=time.time() + 31 * DAY, prefix="uploads")
        bucket.abort_upload("uploads/c.mp4", upload)
        assert list(abort_left(bucket, left)) == []


@pytest.fixture
def versioned(portal, add_behavior):
    """A function that makes a page with a version for each of the keys; the last one is that of today."""
    add_behavior("Document")

    def make_page(*keys):
        with api.env.adopt_roles(["Manager"]):
            page = api.content.create(portal, "Document", "page", object_key=keys[0])
            for key in keys[1:]:
                page.object_key = key
                portal.portal_repository.save(page)
        return page

    return make_page
