"""The words of the player's controls, in the visitor's language."""

from ..i18n import _
from zope.i18n import translate

import json


# The words of media-chrome, as it spells them; docs/player.rst tells what the player does with them.
LABELS = (
    _("Play"),
    _("Pause"),
    _("play"),
    _("pause"),
    _("Seek backward"),
    _("Seek forward"),
    _("seek back {seekOffset} seconds"),
    _("seek forward {seekOffset} seconds"),
    _("Mute"),
    _("Unmute"),
    _("mute"),
    _("unmute"),
    _("volume"),
    _("seek"),
    _("playback time"),
    _("{currentTime} of {totalTime}"),
    _("hour"),
    _("hours"),
    _("minute"),
    _("minutes"),
    _("second"),
    _("seconds"),
    _("Playback rate"),
    _("Playback rate {playbackRate}"),
    _("Enter picture in picture mode"),
    _("Exit picture in picture mode"),
    _("enter picture in picture mode"),
    _("exit picture in picture mode"),
    _("Enter fullscreen mode"),
    _("Exit fullscreen mode"),
    _("enter fullscreen mode"),
    _("exit fullscreen mode"),
    _("Captions"),
    _("closed captions"),
    _("Off"),
    _("Quality"),
    _("quality"),
    _("Auto"),
    _("Settings"),
    _("settings"),
    _("Back to previous menu"),
    _("chapter: {chapterName}"),
    _("audio player"),
    _("video player"),
    _("media loading"),
    _("video not loaded, unknown time."),
)


def translated_labels(request) -> str | None:
    """English words to the visitor's, as a JSON object; None where all stay English."""
    labels = {str(label): translate(label, context=request) for label in LABELS}
    changed = {english: label for english, label in labels.items() if label != english}
    return json.dumps(changed, ensure_ascii=False) if changed else None
