"""Every word of the controls is among those that the server translates."""

from collective.cfprivate.playback.labels import LABELS
from html import escape
from player_site import AUDIO
from player_site import HLS_TYPE
from player_site import HLS_VIDEO
from player_site import source
from player_site import STATIC

import json
import pytest
import re


WORDS = {str(label) for label in LABELS}
# The bundle's English words, and those that its code asks for.
ENGLISH = re.compile(r"""[{,](?:"([^"]+)"|([\w$]+)):"(?:\1|\2)"(?=[,}])""")
ASKED = re.compile(r"""[\w$]\("([^"]+)"[,)]""")
# The player does not count backwards.
UNUSED = {"{time} remaining"}
MARK = "※"
SEEN = """() => {
  const told = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (!element.checkVisibility()) continue;
      for (const name of ["aria-label", "aria-valuetext"]) told.push(element.getAttribute(name));
      told.push(...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data));
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document.querySelector("cfprivate-player").shadowRoot);
  return told.filter((text) => text && /[a-z]{2}/i.test(text)).map((text) => text.trim());
}"""


def test_every_word_that_the_bundle_asks_for_is_translated():
    text = (STATIC / "player.js").read_text()
    english = {first or second for first, second in ENGLISH.findall(text)}
    assert {"Play", "seek back {seekOffset} seconds"} <= english
    assert set(ASKED.findall(text)) & english - UNUSED <= WORDS


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("medium", [HLS_VIDEO, AUDIO])
def test_no_english_is_left_in_the_controls(page, site, medium, width):
    site.playlists()
    sources = [source("/tone.mp3", "audio/mpeg")] if medium == AUDIO else [source("/@@playlist/index.m3u8", HLS_TYPE)]
    labels = escape(json.dumps({word: MARK + word for word in WORDS}))
    csp = f"default-src 'self'; connect-src 'self' {site.cdn}; media-src 'self' {site.cdn} blob:"
    page.set_viewport_size({"width": width, "height": 700})
    track = '<track src="/captions.en.vtt" kind="captions" srclang="en" label="※">'
    attributes = f' lang="ja" data-labels="{labels}"'
    page.goto(site.page(sources, attributes, medium=medium, tracks=track, csp=csp))
    page.wait_for_function("() => document.querySelector('video, audio').readyState > 0")
    page.get_by_role("button", name=f"{MARK}play", exact=True).wait_for()
    seen = page.evaluate(SEEN)
    assert f"{MARK}play" in seen
    assert [text for text in seen if MARK not in text] == []
