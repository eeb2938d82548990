"""What editors see and do below an item, and what the command hears."""

from collective.cfprivate.storage import hearing
from collective.cfprivate.storage import stream_job
from collective.cfprivate.storage import stream_page
from collective.cfprivate.storage.transcoder import Job
from collective.cfprivate.storage.transcoder import JobState
from lxml import html
from made_streams import Maker
from plone import api

import pytest
import transaction


SECTION = "//section[contains(@class, 'cfprivate-stream')]"


@pytest.fixture
def maker(monkeypatch):
    """What stands for MediaConvert, wherever the site asks it."""
    made = Maker()
    for module in (stream_page, hearing):
        monkeypatch.setattr(module, "transcoder_of_site", lambda: made)
    monkeypatch.setattr(stream_job, "_is_stored", lambda key: True)
    return made


@pytest.fixture
def site(served, maker):
    api.portal.set_registry_record("collective.cfprivate.mediaconvert_role", "arn:aws:iam::123456789012:role/Maker")
    transaction.commit()
    return served


@pytest.fixture
def section(site):
    """A function that gives the section of an item's page, as somebody sees it; None without one."""

    def see(login="manager"):
        found = html.fromstring(site.get("talk/view", login).text).xpath(SECTION)
        return found[0] if found else None

    return see


@pytest.fixture
def press(site, section):
    """A function that presses a button of the section as a manager."""

    def send(action, login="manager", token=True):
        sent = {"action": action}
        if token:
            sent["_authenticator"] = section().xpath(".//input[@name='_authenticator']/@value")[0]
        answer = site.get("talk/@@cfprivate-stream", login, "POST", data=sent)
        transaction.begin()
        return answer

    return send


def known(site):
    transaction.begin()
    return stream_job.job_of_item(site.item)


def tell(maker, site, state, **told):
    job_id = known(site).job_id
    maker.jobs[job_id] = Job(job_id=job_id, state=state, **told)


class TestPage:
    def test_offers_the_stream(self, section):
        assert section().xpath(".//button/text()") == ["Make a stream of the video"]

    def test_is_without_it_for_who_does_not_manage(self, section):
        assert section("viewer") is None

    def test_is_without_it_where_no_role_is_set(self, site, section):
        api.portal.set_registry_record("collective.cfprivate.mediaconvert_role", "")
        transaction.commit()
        assert section() is None

    def test_tells_how_far_it_is(self, maker, site, section, press):
        press("begin")
        tell(maker, site, JobState.RUNNING, percent=40)
        press("ask")
        assert section().xpath(".//progress/@value") == ["40"]

    def test_tells_what_went_wrong(self, maker, site, section, press):
        press("begin")
        tell(maker, site, JobState.FAILED, error="No <video>")
        press("ask")
        assert "No <video>" in section().text_content()

    def test_offers_another_try(self, maker, site, section, press):
        press("begin")
        press("cancel")
        assert section().xpath(".//button/text()") == ["Make the stream anew"]


class TestButton:
    def test_begins_a_job(self, site, press):
        press("begin")
        assert known(site).open

    def test_leads_back_to_the_item(self, site, press):
        assert press("begin").headers["Location"] == f"{site.url}/talk/view"

    def test_without_its_token_does_nothing(self, site, press):
        assert (press("begin", token=False).status_code, known(site)) == (403, None)

    def test_of_who_does_not_manage_does_nothing(self, site, press):
        press("begin", login="viewer")
        assert known(site) is None

    def test_that_is_none_does_nothing(self, site, press):
        press("delete everything")
        assert known(site) is None

    def test_tells_why_nothing_was_begun(self, maker, site, section, press):
        maker.away = True
        press("begin")
        assert known(site) is None


def test_an_address_alone_does_nothing(site):
    site.get("talk/@@cfprivate-stream?action=begin", "manager")
    assert known(site) is None


class TestHearing:
    def test_asks_for_each_job_where_no_queue_is_set(self, maker, site, press):
        press("begin")
        tell(maker, site, JobState.DONE)
        report = hearing.hear_of_jobs(ask=False)
        assert [(path, job.result) for path, job in report.heard] == [("/plone/talk", "attached")]

    def test_tells_of_nothing_new(self, site):
        assert hearing.hear_of_jobs(ask=False).lines == ["Nothing is new."]

    @pytest.mark.parametrize(
        ("state", "failed"), [(JobState.FAILED, True), (JobState.RUNNING, False), (JobState.DONE, False)]
    )
    def test_fails_where_somebody_has_to_look(self, maker, site, press, state, failed):
        press("begin")
        tell(maker, site, state)
        assert hearing.hear_of_jobs(ask=False).failed is failed
