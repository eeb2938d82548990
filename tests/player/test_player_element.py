"""The player in a browser, under a Content-Security-Policy without anything inline."""

from playwright.sync_api import expect

import pytest


pytestmark = pytest.mark.browser

VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
PLAYING = "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > 0.2; }"
PAUSED = "() => document.querySelector('video').paused"
READY = "() => document.querySelector('video').readyState >= HTMLMediaElement.HAVE_METADATA"
NO_SOURCE = "() => document.querySelector('video').networkState === HTMLMediaElement.NETWORK_NO_SOURCE"
FOCUSED = "document.querySelector('cfprivate-player').shadowRoot.activeElement?.localName"
START = "cfprivate-start-button"
MESSAGE = "The medium could not be loaded. Its link may have expired."


@pytest.fixture
def player(page, site):
    """A page with a player that is ready to play."""
    page.goto(site.page(head=site.script(VIOLATIONS)))
    page.wait_for_function(READY)
    return page


def test_without_javascript_the_browser_has_its_own_controls(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(site.page())
    expect(page.locator("cfprivate-player > video[controls]")).to_be_visible()
    expect(page.locator("media-controller")).to_have_count(0)
    page.close()


def test_the_play_button_plays(player):
    expect(player.locator("cfprivate-player > video:not([controls])")).to_be_visible()
    expect(player.locator("media-controller")).to_be_visible()
    assert player.evaluate(PAUSED)
    player.get_by_role("button", name="play", exact=True).click()
    player.wait_for_function(PLAYING)
    player.get_by_role("button", name="pause", exact=True).click()
    player.wait_for_function(PAUSED)


def test_the_start_button_plays_and_goes(player):
    start = player.locator(START)
    start.click()
    player.wait_for_function(PLAYING)
    expect(start).to_be_hidden()


def test_keys_work_after_the_start_button(player):
    player.locator(START).click()
    player.wait_for_function(PLAYING)
    expect(player.get_by_role("button", name="pause", exact=True)).to_be_focused()
    player.keyboard.press("k")
    player.wait_for_function(PAUSED)


def test_the_keyboard_passes_over_the_start_button(player):
    player.evaluate("document.body.prepend(document.querySelector('cfprivate-player'))")
    for _ in range(3):
        player.keyboard.press("Tab")
    expect(player.locator(".bottom media-play-button")).to_be_focused()
    expect(player.locator(START)).to_have_js_property("tabIndex", -1)


@pytest.mark.parametrize("width", [320, 340, 376, 480, 900])
def test_the_start_button_covers_no_other_control(page, site, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(site.page())
    start = page.locator(START).bounding_box()
    video = page.locator("video").bounding_box()
    assert start["width"] >= 44
    assert start["y"] > video["y"]
    others = [page.locator("media-time-range"), page.locator("media-time-display")]
    assert not any(overlap(start, other.bounding_box()) for other in others)


def overlap(one, other):
    across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
    return across and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]


@pytest.mark.parametrize("key", ["k", "Space"])
def test_a_key_plays_and_pauses(player, key):
    player.locator("media-controller").focus()
    player.keyboard.press(key)
    player.wait_for_function(PLAYING)
    player.keyboard.press(key)
    player.wait_for_function(PAUSED)


def test_arrow_keys_seek(player):
    player.get_by_role("button", name="mute", exact=True).focus()
    player.keyboard.press("ArrowRight")
    player.wait_for_function("() => document.querySelector('video').currentTime === 10")
    player.keyboard.press("ArrowLeft")
    player.wait_for_function("() => document.querySelector('video').currentTime === 0")


def test_the_tab_key_goes_through_the_controls_in_their_order(player):
    player.locator("media-controller").focus()
    names = []
    for _ in range(10):
        player.keyboard.press("Tab")
        names.append(player.evaluate(FOCUSED))
    assert names == [
        "media-time-range",
        "media-play-button",
        "media-seek-backward-button",
        "media-seek-forward-button",
        "media-mute-button",
        "media-volume-range",
        "media-playback-rate-button",
        "media-pip-button",
        "media-fullscreen-button",
        None,
    ]


def test_the_focus_is_seen(player):
    player.locator("media-controller").focus()
    for _ in range(2):
        player.keyboard.press("Tab")
    button = player.locator(".bottom media-play-button")
    expect(button).to_be_focused()
    assert "inset" in button.evaluate("element => getComputedStyle(element).boxShadow")


def test_the_full_screen_is_filled_with_the_video(player):
    player.get_by_role("button", name="enter fullscreen mode").click()
    expect(player.get_by_role("button", name="exit fullscreen mode")).to_be_visible()
    player.wait_for_function(
        "() => { const box = document.querySelector('video').getBoundingClientRect();"
        " return box.width === innerWidth && box.height === innerHeight; }"
    )
    player.get_by_role("button", name="exit fullscreen mode").click()
    expect(player.get_by_role("button", name="enter fullscreen mode")).to_be_visible()


def test_controls_have_names(player):
    for name in (
        "play",
        "seek back 10 seconds",
        "seek forward 10 seconds",
        "mute",
        "Playback rate 1",
        "enter picture in picture mode",
        "enter fullscreen mode",
    ):
        expect(player.get_by_role("button", name=name, exact=True)).to_be_visible()
    for name in ("seek", "volume"):
        expect(player.get_by_role("slider", name=name, exact=True)).to_be_visible()
    expect(player.get_by_role("region", name="video player: Talk")).to_be_visible()


def test_names_can_be_translated(page, site):
    labels = "{&quot;play&quot;: &quot;再生&quot;, &quot;video player&quot;: &quot;動画&quot;}"
    page.goto(site.page(attributes=f' lang="ja" data-labels="{labels}"'))
    expect(page.get_by_role("button", name="再生", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="動画: Talk")).to_be_visible()
    expect(page.get_by_role("button", name="mute", exact=True)).to_be_visible()


def test_nothing_breaks_the_content_security_policy(player):
    player.locator("media-time-range").hover()
    player.get_by_role("button", name="play", exact=True).click()
    player.wait_for_function(PLAYING)
    assert player.evaluate("violations") == []
    # The position of the time range is a rule that media-chrome adds to its style sheet.
    progress = player.locator("media-time-range").locator("#progress")
    player.wait_for_function("element => element.getBoundingClientRect().width > 0", arg=progress.element_handle())


@pytest.mark.parametrize("width", [320, 375, 500, 1100])
def test_the_controls_fit(page, site, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(site.page())
    expect(page.get_by_role("button", name="enter fullscreen mode")).to_be_visible()
    right = page.locator("media-controller").bounding_box()
    for button in page.locator(".bottom :is([role=button], media-time-display):visible").all():
        box = button.bounding_box()
        assert box["x"] >= right["x"] and box["x"] + box["width"] <= right["x"] + right["width"]
        assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_missing_file_is_explained(page, site):
    page.goto(site.page(sources="/expired.mp4"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(MESSAGE)
    expect(page.get_by_role("button", name="play", exact=True)).to_have_count(0)
    with page.expect_navigation():
        alert.get_by_role("button", name="Reload").click()
    expect(alert).to_contain_text(MESSAGE)


def test_the_explanation_can_be_translated(page, site):
    page.goto(site.page(sources="/expired.mp4", attributes=' data-error="期限切れです。" data-reload="再読み込み"'))
    expect(page.get_by_role("alert")).to_contain_text("期限切れです。")
    page.get_by_role("button", name="再読み込み").focus()
    with page.expect_navigation():
        page.keyboard.press("Space")


def test_a_failure_before_the_script_is_explained(page, site):
    page.goto(site.page(sources="/expired.mp4", script=""))
    page.wait_for_function(NO_SOURCE)
    page.add_script_tag(url="/player.js")
    expect(page.get_by_role("alert")).to_contain_text(MESSAGE)


def test_the_explanation_goes_when_the_video_comes(page, site):
    page.goto(site.page(sources="/expired.mp4"))
    page.get_by_role("button", name="Reload").focus()
    page.evaluate("document.querySelector('video').src = '/talk.mp4'")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()
    assert page.evaluate(FOCUSED) == "media-controller"


def test_a_video_that_plays_already_goes_on(page, site):
    page.goto(site.page(script=""))
    page.evaluate("() => { const v = document.querySelector('video'); v.muted = true; return v.play(); }")
    page.evaluate("document.querySelector('video').addEventListener('pause', () => { window.paused = true; })")
    page.wait_for_function(PLAYING)
    page.add_script_tag(url="/player.js")
    expect(page.get_by_role("button", name="pause", exact=True)).to_be_attached()
    moment = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_function(f"() => document.querySelector('video').currentTime > {moment} + 0.3")
    assert not page.evaluate("window.paused")


def test_where_the_controls_fail_the_browser_has_its_own(page, site):
    taken = site.script("customElements.define('media-controller', class extends HTMLElement {});")
    page.goto(site.page(head=taken))
    page.wait_for_function("() => customElements.get('cfprivate-player')")
    expect(page.locator("cfprivate-player > video[controls]:not([slot])")).to_be_visible()
    expect(page.locator("media-controller")).to_have_count(0)
    expect(page.locator("video")).to_have_js_property("controls", True)


def test_a_player_that_comes_later_is_upgraded(player):
    player.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        " '<cfprivate-player id=late><video controls src=/talk.mp4></video></cfprivate-player>')"
    )
    expect(player.locator("#late > video:not([controls])")).to_be_visible()
    expect(player.locator("#late media-controller")).to_be_visible()
    # Moved by another script, it is upgraded only once.
    player.evaluate("document.body.prepend(document.getElementById('late'))")
    expect(player.locator("#late media-controller")).to_have_count(1)


def test_who_wants_less_motion_gets_less(page, site):
    page.emulate_media(reduced_motion="reduce")
    page.goto(site.page())
    expect(page.get_by_role("button", name="play", exact=True)).to_be_visible()
    assert page.locator(".spinner").evaluate("e => getComputedStyle(e).animationName") == "none"
    assert page.locator(".bottom").evaluate("e => getComputedStyle(e).transitionDuration") == "0s"
