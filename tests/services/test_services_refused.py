"""Whatever is sent to the services is answered by 4xx in JSON where it is wrong, never by 500, and leaves nothing behind."""

from collective.cfprivate.media.behavior import IProtectedMedia
from hypothesis import given
from hypothesis import strategies as st
from urllib.parse import quote
from wrong_json import ANY_JSON
from wrong_json import HUGE
from wrong_json import is_refused
from wrong_json import NO_OBJECTS
from wrong_json import OFTEN
from zope.annotation.interfaces import IAnnotations

import pytest
import transaction


READ = ["talk/@playback", "@cfprivate-status"]
SERVICES = [*READ, "@cfprivate-selftest", "@controlpanels/cfprivate"]
FIELDS = ["object_key", "renditions", "poster", "tracks", "duration", "offer_download", "lifetime"]


@pytest.fixture
def stored(served):
    """A function that tells what the video and the settings are."""

    def look():
        transaction.begin()
        fields = IProtectedMedia(served.portal["talk"])
        records = served.portal.portal_registry.records
        names = [name for name in records if name.startswith("collective.cfprivate.")]
        return (
            {name: getattr(fields, name) for name in FIELDS},
            {name: records[name].value for name in names},
            sorted(IAnnotations(served.portal)),
        )

    return look


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", READ)
def test_services_that_read_take_no_other_verb(send, stored, path, method):
    before = stored()
    assert (is_refused(send(path, method, {"title": "x"})), stored() == before) == (True, True)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_the_self_test_takes_no_other_verb(send, method):
    assert is_refused(send("@cfprivate-selftest", method, {}))


@pytest.mark.parametrize("query", ["delivery=x", "delivery:int=5", "delivery:list=playlist", "delivery=" + "x" * 9000])
def test_the_playback_takes_any_query(send, query):
    assert send(f"talk/@playback?{query}", "GET").status_code in {200, 400}


@pytest.mark.parametrize("body", NO_OBJECTS)
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("@cfprivate-selftest", "POST"),
        ("@controlpanels/cfprivate", "PATCH"),
        ("talk", "PATCH"),
        ("talk/@cfprivate-uploads", "POST"),
    ],
)
def test_another_body_is_refused(send, stored, path, method, body):
    before = stored()
    assert (is_refused(send(path, method, body)), stored() == before) == (True, True)


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
# plone.restapi takes any text or number for a yes or no.
@pytest.mark.parametrize("name", [name for name in FIELDS if name != "offer_download"])
def test_huge_values_of_fields_are_refused(send, stored, name, value):
    before = stored()
    answer = send("talk", "PATCH", {name: value})
    assert (is_refused(answer), stored() == before) == (True, True)


@pytest.mark.parametrize("text", ["", " ", "[", "x", "0" * 5000, "(" * 5000, "[" * 100_000, "{[]: 1}", "\x00", "9e999"])
def test_a_text_in_place_of_tracks_is_refused(send, stored, text):
    before = stored()
    assert (is_refused(send("talk", "PATCH", {"tracks": text})), stored() == before) == (True, True)


def test_values_of_fields_that_are_refused_leave_nothing(send, stored):
    @OFTEN
    @given(st.dictionaries(st.sampled_from(FIELDS), ANY_JSON, min_size=1, max_size=2))
    def check(body):
        before = stored()
        answer = send("talk", "PATCH", body)
        assert answer.status_code == 204 or (is_refused(answer) and stored() == before)

    check()


def test_values_of_settings_that_are_refused_leave_nothing(send, stored):
    names = st.sampled_from([
        "distribution",
        "lifetime",
        "maximum_lifetime",
        "bind_ip",
        "embed_ancestors",
        "key_prefixes",
        "s3_bucket",
        "s3_endpoint",
        "upload_prefix",
        "upload_types",
        "upload_maximum",
        "mediaconvert_role",
        "events_queue",
        "state_rules",
    ])

    @OFTEN
    @given(st.dictionaries(names, ANY_JSON, min_size=1, max_size=2))
    def check(body):
        before = stored()
        answer = send("@controlpanels/cfprivate", "PATCH", body)
        assert answer.status_code == 204 or (is_refused(answer) and stored() == before)

    check()


def test_the_self_test_of_anything_else_is_refused(send, stored):
    names = st.sampled_from(["key", "object_key", "bucket_url", "other"])

    @OFTEN
    @given(st.dictionaries(names, ANY_JSON.filter(lambda value: not isinstance(value, str)), min_size=1, max_size=2))
    def check(body):
        before = stored()
        assert (is_refused(send("@cfprivate-selftest", "POST", body)), stored() == before) == (True, True)

    check()


UPLOADS = "talk/@cfprivate-uploads"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_uploads_take_no_other_verb(send, stored, method):
    before = stored()
    assert (is_refused(send(UPLOADS, method, {"size": 1})), stored() == before) == (True, True)


def test_uploads_of_anything_else_are_refused(send, stored):
    film = {"filename": "film.mp4", "size": 5, "type": "video/mp4"}
    others = st.dictionaries(
        st.sampled_from([*film, "other"]), ANY_JSON | st.sampled_from([*HUGE.values()]), min_size=1, max_size=3
    )

    @OFTEN
    @given(others)
    def check(changes):
        before = stored()
        answer = send(UPLOADS, "POST", {**film, **changes})
        # No bucket is set: what is right is answered by 503.
        assert (is_refused(answer) or answer.json()["type"] == "storage", stored() == before) == (True, True)

    check()


def test_tickets_that_are_made_up_are_refused(send, stored):
    @OFTEN
    @given(
        st.text(st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1),
        st.sampled_from(["", "/sign", "/complete"]),
        ANY_JSON,
    )
    def check(text, path, body):
        before = stored()
        answer = send(f"{UPLOADS}/{quote(text, safe='')}{path}", "POST", body)
        assert (is_refused(answer), stored() == before) == (True, True)

    check()
