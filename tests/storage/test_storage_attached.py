"""Before an item refers to a file, the bucket is asked for it."""

from collective.cfprivate.access import in_bucket
from collective.cfprivate.access.in_bucket import refusal_of_bucket
from collective.cfprivate.media.behavior import IProtectedMedia
from plone import api
from plone.testing.zope import Browser

import pytest
import s3_server
import transaction


JSON = {"Accept": "application/json"}


def set_record(name, value):
    transaction.begin()
    api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    transaction.commit()


@pytest.fixture
def site(s3, served):
    """``served`` with that bucket."""
    set_record("s3_bucket", s3_server.BUCKET)
    set_record("s3_region", s3_server.REGION)
    set_record("s3_endpoint", s3.endpoint)
    return served


@pytest.fixture
def store(bucket, tmp_path):
    """A function that puts a file into the bucket."""

    def put(key, content_type="video/mp4", data=b"film"):
        (tmp_path / "file").write_bytes(data)
        bucket.put_file(tmp_path / "file", key, content_type=content_type)

    return put


@pytest.fixture
def change(site):
    """A function that changes the video by REST; status and text of the answer."""

    def patch(login="manager", **fields):
        answer = site.get("talk", login, "PATCH", headers=JSON, json=fields)
        transaction.begin()
        return answer.status_code, answer.text

    return patch


def test_a_file_that_is_there_is_taken(change, store, site):
    store("new/a.mp4")
    assert (change(object_key="new/a.mp4")[0], IProtectedMedia(site.item).object_key) == (204, "new/a.mp4")


@pytest.mark.parametrize("field", ["object_key", "poster"])
def test_a_file_that_is_missing_is_refused(change, site, field):
    key = "none/a.jpg" if field == "poster" else "none/a.mp4"
    before = getattr(IProtectedMedia(site.item), field)
    status, text = change(**{field: key})
    assert (status, "There is no file" in text, getattr(IProtectedMedia(site.item), field)) == (400, True, before)


def test_a_missing_rendition_is_refused(change):
    assert change(renditions=["none/small.mp4"])[0] == 400


def test_missing_captions_are_refused(change):
    assert change(tracks=[{"language": "en", "object_key": "none/en.vtt"}])[0] == 400


def test_an_empty_file_is_refused(change, store):
    store("new/empty.mp4", data=b"")
    status, text = change(object_key="new/empty.mp4")
    assert (status, "is empty" in text) == (400, True)


@pytest.mark.parametrize(
    ("ending", "content_type", "status"),
    [
        ("mp4", "audio/mp4", 204),
        ("mp4", "binary/octet-stream", 204),
        ("mp4", "image/png", 400),
        ("mp4", "text/html", 400),
        ("m3u8", "text/plain", 204),
        ("pdf", "application/pdf", 204),
        ("pdf", "video/mp4", 400),
    ],
)
def test_the_type_has_to_fit_the_ending(change, store, ending, content_type, status):
    store(f"types/{status}/{content_type}.{ending}", content_type)
    assert change(object_key=f"types/{status}/{content_type}.{ending}")[0] == status


def test_a_title_needs_no_bucket(change):
    set_record("s3_endpoint", "http://127.0.0.1:9")
    assert change(title="Another title")[0] == 204


def test_a_file_needs_the_bucket(change):
    set_record("s3_endpoint", "http://127.0.0.1:9")
    status, text = change(object_key="new/b.mp4")
    assert (status, "does not answer at" in text) == (400, True)


def test_a_site_without_a_bucket_asks_nobody(change):
    set_record("s3_bucket", "")
    assert change(object_key="new/none.mp4")[0] == 204


def test_who_may_not_attach_learns_nothing(change, store, add_user):
    add_user("editor", "Editor")
    transaction.commit()
    set_record("key_prefixes", ("films/",))
    store("foreign/there.mp4")
    answers = {change("editor", object_key=f"foreign/{name}.mp4") for name in ("there", "gone")}
    assert (len(answers), {status for status, _text in answers}) == (1, {400})


def test_each_file_is_asked_for_once(site, monkeypatch):
    asked = []
    monkeypatch.setattr(in_bucket, "_refusal", lambda bucket, key: asked.append(key))
    request = site.portal.REQUEST.clone()
    for _each in range(2):
        refusal_of_bucket(["a.mp4", "b.mp4", "a.mp4"], item=None, request=request)
    assert asked == ["a.mp4", "b.mp4"]


@pytest.mark.parametrize(("key", "told"), [("new/form.mp4", False), ("none/form.mp4", True)])
def test_the_form_says_what_is_missing(site, store, functional_app, key, told):
    store("new/form.mp4")
    browser = Browser(functional_app)
    browser.addHeader("Authorization", "Basic manager:secret-of-manager")
    browser.open(f"{site.url}/++add++Protected Video")
    browser.getControl(name="form.widgets.IDublinCore.title").value = "Own"
    browser.getControl(name="form.widgets.IProtectedMedia.object_key").value = key
    browser.getControl("Save").click()
    assert ("There is no file" in browser.contents) is told
