"""``@cfprivate-uploads`` against a real S3 server: create, sign, list, complete, abort."""

from collective.cfprivate.storage import ticket
from plone import api
from plone.keyring.interfaces import IKeyManager
from types import SimpleNamespace
from zope.component import getUtility

import hashlib
import pytest
import re
import requests
import s3_server
import sys
import transaction


UPLOADS = "@cfprivate-uploads"
JSON = {"Accept": "application/json"}
MIB = 2**20
DATA = bytes(range(256)) * (9 * MIB // 256)
FILM = {"filename": "My film.mp4", "size": len(DATA), "type": "video/mp4"}


WRONG = [
    *({**FILM, "size": size} for size in (0, -1, 1.5, True, "5", None)),
    *({**FILM, "filename": name} for name in ("", " ", 5, None)),
    *({**FILM, "type": each} for each in (None, 5)),
    {**FILM, "other": 1},
    *({name: value for name, value in FILM.items() if name != missing} for missing in FILM),
]


def set_record(name, value):
    api.portal.set_registry_record(f"collective.cfprivate.{name}", value)
    transaction.commit()


@pytest.fixture
def site(s3, served, add_user):
    """``served`` with that bucket, and two editors."""
    for name in ("editor", "colleague"):
        add_user(name, "Editor")
    set_record("s3_bucket", s3_server.BUCKET)
    set_record("s3_region", s3_server.REGION)
    set_record("s3_endpoint", s3.endpoint)
    return served


@pytest.fixture
def ask(site):
    """A function that asks as an editor, at a path of the site or at an address; "" asks as nobody."""

    def send(method, path, body=None, *, login="editor", **headers):
        path = path.removeprefix(f"{site.url}/")
        answer = site.get(path, login or None, method, json=body, headers={**JSON, **headers})
        transaction.begin()
        return answer

    return send


@pytest.fixture
def create(ask):
    """A function that begins an upload beside the video; the answer's JSON."""

    def begin(place="talk", login="editor", **changes):
        return ask("POST", f"{place}/{UPLOADS}", {**FILM, **changes}, login=login).json()

    return begin


@pytest.fixture
def send_parts(ask):
    """A function that sends what a browser would: each part to the address that is signed for it."""

    def send(made, data=DATA, numbers=None):
        numbers = numbers or list(range(1, made["parts"] + 1))
        urls = ask("POST", made["@id"] + "/sign", {"numbers": numbers}).json()["urls"]
        size = made["part_size"]
        for number in numbers:
            answer = requests.put(urls[str(number)], data=data[(number - 1) * size : number * size], timeout=60)
            assert answer.status_code == 200

    return send


def told(answer):
    return answer.status_code, answer.json().get("type")


class TestWholeWay:
    def test_makes_the_file_that_was_sent(self, ask, create, send_parts, bucket, tmp_path):
        made = create()
        send_parts(made)
        ask("POST", made["@id"] + "/complete", {})
        bucket.get_file(made["key"], tmp_path / "film")
        assert hashlib.sha256((tmp_path / "film").read_bytes()).digest() == hashlib.sha256(DATA).digest()

    def test_answers_key_size_and_type(self, ask, create, send_parts):
        made = create()
        send_parts(made)
        answer = ask("POST", made["@id"] + "/complete", {})
        wanted = {"key": made["key"], "size": len(DATA), "type": "video/mp4"}
        assert (answer.status_code, answer.json()) == (200, wanted)

    def test_answers_the_same_when_it_is_completed_twice(self, ask, create, send_parts):
        made = create()
        send_parts(made)
        first, second = (ask("POST", made["@id"] + "/complete", {}) for _each in range(2))
        assert (second.status_code, second.json()) == (200, first.json())

    def test_is_the_same_in_a_container(self, ask, create, send_parts):
        made = create("media") if "media" in api.portal.get() else create("")
        send_parts(made)
        assert ask("POST", made["@id"] + "/complete", {}).status_code == 200


class TestCreating:
    def test_answers_what_a_script_needs(self, ask, site):
        answer = ask("POST", f"talk/{UPLOADS}", FILM)
        made = answer.json()
        assert (answer.status_code, made["part_size"], made["parts"], made["expires_in"]) == (201, 8 * MIB, 2, 604800)

    def test_gives_a_key_in_the_folder_for_uploads(self, create):
        assert re.fullmatch(r"uploads/[A-Za-z0-9_-]{22}/My-film\.mp4", create()["key"])

    def test_gives_an_address_at_the_place(self, create, site):
        assert create()["@id"].startswith(f"{site.url}/talk/{UPLOADS}/")

    def test_begins_it_in_the_bucket(self, create, bucket):
        assert [each.key for each in bucket.unfinished(create()["key"])] != []

    def test_writes_nothing_into_the_zodb(self, create, site):
        before = site.portal._p_jar.db().lastTransaction()
        create()
        assert site.portal._p_jar.db().lastTransaction() == before

    def test_refuses_what_is_wrong(self, ask):
        assert [each for each in WRONG if told(ask("POST", f"talk/{UPLOADS}", each)) != (400, "BadRequest")] == []

    def test_refuses_what_is_too_large(self, ask):
        sizes = (20_000_000_001, 10**15, 10**400)
        answers = {told(ask("POST", f"talk/{UPLOADS}", {**FILM, "size": size})) for size in sizes}
        assert answers == {(413, "too-large")}

    def test_takes_the_largest(self, ask):
        assert ask("POST", f"talk/{UPLOADS}", {**FILM, "size": 20_000_000_000}).status_code == 201

    def test_refuses_other_types(self, ask):
        types = ("", "text/html", "video", "video/*", "video/x-other", "*/*", "\x00", "image/svg+xml")
        answers = {told(ask("POST", f"talk/{UPLOADS}", {**FILM, "type": each})) for each in types}
        assert answers == {(415, "type-not-allowed")}

    def test_takes_types_however_they_are_spelled(self, ask):
        types = ("VIDEO/MP4", "video/mp4; codecs=avc1", "audio/x-anything")
        answers = {ask("POST", f"talk/{UPLOADS}", {**FILM, "type": each}).status_code for each in types}
        assert answers == {201}

    def test_cleans_any_name(self, create):
        names = ("../../x.mp4", "a\x00\n.mp4", "x" * 300 + ".mp4", "映画.mp4", ".mp4")
        keys = [create(filename=name)["key"] for name in names]
        assert [key for key in keys if not re.fullmatch(r"uploads/[^/]{22}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}", key)] == []

    def test_is_kept_by_no_cache(self, ask):
        answers = ask("POST", f"talk/{UPLOADS}", FILM), ask("POST", f"talk/{UPLOADS}", {})
        assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}


class TestSigning:
    def test_refuses_numbers_that_there_are_not(self, ask, create):
        url = create()["@id"] + "/sign"
        lists = (None, [], 1, "1", [0], [-1], [3], ["1"], [1.0], [True], [10**30], [1] * 1001)
        assert {told(ask("POST", url, {"numbers": each})) for each in lists} == {(400, "BadRequest")}

    def test_is_for_an_hour(self, ask, create):
        answer = ask("POST", create()["@id"] + "/sign", {"numbers": [2]}).json()
        assert (list(answer["urls"]), answer["expires_in"]) == (["2"], 3600)

    def test_is_for_this_upload_alone(self, ask, create):
        made = create()
        url = ask("POST", made["@id"] + "/sign", {"numbers": [1]}).json()["urls"]["1"]
        assert requests.put(url.replace("/My-film", "/Other"), data=b"x", timeout=30).status_code == 403


class TestListing:
    def test_tells_what_arrived(self, ask, create, send_parts):
        made = create()
        send_parts(made, numbers=[2])
        assert ask("GET", made["@id"]).json() == {
            **{name: made[name] for name in ("@id", "key", "part_size", "parts")},
            "size": len(DATA),
            "arrived": [{"number": 2, "size": MIB}],
        }

    def test_leaves_out_a_part_of_another_size(self, ask, create, send_parts):
        made = create()
        send_parts(made, data=DATA[:-1], numbers=[2])
        assert ask("GET", made["@id"]).json()["arrived"] == []

    def test_tells_all_parts_of_one_that_is_complete(self, ask, create, send_parts):
        made = create()
        send_parts(made)
        ask("POST", made["@id"] + "/complete", {})
        assert [each["size"] for each in ask("GET", made["@id"]).json()["arrived"]] == [8 * MIB, MIB]


class TestCompleting:
    def test_waits_for_all_parts(self, ask, create, send_parts, bucket):
        made = create()
        send_parts(made, numbers=[1])
        assert told(ask("POST", made["@id"] + "/complete", {})) == (409, "parts-missing")

    def test_refuses_a_part_that_is_larger_than_agreed(self, ask, create, send_parts):
        made = create()
        send_parts(made, data=DATA + b"more")
        assert told(ask("POST", made["@id"] + "/complete", {})) == (409, "parts-missing")

    @pytest.mark.parametrize(
        ("data", "content_type"), [(DATA, "video/webm"), (DATA[:-1], "video/mp4")], ids=["type", "size"]
    )
    def test_refuses_another_file_than_was_promised(self, ask, create, bucket, tmp_path, data, content_type):
        made = create()
        ask("DELETE", made["@id"])
        (tmp_path / "other").write_bytes(data)
        bucket.put_file(tmp_path / "other", made["key"], content_type=content_type)
        assert told(ask("POST", made["@id"] + "/complete", {})) == (409, "other-file")


class TestAborting:
    def test_forgets_the_parts(self, ask, create, send_parts, bucket):
        made = create()
        send_parts(made)
        answer = ask("DELETE", made["@id"])
        assert (answer.status_code, list(bucket.unfinished(made["key"]))) == (204, [])

    def test_may_be_asked_twice(self, ask, create):
        made = create()
        assert [ask("DELETE", made["@id"]).status_code for _each in range(2)] == [204, 204]

    def test_comes_too_late_for_what_is_complete(self, ask, create, send_parts, bucket):
        made = create()
        send_parts(made)
        ask("POST", made["@id"] + "/complete", {})
        assert (told(ask("DELETE", made["@id"])), bucket.head(made["key"]).size) == ((409, "complete"), len(DATA))

    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/complete")])
    def test_leaves_nothing_to_go_on_with(self, ask, create, send_parts, method, path):
        made = create()
        send_parts(made)
        ask("DELETE", made["@id"])
        assert told(ask(method, made["@id"] + path, {} if path else None)) == (404, "unknown-upload")


WAYS = [("GET", "", None), ("POST", "/sign", {"numbers": [1]}), ("POST", "/complete", {}), ("DELETE", "", None)]


class TestTickets:
    """Nobody signs, lists, completes or aborts another's."""

    @pytest.fixture
    def upload(self, create, send_parts, bucket):
        """An upload of the editor that could be completed."""
        made = create()
        send_parts(made)
        return SimpleNamespace(url=made["@id"], ticket=made["@id"].rpartition("/")[2], key=made["key"])

    @pytest.fixture
    def is_untouched(self, upload, bucket):
        """A function that tells whether it is still as it was."""

        def look():
            return [each.key for each in bucket.unfinished(upload.key)] == [upload.key]

        return look

    @pytest.mark.parametrize(("method", "path", "body"), WAYS)
    def test_of_another_user_are_none(self, ask, upload, is_untouched, method, path, body):
        answer = ask(method, upload.url + path, body, login="colleague")
        assert (told(answer), is_untouched()) == ((404, "unknown-upload"), True)

    @pytest.mark.parametrize(("method", "path", "body"), WAYS)
    def test_of_another_place_are_none(self, ask, upload, is_untouched, method, path, body):
        answer = ask(method, f"{UPLOADS}/{upload.ticket}{path}", body)
        assert (told(answer), is_untouched()) == ((404, "unknown-upload"), True)

    @pytest.mark.parametrize(("method", "path", "body"), WAYS)
    def test_that_are_changed_are_none(self, ask, upload, is_untouched, method, path, body):
        answer = ask(method, f"talk/{UPLOADS}/A{upload.ticket[1:-1]}{path}", body)
        assert (told(answer), is_untouched()) == ((404, "unknown-upload"), True)

    @pytest.mark.parametrize(("method", "path", "body"), WAYS)
    def test_that_are_old_are_none(self, ask, upload, is_untouched, monkeypatch, method, path, body):
        monkeypatch.setattr(ticket, "TICKET_LIFETIME", -1)
        assert (told(ask(method, upload.url + path, body)), is_untouched()) == ((404, "unknown-upload"), True)

    @pytest.mark.parametrize(("method", "path", "body"), WAYS)
    def test_help_nobody_who_lost_the_right(self, ask, upload, is_untouched, method, path, body):
        api.user.revoke_roles(username="editor", roles=["Editor"])
        transaction.commit()
        assert (told(ask(method, upload.url + path, body)), is_untouched()) == ((403, "not-permitted"), True)

    @pytest.mark.parametrize(("method", "path", "body"), WAYS)
    def test_help_nobody_who_lost_the_folder(self, ask, upload, is_untouched, method, path, body):
        set_record("key_prefixes", ("talks/",))
        assert (told(ask(method, upload.url + path, body)), is_untouched()) == ((403, "no-folder"), True)

    def test_have_one_sentence(self, ask, upload):
        sentences = {
            ask("GET", upload.url, login="colleague").json()["message"],
            ask("GET", f"{UPLOADS}/{upload.ticket}").json()["message"],
            ask("GET", f"talk/{UPLOADS}/nonsense").json()["message"],
            ask("GET", f"talk/{UPLOADS}").json()["message"],
        }
        assert len(sentences) == 1

    def test_outlive_a_new_secret_of_plone(self, ask, upload):
        getUtility(IKeyManager).rotate()
        transaction.commit()
        assert ask("GET", upload.url).status_code == 200

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/sign"), ("POST", ""), ("POST", "/other"), ("POST", "/sign/x"), ("DELETE", "/x")]
    )
    def test_have_no_other_ways(self, ask, upload, is_untouched, method, path):
        answer = ask(method, upload.url + path, {} if method == "POST" else None)
        assert (told(answer), is_untouched()) == ((404, "unknown-upload"), True)


class TestPermission:
    @pytest.mark.parametrize(
        ("login", "status"), [("", 401), ("member", 403), ("viewer", 403), ("colleague", 201), ("manager", 201)]
    )
    @pytest.mark.parametrize("place", ["talk/", ""])
    def test_is_asked_of_the_place(self, ask, place, login, status):
        assert ask("POST", f"{place}{UPLOADS}", FILM, login=login).status_code == status

    def test_is_hidden_with_the_item(self, ask, site):
        api.content.transition(site.item, to_state="private")
        transaction.commit()
        assert told(ask("POST", f"talk/{UPLOADS}", FILM, login="")) == (401, "Unauthorized")


class TestFolders:
    def test_are_those_of_the_user(self, create):
        set_record("key_prefixes", ("talks/", "films/"))
        assert create()["key"].startswith("talks/")

    def test_are_that_for_uploads_where_he_may_use_it(self, create):
        set_record("key_prefixes", ("talks/", "uploads/"))
        assert create()["key"].startswith("uploads/")

    def test_may_be_none(self, ask):
        set_record("key_prefixes", ("films/ film-crew",))
        assert told(ask("POST", f"talk/{UPLOADS}", FILM)) == (403, "no-folder")


class TestBucketAway:
    """Each circumstance has its own sentence, and is 503."""

    def sentence(self, answer):
        assert told(answer) == (503, "storage")
        return answer.json()["message"]

    def test_is_told_without_a_bucket(self, ask):
        set_record("s3_bucket", "")
        assert "No bucket is set" in self.sentence(ask("POST", f"talk/{UPLOADS}", FILM))

    def test_is_told_without_boto3(self, ask, monkeypatch):
        monkeypatch.setitem(sys.modules, "boto3", None)
        set_record("s3_region", "eu-west-3")
        assert "collective.cfprivate[s3]" in self.sentence(ask("POST", f"talk/{UPLOADS}", FILM))

    def test_is_told_with_another_bucket(self, ask):
        set_record("s3_bucket", "another")
        assert "no bucket another" in self.sentence(ask("POST", f"talk/{UPLOADS}", FILM))

    def test_is_told_with_wrong_credentials(self, ask, monkeypatch):
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        set_record("s3_region", "eu-west-2")
        assert "AWS_SECRET_ACCESS_KEY" in self.sentence(ask("POST", f"talk/{UPLOADS}", FILM))

    def test_is_told_when_nobody_answers(self, ask):
        set_record("s3_endpoint", "http://127.0.0.1:9")
        answer = ask("POST", f"talk/{UPLOADS}", FILM)
        assert ("does not answer" in self.sentence(answer), int(answer.headers["Retry-After"]) > 0) == (True, True)

    def test_leaves_an_upload_as_it_was(self, ask, create, send_parts, s3):
        made = create()
        send_parts(made)
        set_record("s3_endpoint", "http://127.0.0.1:9")
        away = ask("POST", made["@id"] + "/complete", {}).status_code
        set_record("s3_endpoint", s3.endpoint)
        assert (away, ask("POST", made["@id"] + "/complete", {}).status_code) == (503, 200)


def test_no_address_of_a_part_gets_into_the_log(ask, create, caplog):
    caplog.set_level("INFO")
    made = create()
    ask("POST", made["@id"] + "/sign", {"numbers": [1]})
    assert ("X-Amz-Signature" in caplog.text) is False
