"""The format "Protected medium" in TinyMCE's menu of formats: it marks a link as one that shows the medium in the text."""

from .in_text import MARK
from plone import api

import json


# "Title|format"; it is shown as it stands here, TinyMCE's menu has no translations for formats of a site.
STYLE = f"Protected medium|{MARK}"
FORMAT = {"selector": "a", "classes": MARK}

_STYLES = "plone.inline_styles"
_FORMATS = "plone.formats"


def offer() -> None:
    """Put the format into the editor of the current site, once, beside those that the site has."""
    styles = api.portal.get_registry_record(_STYLES) or []
    if STYLE not in styles:
        api.portal.set_registry_record(_STYLES, [*styles, STYLE])
    _store({**_formats(), MARK: FORMAT})


def withdraw() -> None:
    """Take the format out of the editor of the current site; links keep their class."""
    styles = api.portal.get_registry_record(_STYLES) or []
    api.portal.set_registry_record(_STYLES, [style for style in styles if style != STYLE])
    _store({name: value for name, value in _formats().items() if name != MARK})


def _formats() -> dict:
    return json.loads(api.portal.get_registry_record(_FORMATS) or "{}")


def _store(formats: dict) -> None:
    # Written as Plone's own default is, so that it is the same again after uninstalling.
    if formats != _formats():
        api.portal.set_registry_record(_FORMATS, json.dumps(formats, indent=4))
