"""The store of the demo: what it serves, to whom, and what the demo does without it."""

from collective.cfprivate.demo import commands
from collective.cfprivate.demo.layout import Layout
from collective.cfprivate.demo.store import credentials_of
from collective.cfprivate.demo.store import environment_of_client

import boto3
import json
import pytest
import requests


ONE = ("key", "secret")


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path, 1, 2, 3)


@pytest.mark.demo
class TestRunning:
    @pytest.fixture
    def record(self, demo):
        return json.loads((demo.var / "demo.json").read_text())

    @pytest.fixture
    def client(self, demo, record):
        """boto3's, with the credentials of the demo."""
        access_key, secret_key = record["s3"]
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{demo.s3_port}",
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
        )

    def test_it_has_the_one_bucket_and_nothing_else_of_the_folder(self, client):
        assert [each["Name"] for each in client.list_buckets()["Buckets"]] == ["media"]

    def test_the_bucket_is_what_the_edge_delivers(self, client, demo):
        size = (demo.bucket / "talk" / "talk.mp4").stat().st_size
        assert client.head_object(Bucket="media", Key="talk/talk.mp4")["ContentLength"] == size

    def test_it_has_at_once_what_is_put_into_the_folder(self, client, demo):
        client.list_objects_v2(Bucket="media", Prefix="talk/")
        file = demo.bucket / "talk" / "by-hand.txt"
        file.write_text("by hand")
        try:
            assert client.head_object(Bucket="media", Key="talk/by-hand.txt")["ContentLength"] == 7
        finally:
            file.unlink()

    def test_it_refuses_who_does_not_sign(self, demo):
        answer = requests.get(f"http://127.0.0.1:{demo.s3_port}/media/talk/talk.mp4", timeout=60)
        assert answer.status_code in {400, 403}

    def test_it_lets_pages_of_the_site_send(self, demo):
        headers = {"Origin": f"http://127.0.0.1:{demo.plone_port}", "Access-Control-Request-Method": "PUT"}
        answer = requests.options(f"http://127.0.0.1:{demo.s3_port}/media/a.mp4", headers=headers, timeout=60)
        assert answer.headers["Access-Control-Allow-Origin"] == headers["Origin"]

    def test_the_secret_is_no_argument_of_a_process(self, demo, record):
        assert [words for words in demo.processes() if record["s3"][1] in words] == []


@pytest.mark.demo
def test_a_site_of_an_earlier_demo_is_made_again(first_start, tmp_path):
    demo = first_start.demo(tmp_path / "var")
    record = json.loads((demo.var / "demo.json").read_text())
    del record["s3_port"], record["s3"]
    # Its other port is no reason.
    (demo.var / "demo.json").write_text(json.dumps(record | {"edge_port": demo.edge_port}))
    demo.start(until="Making")
    demo.stop()
    assert demo.lines[-1].startswith("Making")


class TestCredentials:
    def test_are_kept(self, layout):
        assert (credentials_of(layout) == credentials_of(layout)) is True

    def test_are_others_in_another_folder(self, layout, tmp_path):
        (tmp_path / "other").mkdir()
        assert (credentials_of(layout) == credentials_of(Layout(tmp_path / "other", 1, 2, 3))) is False

    def test_keep_what_else_is_recorded(self, layout):
        layout.write_record({"passwords": {}})
        credentials_of(layout)
        assert layout.read_record()["passwords"] == {}

    def test_are_in_the_environment_of_zope(self):
        assert environment_of_client(ONE, {"PATH": "/"}) == {
            "PATH": "/",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }

    @pytest.mark.parametrize("name", ["AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"])
    def test_are_mixed_with_no_others(self, name):
        assert "theirs" not in environment_of_client(ONE, {name: "theirs"}).values()


class TestWithout:
    def test_rclone_it_says_so(self, monkeypatch, capsys):
        monkeypatch.setattr(commands, "rclone", lambda: None)
        assert commands.has_store() is False
        assert "Without rclone nothing can be uploaded" in capsys.readouterr().err

    def test_boto3_it_says_so(self, monkeypatch, capsys):
        monkeypatch.setattr(commands, "find_spec", lambda name: None)
        assert commands.has_store() is False
        assert "Without boto3 nothing can be uploaded" in capsys.readouterr().err

    def test_anything_missing_it_says_nothing(self, capsys):
        assert commands.has_store() is True
        assert capsys.readouterr().err == ""
