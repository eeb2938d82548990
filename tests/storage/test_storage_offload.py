"""``cfprivate offload`` and ``bring-back`` with real blobs and a real S3 server."""

from AccessControl.Permission import Permission
from collective.cfprivate.access.revisions import OFFLOADED
from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.interfaces import IMediumChanged
from collective.cfprivate.interfaces import IProtectedItem
from collective.cfprivate.media.behavior import IProtectedMedia
from collective.cfprivate.storage import batches
from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.commands import offload as commands
from collective.cfprivate.storage.moved import is_in_bucket
from command_line import invoke
from contextlib import nullcontext
from DateTime import DateTime
from PIL import Image
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.iterate.interfaces import IIterateAware
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.base.utils import human_readable_size
from plone.locking.interfaces import ILockable
from plone.locking.interfaces import ITTWLockable
from plone.namedfile.file import NamedBlobFile
from plone.namedfile.file import NamedBlobImage
from plone.testing.zope import Browser
from types import SimpleNamespace
from ZODB.POSException import ConflictError
from zope.annotation.interfaces import IAnnotations
from zope.component import getGlobalSiteManager
from zope.component import provideHandler
from zope.globalrequest import getRequest
from zope.interface import alsoProvides
from zope.lifecycleevent.interfaces import IObjectModifiedEvent

import io
import json
import os
import pytest
import requests
import s3_server
import signal
import transaction


FILM = b"not really a film, but its bytes are counted"
MANAGE = "collective.cfprivate: Manage protected media"
STREAM = "collective.cfprivate: Stream protected media"
CONFIGURE = "collective.cfprivate: Configure"


@pytest.fixture
def site(functional_portal, s3, add_behavior, monkeypatch, tmp_path):
    """A site whose files may be moved, where the commands open it; ``run`` and ``told`` (of --json) call them."""
    portal, request = functional_portal, getRequest()
    for name, value in {"bucket": s3_server.BUCKET, "region": s3_server.REGION, "endpoint": s3.endpoint}.items():
        api.portal.set_registry_record(f"collective.cfprivate.s3_{name}", value)
    add_behavior("File")
    setRoles(portal, TEST_USER_ID, ["Manager"])
    alsoProvides(request, IBrowserLayer)
    conf = tmp_path / "zope.conf"
    conf.touch()
    where = ["--zope-conf", conf, "--site", "Plone", "--as", "manager"]
    world = SimpleNamespace(portal=portal, opened=None, journal=tmp_path / "journal.jsonl")

    def open_site(**options):
        world.opened = options
        return nullcontext(portal)

    def run(name, *words):
        # As in a process of its own, nothing was loaded from the database yet.
        portal._p_jar.cacheMinimize()
        journal = ["--journal", world.journal] if name == "offload" else []
        return invoke(name, *words, *where, *journal)

    monkeypatch.setattr(commands, "open_site", open_site)
    world.run = run
    world.told = lambda name, *words: json.loads(run(name, *words, "--json").stdout)
    transaction.commit()
    return world


@pytest.fixture
def add_file(site):
    """A function that makes a File and commits."""

    def add(name="talk", data=FILM, *, filename="talk.mp4", content_type="video/mp4", **values):
        file = NamedBlobFile(data, contentType=content_type, filename=filename)
        item = api.content.create(site.portal, "File", name, title=name, file=file, **values)
        transaction.commit()
        return item

    return add


@pytest.fixture
def talk(add_file):
    """One File."""
    return add_file()


@pytest.fixture
def moved(site, talk):
    """A File that was moved to the bucket."""
    assert site.run("offload", "portal_type=File", "--do").exit_code == 0
    return talk


def key_of(item):
    return IProtectedMedia(item).object_key


def reasons(told):
    return {each["path"]: each["reason"] for each in told["skipped"]}


@pytest.fixture
def restarted(s3):
    """The server, which runs again at the end."""
    yield s3
    if s3._process is None:
        s3.start()


class TestDryRun:
    """Without --do."""

    def test_opens_the_site_for_who_may_configure(self, site, talk):
        site.run("offload", "portal_type=File")
        assert (site.opened["user"], site.opened["permission"]) == ("manager", CONFIGURE)

    def test_tells_item_size_and_key(self, site, talk):
        (item,) = site.told("offload", "portal_type=File")["items"]
        assert (item["path"], item["size"], item["key"].rpartition("/")[2]) == ("/talk", len(FILM), "talk.mp4")

    def test_names_the_roles_that_lose_the_file(self, site, talk):
        # File has no workflow here, so that View is everybody's, and Stream is the staff's.
        assert "Anonymous" in site.told("offload", "portal_type=File")["items"][0]["roles_that_only_view"]

    def test_changes_nothing(self, site, talk, bucket):
        before = [each.key for each in bucket.objects()]
        site.run("offload", "portal_type=File")
        assert (key_of(talk), talk.file.data, [each.key for each in bucket.objects()]) == (None, FILM, before)

    def test_says_so(self, site, talk):
        assert site.run("offload", "portal_type=File").stdout.splitlines()[-1] == (
            "1 to move (44 bytes), 0 skipped. Nothing was changed: this is what --do would do."
        )


class TestMove:
    def test_puts_the_bytes_into_the_bucket(self, moved, bucket, tmp_path):
        bucket.get_file(key_of(moved), tmp_path / "file")
        assert (tmp_path / "file").read_bytes() == FILM

    def test_tells_the_bucket_the_type(self, moved, bucket):
        assert bucket.head(key_of(moved)).content_type == "video/mp4"

    def test_empties_the_field_and_keeps_name_and_type(self, moved):
        assert (moved.file.getSize(), moved.file.filename, moved.file.contentType) == (0, "talk.mp4", "video/mp4")

    def test_is_in_the_database(self, moved):
        key = key_of(moved)
        transaction.abort()
        assert (key is not None, key_of(moved)) == (True, key)

    @pytest.fixture
    def rule(self):
        """A rule that looks something up whenever a protected item was changed, so that all is indexed by then."""

        def look(item, event):
            api.content.find(UID=item.UID())

        provideHandler(look, [IProtectedItem, IObjectModifiedEvent])
        yield
        getGlobalSiteManager().unregisterHandler(look, [IProtectedItem, IObjectModifiedEvent])

    def test_keeps_the_date_of_modification(self, site, talk, rule):
        talk.modification_date = long_ago = DateTime("2020-01-01T00:00:00Z")
        talk.reindexObject(idxs=["modified"])
        transaction.commit()
        site.run("offload", "portal_type=File", "--do")
        (brain,) = api.content.find(UID=talk.UID())
        assert (talk.modified(), brain.modified) == (long_ago, long_ago)

    def test_indexes_the_medium(self, moved):
        assert [brain.getId for brain in api.content.find(cfprivate_kind="video")] == ["talk"]

    def test_fires_one_event_for_an_item(self, site, talk):
        fired = []
        provideHandler(fired.append, [IMediumChanged])
        try:
            site.run("offload", "portal_type=File", "--do")
        finally:
            getGlobalSiteManager().unregisterHandler(fired.append, [IMediumChanged])
        assert [(event.object.getId(), event.fields) for event in fired] == [("talk", ("object_key",))]

    def test_takes_what_is_larger_than_a_part(self, site, add_file, bucket):
        item = add_file(data=b"nine!" * 2 * 1024 * 1024)
        site.run("offload", "portal_type=File", "--do")
        assert bucket.head(key_of(item)).size == 10 * 1024 * 1024

    def test_leaves_no_journal(self, site, moved):
        assert not site.journal.exists()

    def test_tells_that_packing_frees_the_bytes(self, site, talk):
        printed = site.run("offload", "portal_type=File", "--do").stdout
        assert ("1 moved (44 bytes), 0 skipped." in printed, "zodbpack" in printed) == (True, True)

    def test_names_the_key_in_the_report(self, site, talk):
        told = site.told("offload", "portal_type=File", "--do")
        assert [each["key"] for each in told["items"]] == [key_of(talk)]

    def test_of_a_second_run_is_nothing(self, site, moved, bucket):
        before = [each.key for each in bucket.objects()]
        told = site.told("offload", "portal_type=File", "--do")
        assert (told["items"], reasons(told)) == ([], {"/talk": "has-medium"})
        assert [each.key for each in bucket.objects()] == before


class TestImage:
    @pytest.fixture
    def lake(self, site, add_behavior):
        """An Image of which Plone made a smaller one, that was moved."""
        add_behavior("Image")
        data = io.BytesIO()
        Image.new("RGB", (400, 300)).save(data, "JPEG")
        image = NamedBlobImage(data.getvalue(), filename="lake.jpg")
        item = api.content.create(site.portal, "Image", "lake", image=image)
        self.scale = item.restrictedTraverse("@@images").scale("image", scale="thumb").url
        transaction.commit()
        assert requests.get(self.scale, timeout=60).status_code == 200
        site.run("offload", "portal_type=Image", "--do")
        return item

    def test_is_moved(self, lake):
        assert (key_of(lake).endswith("/lake.jpg"), lake.image.getSize()) == (True, 0)

    def test_leaves_no_smaller_picture_behind(self, lake):
        answer = requests.get(self.scale, timeout=60)
        assert (answer.status_code, answer.content[:2] == b"\xff\xd8") == (404, False)

    @pytest.mark.parametrize("path", ["/view", "/@@images/image/large", "/@@images/image"])
    def test_breaks_no_page(self, lake, path):
        assert requests.get(f"{lake.absolute_url()}{path}", timeout=60).status_code < 500


class TestName:
    """The ending of the key says what the file is."""

    @pytest.mark.parametrize(
        ("filename", "content_type", "name"),
        [
            ("talk", "video/mp4", "talk.mp4"),
            ("talk.mp3", "video/webm", "talk.mp3.webm"),
            ("talk.webm", "application/octet-stream", "talk.webm"),
            ("paper.pdf", "application/pdf", "paper.pdf"),
        ],
    )
    def test_has_the_ending_of_the_kind(self, site, add_file, filename, content_type, name):
        add_file(filename=filename, content_type=content_type)
        (item,) = site.told("offload", "portal_type=File")["items"]
        assert item["key"].rpartition("/")[2] == name


class TestSkipped:
    def reason(self, site, query="portal_type=File"):
        (reason,) = reasons(site.told("offload", query, "--do")).values()
        return reason

    def test_with_an_empty_file(self, site, add_file):
        add_file(data=b"")
        assert self.reason(site) == "empty"

    def test_without_a_file(self, site, talk):
        talk.file = None
        transaction.commit()
        assert self.reason(site) == "no-file"

    def test_of_no_format_that_is_shown(self, site, add_file):
        add_file(filename="program.exe", content_type="application/x-msdownload")
        assert self.reason(site) == "no-format"

    def test_of_a_playlist(self, site, add_file):
        add_file(filename="master.m3u8", content_type="application/vnd.apple.mpegurl")
        assert self.reason(site) == "playlist"

    def test_locked_by_whomever(self, site, talk):
        alsoProvides(talk, ITTWLockable)
        ILockable(talk).lock()
        transaction.commit()
        assert self.reason(site) == "locked"

    def test_checked_out(self, site, talk):
        applyProfile(site.portal, "plone.app.iterate:default")
        alsoProvides(talk, ITTWLockable, IIterateAware)
        copy = ICheckinCheckoutPolicy(talk).checkout(site.portal)
        transaction.commit()
        told = reasons(site.told("offload", "portal_type=File", "--do"))
        assert told == {"/talk": "locked", f"/{copy.getId()}": "working-copy"}

    def test_without_permission(self, site, talk):
        Permission(MANAGE, (), talk).setRoles(("Reviewer",))
        transaction.commit()
        assert self.reason(site) == "not-permitted"

    def test_with_a_medium(self, site, talk):
        IProtectedMedia(talk).object_key = "talks/other.mp4"
        transaction.commit()
        assert (self.reason(site), talk.file.data) == ("has-medium", FILM)

    def test_of_a_type_without_the_behavior_which_is_named(self, site):
        api.content.create(site.portal, "Document", "page")
        transaction.commit()
        (skipped,) = site.told("offload", "portal_type=Document")["skipped"]
        assert "collective.cfprivate.protected_media" in skipped["message"]

    def test_of_a_type_without_a_field_for_a_file(self, site, make_video):
        make_video(site.portal)
        transaction.commit()
        assert self.reason(site, "portal_type=Protected Video") == "no-field"


class TestQuery:
    def refused(self, site, *words):
        ended = site.run("offload", *words, "--do")
        return ended.exit_code, ended.stderr

    def test_of_a_wrong_index_is_refused_by_its_name(self, site, talk):
        code, told = self.refused(site, "portal_typ=File")
        assert (code, "portal_typ" in told, key_of(talk)) == (1, True, None)

    @pytest.mark.parametrize(
        "word",
        [
            "portal_type=",
            '{"portal_type": []}',
            '{"path": {"depth": 1}}',
            "{}",
            "{",
            "File",
            "getObjPositionInParent=1",
        ],
    )
    def test_that_the_catalog_would_pass_over_is_refused(self, site, talk, word):
        code, told = self.refused(site, word)
        assert (code, told.startswith("Error: "), key_of(talk)) == (1, True, None)

    def test_of_an_index_that_only_sorts_is_refused_by_its_name(self, site, talk):
        code, told = self.refused(site, "getObjPositionInParent=1")
        assert (code, "no index getObjPositionInParent" in told) == (1, True)

    @pytest.mark.parametrize("word", ["created=abc", '{"path": {"query": "/", "deep": 1}}'])
    def test_that_the_catalog_does_not_take_is_refused(self, site, talk, word):
        code, told = self.refused(site, word)
        assert (code, "does not take the query" in told, key_of(talk)) == (1, True, None)

    def test_that_finds_nothing_says_so(self, site, talk):
        code, told = self.refused(site, "portal_type=File", "path=/elsewhere")
        assert (code, "finds no item" in told, key_of(talk)) == (1, True, None)

    @pytest.mark.parametrize(
        "words",
        [
            ["portal_type=File", "path=/folder"],
            ['{"portal_type": ["File"], "path": {"query": "/folder", "depth": 1}}'],
            ["path=/plone/folder", "portal_type=File", "portal_type=Image"],
        ],
    )
    def test_begins_paths_at_the_site(self, site, talk, words):
        folder = api.content.create(site.portal, "Folder", "folder")
        api.content.copy(talk, folder)
        transaction.commit()
        assert [each["path"] for each in site.told("offload", *words)["items"]] == ["/folder/talk"]


class TestFailure:
    def test_of_the_bucket_leaves_the_item_and_says_so(self, site, talk, restarted):
        restarted.stop()
        ended = site.run("offload", "portal_type=File", "--do")
        transaction.abort()
        assert (ended.exit_code, key_of(talk), talk.file.data) == (1, None, FILM)
        assert "does not answer" in ended.stdout

    def test_in_the_middle_keeps_what_is_done_and_tries_no_more(self, site, add_file, restarted, monkeypatch):
        items = [add_file(name) for name in ("a", "b", "c")]
        put_file = Bucket.put_file

        def cut(self, path, key, **options):
            if key.endswith("/b.mp4"):
                restarted.stop()
            put_file(self, path, key, **options)

        for item in items:
            item.file.filename = f"{item.getId()}.mp4"
        transaction.commit()
        monkeypatch.setattr(Bucket, "put_file", cut)
        told = site.told("offload", "portal_type=File", "--do")
        transaction.abort()
        assert [bool(key_of(item)) for item in items] == [True, False, False]
        assert ([each["path"] for each in told["failed"]], told["not_tried"]) == (["/b"], ["/c"])

    @pytest.mark.parametrize("arrives", [FILM[:-1], FILM.upper()])
    def test_of_the_checksum_leaves_the_file(self, site, talk, monkeypatch, arrives, tmp_path):
        put_file = Bucket.put_file

        def spoiled(self, path, key, **options):
            (tmp_path / "spoiled").write_bytes(arrives)
            put_file(self, tmp_path / "spoiled", key, **options)

        monkeypatch.setattr(Bucket, "put_file", spoiled)
        ended = site.run("offload", "portal_type=File", "--do")
        assert (ended.exit_code, "checksum or size differs" in ended.stdout) == (1, True)
        assert (key_of(talk), talk.file.data) == (None, FILM)

    def test_without_a_bucket_in_the_settings_is_one_line(self, site, talk):
        api.portal.set_registry_record("collective.cfprivate.s3_bucket", "")
        ended = site.run("offload", "portal_type=File")
        assert (ended.exit_code, "No bucket is set" in ended.stderr) == (1, True)


@pytest.fixture
def uploads(monkeypatch):
    """The keys that were uploaded."""
    put_file, keys = Bucket.put_file, []

    def noted(self, path, key, **options):
        keys.append(key)
        put_file(self, path, key, **options)

    monkeypatch.setattr(Bucket, "put_file", noted)
    return keys


class TestTransactions:
    @pytest.fixture
    def conflicts(self, monkeypatch):
        """A function: the next so many commits of a batch end in a conflict."""
        left, commit = [], transaction.commit

        def conflicting():
            if left:
                left.pop()
                raise ConflictError
            commit()

        monkeypatch.setattr(batches.transaction, "commit", conflicting)
        return lambda number: left.extend([None] * number)

    def test_of_a_conflict_are_repeated_without_another_upload(self, site, talk, uploads, conflicts):
        conflicts(1)
        told = site.told("offload", "portal_type=File", "--do")
        transaction.abort()
        assert ([each["key"] for each in told["items"]], [key_of(talk)]) == (uploads, uploads)
        assert len(uploads) == 1

    def test_of_conflicts_without_end_leave_the_item_and_the_journal(self, site, talk, conflicts):
        conflicts(batches.ATTEMPTS)
        ended = site.run("offload", "portal_type=File", "--do")
        transaction.abort()
        assert (ended.exit_code, key_of(talk), talk.file.data, site.journal.exists()) == (1, None, FILM, True)

    def test_are_as_many_as_there_are_batches(self, site, add_file, monkeypatch):
        for name in "abcde":
            add_file(name)
        commits, commit = [], transaction.commit
        monkeypatch.setattr(batches.transaction, "commit", lambda: (commits.append(1), commit()))
        site.run("offload", "portal_type=File", "--do", "--batch", "2")
        assert len(commits) == 3


class TestResume:
    @pytest.fixture
    def broken(self, site, talk, uploads, monkeypatch):
        """A run that ended between the upload and the commit."""
        with monkeypatch.context() as patch:
            patch.setattr(batches.transaction, "commit", lambda: 1 / 0)
            site.run("offload", "portal_type=File", "--do")
        transaction.abort()
        assert (len(uploads), key_of(talk)) == (1, None)
        return talk

    def test_uploads_nothing_twice(self, site, broken, uploads):
        site.run("offload", "portal_type=File", "--do")
        assert [key_of(broken)] == uploads

    def test_passes_over_a_line_that_was_not_finished(self, site, broken, uploads):
        with open(site.journal, "a") as file:
            file.write('{"bucket": "me')
        site.run("offload", "portal_type=File", "--do")
        assert [key_of(broken)] == uploads

    def test_uploads_a_file_anew_that_is_another_now(self, site, broken, uploads, bucket):
        broken.file = NamedBlobFile(b"another", contentType="video/mp4", filename="talk.mp4")
        transaction.commit()
        site.run("offload", "portal_type=File", "--do")
        assert (len(uploads), bucket.head(key_of(broken)).size) == (2, len(b"another"))

    def test_uploads_anew_what_is_not_in_the_bucket_any_more(self, site, broken, uploads, bucket):
        bucket.delete(uploads[0])
        site.run("offload", "portal_type=File", "--do")
        assert key_of(broken) == uploads[1]

    def test_keeps_the_journal_for_its_owner(self, site, broken):
        assert site.journal.stat().st_mode & 0o777 == 0o600


class TestInterruption:
    def test_finishes_the_present_item_and_keeps_it(self, site, add_file, monkeypatch):
        items = [add_file(name) for name in ("a", "b")]
        put_file = Bucket.put_file

        def interrupted(self, path, key, **options):
            os.kill(os.getpid(), signal.SIGINT)
            put_file(self, path, key, **options)

        monkeypatch.setattr(Bucket, "put_file", interrupted)
        ended = site.run("offload", "portal_type=File", "--do", "--json")
        transaction.abort()
        assert [bool(key_of(item)) for item in items] == [True, False]
        assert (ended.exit_code, json.loads(ended.stdout)["not_tried"]) == (1, ["/b"])

    def test_leaves_the_handler_as_it_was(self, site, talk):
        before = signal.signal(signal.SIGINT, lambda *of_signal: None)
        try:
            own = signal.getsignal(signal.SIGINT)
            site.run("offload", "portal_type=File", "--do")
            assert signal.getsignal(signal.SIGINT) is own
        finally:
            signal.signal(signal.SIGINT, before)


class TestVersions:
    """CMFEditions keeps the bytes of older versions, and nobody gets at them by going back."""

    @pytest.fixture
    def reverted(self, site, talk):
        repository = api.portal.get_tool("portal_repository")
        repository.setVersionableContentTypes([*repository.getVersionableContentTypes(), "File"])
        # A version brings back the annotations that it has.
        IAnnotations(talk)["another"] = True
        repository.save(talk)
        transaction.commit()
        site.run("offload", "portal_type=File", "--do")
        repository.revert(talk, 0)
        transaction.commit()
        return site.portal["talk"]

    def test_have_their_bytes(self, reverted):
        assert reverted.file.data == FILM

    def test_keep_the_medium(self, reverted):
        assert key_of(reverted) is not None

    def test_do_not_give_their_bytes_by_the_old_link(self, reverted):
        view = reverted.restrictedTraverse("@@download")
        assert view() == "" and view.request.response.getHeader("Location").endswith("/talk/@@media?download=1")


class TestTranslations:
    """Each has a file of its own."""

    @pytest.fixture
    def films(self, site):
        api.portal.get_tool("portal_languages").addSupportedLanguage("ja")
        applyProfile(site.portal, "plone.app.multilingual:default")
        for language in ("en", "ja"):
            file = NamedBlobFile(language.encode(), contentType="video/mp4", filename=f"{language}.mp4")
            api.content.create(site.portal[language], "File", "film", file=file, language=language)
        english, japanese = (site.portal[language]["film"] for language in ("en", "ja"))
        ITranslationManager(english).register_translation("ja", japanese)
        transaction.commit()
        return english, japanese

    def test_get_no_medium_of_another(self, site, films):
        site.run("offload", "path=/en/film", "--do")
        transaction.abort()
        english, japanese = films
        assert (key_of(english).endswith("/en.mp4"), key_of(japanese), japanese.file.data) == (True, None, b"ja")

    def test_get_each_its_own(self, site, films):
        site.run("offload", "portal_type=File", "--do")
        assert [key_of(each).rpartition("/")[2] for each in films] == ["en.mp4", "ja.mp4"]


class TestLinks:
    """Those to the file of an item that was moved."""

    @pytest.fixture
    def ask(self, site, moved, configure, add_user):
        configure()
        add_user("member")
        add_user("watcher")
        api.user.grant_roles(username="watcher", roles=["Media Viewer"], obj=moved)
        add_user("editor", "Editor")
        add_user("manager", "Manager")
        transaction.commit()

        def get(path="", login=None, **options):
            auth = (login, f"secret-of-{login}") if login else None
            return requests.get(
                f"{moved.absolute_url()}{path}", auth=auth, timeout=60, **{"allow_redirects": False, **options}
            )

        return get

    @pytest.mark.parametrize("path", ["/@@download", "/@@download/file", "/@@download/file/talk.mp4", "/download"])
    def test_to_save_lead_to_the_stable_link(self, ask, moved, path):
        answer = ask(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{moved.absolute_url()}/@@media?download=1")

    @pytest.mark.parametrize("path", ["", "/@@display-file/file"])
    def test_to_show_lead_to_the_stable_link(self, ask, moved, path):
        answer = ask(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{moved.absolute_url()}/@@media")

    def test_are_kept_by_no_cache(self, ask):
        assert ask("/@@download/file").headers["Cache-Control"] == "private, no-store"

    def test_by_uid_lead_there_too(self, ask, site, moved):
        url = f"{site.portal.absolute_url()}/resolveuid/{moved.UID()}/@@download/file"
        answer = requests.get(url, auth=("editor", "secret-of-editor"), timeout=60, allow_redirects=False)
        then = requests.get(
            answer.headers["Location"], auth=("editor", "secret-of-editor"), timeout=60, allow_redirects=False
        )
        assert then.headers["Location"] == f"{moved.absolute_url()}/@@media?download=1"

    @pytest.mark.parametrize(
        ("login", "status"), [(None, 401), ("member", 403), ("watcher", 403), ("editor", 302), ("manager", 302)]
    )
    def test_give_the_file_to_who_may_download(self, ask, login, status):
        path = ask("/@@download/file", login).headers["Location"].partition("/talk")[2]
        assert ask(path, login).status_code == status

    @pytest.mark.parametrize(("login", "status"), [(None, 401), ("member", 403), ("watcher", 302)])
    def test_show_the_file_to_who_may_watch(self, ask, login, status):
        path = ask("", login).headers["Location"].partition("/talk")[2]
        assert ask(path, login).status_code == status

    def test_are_closed_to_who_may_not_view_the_item(self, ask, moved):
        moved.manage_permission("View", ["Manager"], acquire=0)
        transaction.commit()
        assert "/@@media" not in ask("/@@download/file", "member").headers.get("Location", "")

    def test_have_no_second_player_on_the_page(self, ask):
        page = ask("/view", "watcher").text
        assert (page.count("<video"), "<cfprivate-player" in page) == (1, True)

    def test_tell_on_the_page_the_size_of_the_file(self, ask):
        page = ask("/view", "watcher").text
        assert (human_readable_size(len(FILM)) in page, human_readable_size(0) in page) == (True, False)

    def test_stay_when_the_item_is_edited(self, ask, moved, site):
        browser = Browser(site.portal.aq_parent)
        browser.addHeader("Authorization", "Basic manager:secret-of-manager")
        browser.open(f"{moved.absolute_url()}/edit")
        browser.getControl(name="form.widgets.title").value = "Another title"
        browser.getControl(name="form.buttons.save").click()
        transaction.abort()
        assert (moved.title, is_in_bucket(moved, "file", moved.file)) == ("Another title", True)

    def test_stay_as_they_are_where_nothing_was_moved(self, ask, add_file):
        other = add_file("other", b"another file")
        answer = requests.get(f"{other.absolute_url()}/@@download/file", timeout=60)
        assert answer.content == b"another file"

    def test_of_a_copy_that_came_without_the_medium_give_nothing(self, ask, moved, site):
        copy = api.content.copy(moved, site.portal, "copy")
        IProtectedMedia(copy).object_key = None
        transaction.commit()
        assert requests.get(f"{copy.absolute_url()}/@@download/file", timeout=60).content == b""


class TestBringBack:
    def run(self, site, *options):
        return site.told("bring-back", "portal_type=File", "--accept-view", *options)

    def test_refuses_what_more_people_may_view_than_watch(self, site, moved):
        told = site.told("bring-back", "portal_type=File", "--do")
        assert (reasons(told), moved.file.getSize()) == ({"/talk": "too-open"}, 0)

    def test_of_what_everybody_may_watch_needs_no_word(self, site, moved):
        Permission(STREAM, (), moved).setRoles(("Anonymous",))
        transaction.commit()
        site.run("bring-back", "portal_type=File", "--do")
        assert moved.file.data == FILM

    def test_names_the_roles_that_get_the_file(self, site, moved):
        assert "Anonymous" in self.run(site)["items"][0]["roles_that_only_view"]

    def test_without_do_changes_nothing(self, site, moved):
        self.run(site)
        assert (moved.file.getSize(), key_of(moved) is None) == (0, False)

    def test_brings_the_very_file(self, site, moved):
        self.run(site, "--do")
        transaction.abort()
        assert (moved.file.data, moved.file.filename, moved.file.contentType) == (FILM, "talk.mp4", "video/mp4")

    def test_takes_the_key_and_the_note(self, site, moved):
        self.run(site, "--do")
        assert (key_of(moved), OFFLOADED in moved.__annotations__) == (None, False)

    def test_leaves_the_object(self, site, moved, bucket):
        key = key_of(moved)
        self.run(site, "--do")
        assert bucket.head(key).size == len(FILM)

    def test_keeps_the_date_of_modification(self, site, moved):
        before = moved.modified()
        self.run(site, "--do")
        assert moved.modified() == before

    def test_gives_the_file_by_its_link_again(self, site, moved):
        self.run(site, "--do")
        assert requests.get(f"{moved.absolute_url()}/@@download/file", timeout=60).content == FILM

    def test_brings_what_was_uploaded_otherwise(self, site, talk, bucket, tmp_path):
        (tmp_path / "lake").write_bytes(b"a picture")
        bucket.put_file(tmp_path / "lake", "pictures/lake.jpg", content_type="image/jpeg")
        talk.file = None
        IProtectedMedia(talk).object_key = "pictures/lake.jpg"
        transaction.commit()
        self.run(site, "--do")
        assert (talk.file.data, talk.file.filename, talk.file.contentType) == (b"a picture", "lake.jpg", "image/jpeg")

    def test_of_other_bytes_leaves_the_item(self, site, moved, s3):
        (s3.bucket / key_of(moved)).write_bytes(FILM.upper())
        told = self.run(site, "--do")
        assert ("checksum or size differs" in told["failed"][0]["message"], moved.file.getSize()) == (True, 0)

    def test_of_a_missing_object_leaves_the_item(self, site, moved, bucket):
        bucket.delete(key_of(moved))
        told = self.run(site, "--do")
        assert ("There is no file" in told["failed"][0]["message"], key_of(moved) is None) == (True, False)

    def test_of_a_missing_object_goes_on_with_the_others(self, site, moved, add_file, bucket):
        other = add_file("zebra")
        site.run("offload", "portal_type=File", "--do")
        bucket.delete(key_of(moved))
        told = self.run(site, "--do")
        assert ([each["path"] for each in told["failed"]], other.file.data) == (["/talk"], FILM)

    def test_skips_what_somebody_attached_that_is_not_there(self, site, talk):
        talk.file = None
        IProtectedMedia(talk).object_key = "talks/nowhere.mp4"
        transaction.commit()
        assert reasons(self.run(site)) == {"/talk": "no-object"}

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"object_key": "talks/a/master.m3u8"}, "playlist"),
            ({"renditions": ("talks/a.webm",)}, "more-files"),
            ({"object_key": None}, "no-medium"),
        ],
    )
    def test_skips_what_no_field_can_hold(self, site, moved, values, reason):
        for name, value in values.items():
            setattr(IProtectedMedia(moved), name, value)
        transaction.commit()
        assert reasons(self.run(site, "--do")) == {"/talk": reason}

    def test_skips_a_file_that_is_here(self, site, moved):
        moved.file = NamedBlobFile(b"newer", contentType="video/mp4", filename="newer.mp4")
        transaction.commit()
        assert (reasons(self.run(site, "--do")), moved.file.data) == ({"/talk": "has-file"}, b"newer")

    def test_fetches_once_for_a_conflict(self, site, moved, monkeypatch):
        fetched, get_file, commit, left = [], Bucket.get_file, transaction.commit, [None]

        def conflicting():
            if left:
                left.pop()
                raise ConflictError
            commit()

        monkeypatch.setattr(
            Bucket, "get_file", lambda *args, **options: (fetched.append(1), get_file(*args, **options))
        )
        monkeypatch.setattr(batches.transaction, "commit", conflicting)
        self.run(site, "--do")
        transaction.abort()
        assert (len(fetched), moved.file.data) == (1, FILM)
