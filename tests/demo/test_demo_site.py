"""What the running demo offers, and what it keeps to itself."""

from pathlib import Path

import pytest
import requests


pytestmark = pytest.mark.demo

CLIP = "talk/talk.mp4"


def answer(url, **options):
    return requests.get(url, timeout=60, **options)


def listening_addresses(port):
    """The local addresses at which something listens, as the kernel tells them (proc(5), net/tcp)."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            address, number = words[1].split(":")
            if words[3] == "0A" and int(number, 16) == port:
                found.add(address)
    return found


@pytest.mark.parametrize("port", ["plone_port", "edge_port", "s3_port"])
def test_servers_listen_on_loopback_only(demo, port):
    assert listening_addresses(getattr(demo, port)) == {"0100007F"}


def test_bare_url_is_refused_with_cloudfronts_words(demo):
    assert answer(f"{demo.edge}/{CLIP}").text == (
        '<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code>'
        "<Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
    )


def test_bare_url_is_refused_with_403(demo):
    assert answer(f"{demo.edge}/{CLIP}").status_code == 403


@pytest.mark.parametrize("login", ["manager", "editor", "viewer"])
def test_the_stable_link_leads_the_entitled_to_the_bytes(demo, login):
    headers = {"Range": "bytes=4-7"}
    assert answer(f"{demo.talk}/@@media", auth=demo.auth(login), headers=headers).content == b"ftyp"


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403)])
def test_the_stable_link_refuses_all_others(demo, login, status):
    assert answer(f"{demo.talk}/@@media", auth=demo.auth(login)).status_code == status


@pytest.mark.parametrize("login", [None, "member"])
def test_nothing_signed_in_the_page_of_who_may_not_watch(demo, login):
    page = answer(demo.talk, auth=demo.auth(login)).text
    assert [word for word in ("Signature=", "Policy=", demo.edge, "talk.mp4") if word in page] == []


@pytest.mark.parametrize("name", ["demo.json", "filestorage/Data.fs.cfprivate-secret"])
def test_files_with_secrets_are_the_owners_alone(demo, name):
    assert (demo.var / name).stat().st_mode & 0o777 == 0o600


def test_the_private_key_is_in_no_file(demo):
    found = [path for path in demo.var.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert found == []


def test_no_signature_is_in_a_log(demo):
    answer(f"{demo.talk}/@@media", auth=demo.auth("viewer"))
    assert [path.name for path in (demo.var / "log").iterdir() if "Signature=" in path.read_text()] == []


@pytest.fixture
def unlocked(demo):
    """The talk is unlocked again in the end: who opens its form locks it, and others are offered no states then."""
    yield
    accept = {"Accept": "application/json"}
    requests.delete(
        f"{demo.talk}/@lock", json={"force": True}, auth=demo.auth("manager"), headers=accept, timeout=60
    ).raise_for_status()


@pytest.mark.parametrize("login", [None, "member", "viewer", "editor", "manager"])
@pytest.mark.parametrize("path", ["", "/@@media", "/@playback", "/edit"])
@pytest.mark.usefixtures("unlocked")
def test_a_get_of_an_item_writes_nothing(demo, login, path):
    accept = "application/json" if "@playback" in path else "text/html"
    options = {"auth": demo.auth(login), "headers": {"Accept": accept}, "allow_redirects": False}
    data = demo.var / "filestorage" / "Data.fs"
    answer(f"{demo.talk}{path}", **options)  # plone.protect may turn its keys at a first request
    before = data.stat().st_size
    answer(f"{demo.talk}{path}", **options)
    assert data.stat().st_size == before


@pytest.mark.parametrize("view", ["@@cfprivate-controlpanel", "@@cfprivate-erase-key"])
def test_a_get_of_the_control_panel_writes_nothing(demo, view):
    data = demo.var / "filestorage" / "Data.fs"
    answer(f"{demo.site}/{view}", auth=demo.auth("manager"))
    before = data.stat().st_size
    answer(f"{demo.site}/{view}", auth=demo.auth("manager"))
    assert data.stat().st_size == before
