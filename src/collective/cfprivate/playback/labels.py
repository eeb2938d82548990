"""The words of the player's controls, in the visitor's language."""

from ..i18n import _
from functools import lru_cache
from zope.component import getUtility
from zope.component import queryUtility
from zope.i18n import translate
from zope.i18n.interfaces import INegotiator
from zope.i18n.interfaces import ITranslationDomain

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
    _("Start airplay"),
    _("start airplay"),
    _("stop airplay"),
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
    return _labels_in(language_of(request))


def language_of(request) -> str | None:
    """The visitor's language, among those into which the words are translated; None where there is none for him."""
    domain = queryUtility(ITranslationDomain, LABELS[0].domain)
    # zope.i18n.negotiate would know no language where the environment names none.
    return domain and getUtility(INegotiator).getLanguage(domain.getCatalogsInfo(), request)


@lru_cache(maxsize=64)
def _labels_in(language: str | None) -> str | None:
    labels = {str(label): translate(label, target_language=language) for label in LABELS}
    changed = {english: label for english, label in labels.items() if label != english}
    return json.dumps(changed, ensure_ascii=False) if changed else None
