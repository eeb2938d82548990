"""What an item knows of the stream that is made of its video, and when that is attached."""

from collective.cfprivate.exceptions import JobRefused
from collective.cfprivate.exceptions import StorageNotConfigured
from collective.cfprivate.exceptions import StorageUnavailable
from collective.cfprivate.interfaces import IMediumChanged
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.storage import stream_job
from collective.cfprivate.storage.transcoder import Job
from collective.cfprivate.storage.transcoder import JobState
from made_streams import Maker
from plone import api
from zope.component import getGlobalSiteManager
from zope.component import provideHandler

import pytest


SOURCE = "uploads/abc/talk.mp4"
NOW = 1_900_000_000


@pytest.fixture
def maker():
    return Maker()


@pytest.fixture
def item(portal, make_video):
    return make_video(portal, object_key=SOURCE)


@pytest.fixture
def begun(item, maker):
    return stream_job.begin(item, maker, now=NOW)


def hear(item, state, *, stored=True, **told):
    job = Job(job_id=stream_job.job_of_item(item).job_id, state=state, **told)
    return stream_job.hear(item, job, exists=lambda key: stored)


class TestBegun:
    def test_names_item_and_folder(self, item, maker, begun):
        ((source, folder, _token, about),) = maker.asked
        assert (source, folder.startswith("uploads/abc/stream-"), about) == (
            SOURCE,
            True,
            {"cfprivate-item": api.content.get_uuid(item)},
        )

    def test_is_one_job_when_a_request_is_repeated(self, item, maker):
        first = stream_job.begin(item, maker, now=NOW)
        del stream_job.IAnnotations(item)[stream_job.ANNOTATION]  # as an abort does
        assert stream_job.begin(item, maker, now=NOW).job_id == first.job_id

    def test_is_refused_while_one_runs(self, item, maker, begun):
        with pytest.raises(JobRefused, match="being made already"):
            stream_job.begin(item, maker, now=NOW)

    def test_is_another_job_after_a_failure(self, item, maker, begun):
        hear(item, JobState.FAILED, error="No video")
        assert stream_job.begin(item, maker, now=NOW).job_id != begun.job_id

    @pytest.mark.parametrize("key", ["talks/a.mp3", "photos/a.jpg", "talks/opening/master.m3u8", ""])
    def test_needs_a_video_file(self, portal, make_video, maker, key):
        with pytest.raises(JobRefused):
            stream_job.begin(make_video(portal, object_key=key or None), maker, now=NOW)

    def test_leaves_the_item_as_it_was_when_the_maker_is_away(self, item, maker):
        maker.away = True
        with pytest.raises(StorageUnavailable):
            stream_job.begin(item, maker, now=NOW)
        assert stream_job.job_of_item(item) is None

    def test_is_no_job_of_a_copy(self, portal, item, begun):
        with api.env.adopt_roles(["Manager"]):
            copy = api.content.copy(item, portal, id="copy")
        assert stream_job.job_of_item(copy) is None


class TestDone:
    def test_is_attached_with_the_upload_behind_it(self, item, begun):
        hear(item, JobState.DONE)
        keys = [file.object_key for file in medium_of(item).files]
        assert keys == [begun.master, SOURCE]

    def test_tells_that_the_medium_changed(self, item, begun, request):
        told = []

        def note(event):
            told.append(event.fields)

        provideHandler(note, (IMediumChanged,))
        request.addfinalizer(lambda: _forget(note))
        hear(item, JobState.DONE)
        assert told == [("object_key", "renditions")]

    def test_twice_is_attached_once(self, item, begun):
        hear(item, JobState.DONE)
        assert (hear(item, JobState.DONE), len(medium_of(item).files)) == (None, 2)

    def test_without_a_playlist_in_the_bucket_is_lost(self, item, begun):
        assert (hear(item, JobState.DONE, stored=False).result, medium_of(item).object_key) == ("lost", SOURCE)

    def test_is_not_attached_to_another_medium(self, item, begun):
        IProtectedMedia(item).object_key = "uploads/def/other.mp4"
        assert hear(item, JobState.DONE).result == "medium-changed"
        assert medium_of(item).object_key == "uploads/def/other.mp4"

    def test_of_another_job_is_not_heard(self, item, begun):
        assert stream_job.hear(item, Job(job_id="forged", state=JobState.DONE), exists=lambda key: True) is None


class TestOpen:
    def test_is_told_with_its_percentage(self, item, begun):
        heard = hear(item, JobState.RUNNING, percent=40)
        assert (heard.open, heard.percent) == (True, 40)

    def test_is_among_the_open_ones(self, item, begun):
        assert [each.getId() for each in stream_job.open_items()] == ["talk"]

    @pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELED])
    def test_is_no_more_after_its_end(self, item, begun, state):
        hear(item, state)
        assert stream_job.open_items() == []

    def test_is_not_looked_for_at_what_is_deleted(self, portal, item, begun):
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(item, check_linkintegrity=False)
        assert stream_job.open_items() == []

    def test_ends_when_it_is_cancelled(self, item, maker, begun):
        assert stream_job.cancel(item, maker).result == "canceled"

    def test_that_the_maker_does_not_know_is_lost(self, item, begun):
        assert stream_job.ask(item, Maker()).result == "lost"

    def test_is_nothing_to_cancel_where_there_is_none(self, item, maker):
        with pytest.raises(JobRefused):
            stream_job.cancel(item, maker)


def test_a_site_without_a_role_has_no_maker(portal):
    for name, value in (("s3_bucket", "media"), ("s3_region", "eu-central-1")):
        api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    with pytest.raises(StorageNotConfigured, match="role of MediaConvert"):
        stream_job.transcoder_of_site()


def _forget(handler):
    getGlobalSiteManager().unregisterHandler(handler, (IMediumChanged,))
