"""The upload in a form: what it sends, how it goes on, and what it says."""

from player_site import MEDIA
from playwright.sync_api import expect
from upload_site import NAME
from upload_site import UploadSite

import chromium
import pytest
import re


pytestmark = pytest.mark.browser

FILE = bytes(range(256)) * 40  # in ten parts and a rest
JPEG = b"\xff\xd8\xff"
CLIP = MEDIA / "talk" / "talk.mp4"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => violations.push(violatedDirective));
"""


@pytest.fixture(scope="module")
def only_uploads():
    uploads = UploadSite()
    yield uploads
    uploads.close()


@pytest.fixture
def uploads(only_uploads):
    only_uploads.reset()
    return only_uploads


@pytest.fixture(scope="module")
def only_form(browser):
    """A page, and the errors of scripts in it."""
    page = browser.new_page()
    page.set_default_timeout(20_000)
    page.add_init_script(VIOLATIONS)
    chromium.hand_over_choosers(page)
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page, errors
    page.close()


@pytest.fixture
def form(only_form, uploads):
    """The form, in a browser that remembers nothing; what its scripts do wrong fails the test."""
    page, errors = only_form
    page.context.set_offline(False)
    page.goto(f"{uploads.url}/empty.html")
    page.evaluate("localStorage.clear()")
    errors.clear()
    page.goto(f"{uploads.url}/form.html")
    yield page
    page.goto(f"{uploads.url}/empty.html")
    assert errors == []


def file(name="film.bin", content=FILE, media_type="application/octet-stream"):
    return {"name": name, "mimeType": media_type, "buffer": content}


def part(form, field="object_key"):
    return form.locator(f"cfprivate-upload[data-field={field}]")


def choose(form, *files, field="object_key", button=re.compile(r"^Upload (a )?file")):
    with form.expect_file_chooser() as chooser:
        part(form, field).get_by_role("button", name=button).first.click()
    chooser.value.set_files(list(files))


def drop(form, *files, field="object_key"):
    transfer = form.evaluate_handle(
        """async (files) => {
          const transfer = new DataTransfer();
          for (const [name, type] of files) transfer.items.add(new File(["x".repeat(2500)], name, { type }));
          return transfer;
        }""",
        files,
    )
    zone = f"cfprivate-upload[data-field={field}] .cfprivate-upload-zone"
    form.dispatch_event(zone, "dragover", {"dataTransfer": transfer})
    form.dispatch_event(zone, "drop", {"dataTransfer": transfer})


def row(form, state, field="object_key"):
    return part(form, field).locator(f"li[data-state={state}]")


def value(form, name):
    return form.input_value(f"[name='{NAME}.{name}']")


def cut(number):
    return "cut"


def cut_after(count):
    """A bucket that takes so many parts, and then loses each."""
    left = iter(range(count))
    return lambda number: None if next(left, None) is not None else "cut"


class TestAFile:
    @pytest.fixture
    def sent(self, form):
        choose(form, file())
        row(form, "done").wait_for()
        return form

    def test_arrives_as_it_was(self, sent, uploads):
        assert uploads.finished["ticket0"] == FILE

    def test_has_its_key_in_the_field(self, sent):
        assert value(sent, "object_key") == "uploads/ticket0/film.bin"

    def test_is_signed_in_few_requests(self, sent, uploads):
        assert uploads.count("POST .*/sign") <= 3

    def test_sends_no_part_twice(self, sent, uploads):
        assert uploads.count("PUT") == 11

    def test_keeps_to_the_content_security_policy(self, sent):
        assert sent.evaluate("violations") == []

    def test_tells_its_size(self, sent):
        expect(row(sent, "done")).to_contain_text("10.2 kB")

    def test_has_no_progress_any_more(self, sent):
        expect(row(sent, "done").get_by_role("progressbar")).to_have_count(0)

    def test_is_remembered_by_nothing_that_signs(self, sent):
        assert "number=" not in sent.evaluate("localStorage.getItem('cfprivate-uploads')")

    def test_is_told_of_as_it_changes_the_field(self, form):
        form.evaluate("addEventListener('change', ({ target }) => (window.changed = target.value))")
        choose(form, file())
        row(form, "done").wait_for()
        assert form.evaluate("changed") == "uploads/ticket0/film.bin"


class TestAVideo:
    def test_gives_duration_form_and_poster(self, form, uploads):
        choose(form, CLIP)
        row(form, "done", "poster").wait_for()
        assert value(form, "duration") == "12"
        expect(row(form, "done")).to_contain_text(re.compile(r"\d+ . \d+, 0:12"))
        assert value(form, "poster") == "uploads/ticket1/talk-poster.jpg"
        assert uploads.finished["ticket1"].startswith(JPEG)

    def test_changes_no_duration_that_is_there(self, form):
        form.fill(f"[name='{NAME}.duration']", "7")
        choose(form, CLIP)
        row(form, "done", "poster").wait_for()
        assert value(form, "duration") == "7"

    def test_changes_no_poster_that_is_there(self, form, uploads):
        form.fill(f"[name='{NAME}.poster']", "own.jpg")
        choose(form, CLIP)
        expect(form.locator(f"[name='{NAME}.duration']")).to_have_value("12")
        assert (value(form, "poster"), len(uploads.sizes)) == ("own.jpg", 1)


class TestSeveral:
    def test_are_sorted_into_the_fields(self, form):
        drop(form, ("p.jpg", "image/jpeg"), ("a.webm", "video/webm"), ("b.mp4", "video/mp4"))
        row(form, "done", "renditions").wait_for()
        row(form, "done", "poster").wait_for()
        ends = [value(form, name).rpartition("/")[2] for name in ("object_key", "renditions", "poster")]
        assert ends == ["a.webm", "b.mp4", "p.jpg"]

    def test_further_ones_get_a_line_each(self, form):
        form.fill(f"[name='{NAME}.renditions']", "old.mp4")
        drop(form, ("a.mp4", "video/mp4"), ("b.mp4", "video/mp4"), field="renditions")
        expect(row(form, "done", "renditions")).to_have_count(2)
        lines = value(form, "renditions").splitlines()
        assert [line.rpartition("/")[2] for line in lines] == ["old.mp4", "a.mp4", "b.mp4"]

    def test_are_too_many_for_the_poster(self, form, uploads):
        drop(form, ("a.jpg", "image/jpeg"), ("b.jpg", "image/jpeg"), field="poster")
        expect(part(form, "poster").get_by_role("alert")).to_have_text("This field takes one file.")
        assert uploads.sizes == {}

    def test_an_image_has_its_width_behind_its_key(self, form):
        choose(form, MEDIA / "images" / "aurora.jpg")
        row(form, "done").wait_for()
        assert re.fullmatch(r"uploads/ticket0/aurora\.jpg \d+w", value(form, "object_key"))


class TestALostNetwork:
    def test_is_waited_for(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        uploads.put = lambda number: None
        row(form, "done").wait_for()
        assert uploads.finished["ticket0"] == FILE

    def test_has_nothing_sent_twice_that_has_arrived(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        before = uploads.count("PUT")
        uploads.put = lambda number: None
        row(form, "done").wait_for()
        assert uploads.count("PUT") - before == 11 - 4

    def test_is_taken_up_when_the_browser_has_it_again(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        form.context.set_offline(True)
        expect(row(form, "lost")).to_contain_text("It goes on as soon as there is one.")
        uploads.put = lambda number: None
        form.context.set_offline(False)
        row(form, "done").wait_for()
        assert uploads.finished["ticket0"] == FILE

    def test_says_when_it_tries_again(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        expect(row(form, "lost")).to_contain_text(re.compile(r"Next try in \d seconds?\."))


class TestPause:
    @pytest.fixture
    def paused(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        part(form).get_by_role("button", name="Pause").click()
        return form

    def test_sends_nothing(self, paused, uploads):
        row(paused, "paused").wait_for()
        before = len(uploads.asked)
        paused.wait_for_timeout(1500)  # the next try would have been a second after the last
        assert len(uploads.asked) == before

    def test_keeps_the_focus(self, paused):
        expect(part(paused).get_by_role("button", name="Go on")).to_be_focused()

    def test_goes_on(self, paused, uploads):
        uploads.put = lambda number: None
        part(paused).get_by_role("button", name="Go on").click()
        row(paused, "done").wait_for()
        assert uploads.finished["ticket0"] == FILE


class TestCancel:
    def test_takes_back_what_has_arrived(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        part(form).get_by_role("button", name="Cancel").click()
        expect(part(form).get_by_role("status")).to_have_text("The upload of film.bin is cancelled.")
        form.wait_for_function("localStorage.getItem('cfprivate-uploads') === '[]'")
        assert (uploads.count("DELETE"), uploads.parts, value(form, "object_key")) == (1, {}, "")

    def test_leaves_the_focus_where_one_can_go_on(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        part(form).get_by_role("button", name="Cancel").click()
        expect(part(form).get_by_role("button", name="Upload files…")).to_be_focused()


class TestReload:
    @pytest.fixture
    def reloaded(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        form.reload()
        uploads.put = lambda number: None
        row(form, "interrupted").wait_for()
        uploads.asked.clear()
        return form

    def test_tells_what_had_arrived(self, reloaded):
        expect(row(reloaded, "interrupted")).to_contain_text("39% had arrived")  # 4 of 10.24 parts

    @pytest.mark.parametrize("button", ["Choose the file…", "Upload files…"])
    def test_goes_on_with_the_same_file(self, form, uploads, button):
        form.evaluate("() => window.given = [new File([new Uint8Array(10240).fill(7)], 'a.bin', {lastModified: 1000})]")
        uploads.put = cut_after(4)
        give(form)
        row(form, "lost").wait_for()
        form.reload()
        uploads.put = lambda number: None
        row(form, "interrupted").wait_for()
        uploads.asked.clear()
        form.evaluate("() => window.given = [new File([new Uint8Array(10240).fill(7)], 'a.bin', {lastModified: 1000})]")
        part(form).get_by_role("button", name=button).evaluate(WITHOUT_DIALOG)
        part(form).get_by_role("button", name=button).click()
        row(form, "done").wait_for()
        assert uploads.finished["ticket0"] == bytes([7]) * 10240
        assert uploads.count("PUT") == 11 - 4

    def test_refuses_another_file(self, reloaded, uploads):
        choose(reloaded, file(content=FILE[::-1]), button="Choose the file…")
        expect(part(reloaded).get_by_role("alert")).to_contain_text("This is another file than the one")
        assert uploads.count("PUT") == 0

    def test_can_be_cancelled(self, reloaded, uploads):
        part(reloaded).get_by_role("button", name="Cancel").click()
        expect(row(reloaded, "interrupted")).to_have_count(0)
        reloaded.wait_for_function("localStorage.getItem('cfprivate-uploads') === '[]'")
        assert uploads.parts == {}

    def test_forgets_what_the_service_does_not_know(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        uploads.parts.clear()
        form.reload()
        form.wait_for_function("localStorage.getItem('cfprivate-uploads') === '[]'")
        expect(part(form).locator("li")).to_have_count(0)

    def test_offers_what_was_not_saved(self, form):
        choose(form, file())
        row(form, "done").wait_for()
        form.reload()
        form.fill(f"[name='{NAME}.object_key']", "")
        form.reload()
        part(form).get_by_role("button", name="Use it").click()
        assert value(form, "object_key") == "uploads/ticket0/film.bin"

    def test_offers_nothing_that_was_saved(self, form):
        choose(form, file())
        row(form, "done").wait_for()
        form.get_by_role("button", name="Save").click()
        form.wait_for_url("**/saved.html*")
        assert form.evaluate("localStorage.getItem('cfprivate-uploads')") == "[]"


# Give the upload the files of `given`, as if the browser's dialog had been used: that changes lastModified.
WITHOUT_DIALOG = """(button) => {
  const input = button.closest("cfprivate-upload").querySelector("input[type=file]");
  input.click = () => {
    const transfer = new DataTransfer();
    for (const file of given) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change"));
  };
}"""


def give(form):
    button = part(form).get_by_role("button", name="Upload files…")
    button.evaluate(WITHOUT_DIALOG)
    button.click()


class TestRefusals:
    def test_of_the_service_are_told_in_its_words(self, form, uploads):
        uploads.service = lambda asked: (415, {"type": "x", "message": "Files of this type are not taken."})
        choose(form, file())
        expect(row(form, "failed")).to_contain_text("Files of this type are not taken.")

    def test_of_a_busy_service_are_tried_again(self, form, uploads):
        uploads.service = lambda asked: (503, {"type": "x", "message": "The bucket is down."})
        choose(form, file())
        expect(row(form, "busy")).to_contain_text("The bucket is down. Next try in")
        uploads.service = lambda asked: None
        row(form, "done").wait_for()

    def test_of_an_expired_signature_are_signed_again(self, form, uploads):
        refused = iter([(403, "AccessDenied")])
        uploads.put = lambda number: next(refused, None)
        choose(form, file())
        row(form, "done").wait_for()
        assert uploads.finished["ticket0"] == FILE

    def test_of_all_signatures_name_clock_and_credentials(self, form, uploads):
        uploads.put = lambda number: (403, "RequestTimeTooSkewed")
        choose(form, file())
        expect(row(form, "failed")).to_contain_text("(RequestTimeTooSkewed): somebody has to look at the clock")

    def test_of_a_busy_bucket_are_tried_again(self, form, uploads):
        uploads.put = lambda number: (503, "SlowDown")
        choose(form, file())
        expect(row(form, "busy")).to_contain_text("The bucket has too much to do now (503). Next try in")

    @pytest.mark.parametrize("answer", [(507, "XMinioStorageFull"), (403, "QuotaExceeded")])
    def test_of_a_full_bucket_are_told_at_once(self, form, uploads, answer):
        uploads.put = lambda number: answer
        choose(form, file())
        expect(row(form, "failed")).to_contain_text("The bucket is full: somebody has to free some space")

    def test_of_cors_name_the_setting(self, form, uploads):
        uploads.allows = False
        choose(form, file())
        expect(row(form, "failed")).to_contain_text(f"CORS setting has to allow PUT from {uploads.url}")

    def test_can_be_tried_again(self, form, uploads):
        uploads.allows = False
        choose(form, file())
        row(form, "failed").wait_for()
        uploads.allows = True
        part(form).get_by_role("button", name="Try again").click()
        row(form, "done").wait_for()
        assert uploads.finished["ticket0"] == FILE

    def test_of_an_upload_that_is_gone_begin_anew(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        uploads.parts.clear()
        uploads.put = lambda number: None
        expect(row(form, "failed")).to_contain_text("There is no such upload.")
        part(form).get_by_role("button", name="Try again").click()
        row(form, "done").wait_for()
        assert uploads.finished["ticket1"] == FILE


class TestSave:
    def test_waits_for_the_upload(self, form, uploads):
        uploads.put = cut_after(4)
        choose(form, file())
        row(form, "lost").wait_for()
        form.get_by_role("button", name="Save").click()
        expect(part(form).get_by_role("alert")).to_contain_text("The upload of film.bin is not finished")
        assert form.url == f"{uploads.url}/form.html"


class TestScreenReaders:
    def test_hear_of_each_quarter_at_most(self, form):
        form.evaluate(
            """() => {
              window.heard = [];
              const status = document.querySelector("cfprivate-upload [role=status]");
              new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true });
            }"""
        )
        choose(form, file())
        row(form, "done").wait_for()
        heard = form.evaluate("heard")
        assert heard[0] == "The upload of film.bin begins."
        assert heard[-1] == "film.bin: Uploaded. Save the form to use it."
        assert len(heard) <= 8
