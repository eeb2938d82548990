"""What is left over, missing or too young, of lists alone."""

from collective.cfprivate.exceptions import NotReconciled
from collective.cfprivate.storage.bucket import Stored
from collective.cfprivate.storage.reconcile import check_likely
from collective.cfprivate.storage.reconcile import delete_orphans
from collective.cfprivate.storage.reconcile import reconcile
from collective.cfprivate.storage.references import References

import pytest


NOW = 1_800_000_000
DAY = 86400


def stored(key, *, days=31, size=7):
    return Stored(key=key, size=size, modified=NOW - days * DAY, etag="e")


def referring(*keys):
    references = References()
    for key in keys:
        references.add(key, "/Plone/talk")
    return references


def compared(*objects, refers=(), prefix="uploads/", **options):
    return reconcile(objects, referring(*refers), now=NOW, prefix=prefix, **options)


def orphans(*objects, **options):
    return [each.key for each in compared(*objects, **options).orphans]


class TestOrphans:
    def test_are_what_nothing_refers_to(self):
        assert orphans(stored("uploads/a.mp4"), stored("uploads/b.mp4"), refers=["uploads/a.mp4"]) == ["uploads/b.mp4"]

    @pytest.mark.parametrize(("days", "count"), [(0, 0), (29, 0), (30, 0), (31, 1)])
    def test_are_older_than_the_grace(self, days, count):
        assert len(orphans(stored("uploads/a.mp4", days=days))) == count

    def test_have_the_grace_asked_for(self):
        assert orphans(stored("uploads/a.mp4", days=3), grace=2) == ["uploads/a.mp4"]

    @pytest.mark.parametrize("key", ["a.mp4", "other/a.mp4", "uploads2/a.mp4", "uploads", "Uploads/a.mp4"])
    def test_are_below_the_prefix(self, key):
        assert orphans(stored(key)) == []

    @pytest.mark.parametrize("prefix", ["uploads", "uploads/", "/uploads/"])
    def test_of_a_prefix_without_slash_are_none_of_a_neighbour(self, prefix):
        found = orphans(stored("uploads/a.mp4"), stored("uploads2/a.mp4"), prefix=prefix)
        assert found == ["uploads/a.mp4"]

    @pytest.mark.parametrize("key", ["uploads/film/1.ts", "uploads/film/720p/1.ts", "uploads/film/master.m3u8"])
    def test_are_not_in_the_folder_of_a_playlist(self, key):
        assert orphans(stored(key), refers=["uploads/film/master.m3u8"]) == []

    @pytest.mark.parametrize("key", ["uploads/film2/1.ts", "uploads/1.ts"])
    def test_are_beside_the_folder_of_a_playlist(self, key):
        assert orphans(stored(key), refers=["uploads/film/master.m3u8"]) == [key]

    def test_are_none_with_a_playlist_at_the_root(self):
        assert orphans(stored("uploads/1.ts"), refers=["master.m3u8"]) == []

    def test_are_added_up(self):
        assert compared(stored("uploads/a", size=3), stored("uploads/b", size=4)).bytes == 7

    @pytest.mark.parametrize("prefix", ["", "/", "//"])
    def test_of_the_whole_bucket_are_refused(self, prefix):
        with pytest.raises(NotReconciled):
            compared(stored("a"), prefix=prefix)


class TestMissing:
    def test_is_what_the_bucket_has_not(self):
        assert compared(refers=["uploads/a.mp4"]).missing == (("uploads/a.mp4", "/Plone/talk"),)

    def test_is_nothing_that_is_there(self):
        assert compared(stored("uploads/a.mp4", days=0), refers=["uploads/a.mp4"]).missing == ()

    def test_of_all_is_another_bucket(self):
        with pytest.raises(NotReconciled):
            check_likely(referring("uploads/a.mp4", "b.mp4"), 2)

    @pytest.mark.parametrize(("keys", "missing"), [((), 0), (("a.mp4", "b.mp4"), 1)])
    def test_of_some_is_no_doubt(self, keys, missing):
        assert check_likely(referring(*keys), missing) is None


class TestDigest:
    def test_is_that_of_the_same_list(self):
        assert compared(stored("uploads/a")).digest == compared(stored("uploads/a"), stored("b")).digest

    @pytest.mark.parametrize("other", [stored("uploads/b"), stored("uploads/a", size=8)])
    def test_is_another_of_another_list(self, other):
        assert compared(stored("uploads/a")).digest != compared(other).digest


class TestDeletion:
    def test_asks_the_site_before_the_first(self):
        def unreadable():
            raise NotReconciled("unreadable")

        # There is no bucket that could be asked.
        with pytest.raises(NotReconciled):
            list(delete_orphans(None, [stored("uploads/a")], unreadable))

    def test_keeps_what_was_attached_meanwhile(self):
        done = delete_orphans(None, [stored("uploads/a.mp4")], lambda: referring("uploads/a.mp4"))
        assert [deleted for _each, deleted in done] == [False]
