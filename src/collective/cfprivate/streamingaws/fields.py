"""What an item of c2.app.streamingaws says, in the fields of a Protected Video."""

from ..media.behavior import InvalidMediaKey
from ..media.behavior import valid_image_key
from ..media.behavior import valid_media_key
from ..media.formats import kind_of
from .export import FILES
from .export import Refused
from collections.abc import Callable
from DateTime import DateTime
from DateTime.interfaces import DateTimeError
from plone import api
from zope.i18n import translate


TEXTS = ("description", "rights")
LISTS = ("subjects", "creators", "contributors")
# And the attributes in which Plone keeps them; its fields would cut off the seconds.
DATES = {"effective": "effective_date", "expires": "expiration_date", "created": "creation_date"}

# What Plone writes for no date.
FIRST_YEAR, LAST_YEAR = 1970, 2499


def fields_of(item: dict, notes: list[str]) -> dict[str, object]:
    """The fields as plone.restapi takes them; raises ``Refused``. ``notes`` gets what had to be left out, and why."""
    files = [key for name in FILES if (key := _key(item, name, _check_video, notes))]
    if not files:
        raise Refused(_why_no_file(item, notes))
    poster = _key(item, "thumbnail_filename", valid_image_key, notes)
    media = {"object_key": files[0], "renditions": files[1:], "poster": poster}
    return {**_described(item, notes), **media}


def dates_of(item: dict, notes: list[str]) -> dict[str, DateTime]:
    """The dates that there are, by the names of the attributes in which Plone keeps them."""
    return {attribute: date for name, attribute in DATES.items() if (date := _date(item.get(name), name, notes))}


def _date(value: object, name: str, notes: list[str]) -> DateTime | None:
    if value is None:
        return None
    try:
        date = DateTime(value) if isinstance(value, str) else None
    except DateTimeError:
        date = None
    if date is None:
        notes.append(f"{name} is not used: it is no date.")
        return None
    return date if FIRST_YEAR <= date.year() < LAST_YEAR else None


def _described(item: dict, notes: list[str]) -> dict[str, object]:
    texts = {name: item[name] for name in TEXTS if _is_text(item.get(name))}
    lists = {name: item[name] for name in LISTS if isinstance(item.get(name), list) and all(map(_is_text, item[name]))}
    title = item.get("title")
    name = str(item.get("id") or item.get("@id")).rpartition("/")[2]
    return {"title": title if _is_text(title) else name, **texts, **lists, **_language(item, notes)}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _language(item: dict, notes: list[str]) -> dict[str, str]:
    value = item.get("language")
    code = value.get("token") if isinstance(value, dict) else value
    if not _is_text(code):
        return {}
    if code not in api.portal.get_tool("portal_languages").getSupportedLanguages():
        notes.append("language is not used: this site does not have it.")
        return {}
    return {"language": code}


def _key(item: dict, name: str, check: Callable[[str], object], notes: list[str]) -> str | None:
    value = item.get(name) or ""
    if not isinstance(value, str):
        notes.append(f"{name} is not used: it is no text.")
        return None
    try:
        check(value.strip())
    except InvalidMediaKey as error:
        notes.append(f"{name} is not used: {translate(error.doc())}")
        return None
    return value.strip() or None


def _check_video(key: str) -> None:
    valid_media_key(key)
    if key and kind_of(key) != "video":
        raise InvalidMediaKey("It is no video.")


def _why_no_file(item: dict, notes: list[str]) -> str:
    status = item.get("trans_coder_status")
    told = status.get("token") if isinstance(status, dict) else status
    reasons = [note for note in notes if note.startswith(FILES)]
    return " ".join(reasons) or f"It has neither hls_video nor mp4_video; its transcoder says {told or 'nothing'}."
