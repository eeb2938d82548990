"""The form of the caption tracks: a row for each, and one for a new track."""

from ..i18n import _
from .tracks import kept_as
from .tracks import tracks_of
from .tracks_field import ITracks
from .tracks_field import languages
from dataclasses import dataclass
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form.browser.widget import HTMLFormElement
from z3c.form.converter import BaseDataConverter
from z3c.form.interfaces import DISPLAY_MODE
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import IFormLayer
from z3c.form.interfaces import IWidget
from z3c.form.interfaces import NO_VALUE
from z3c.form.widget import FieldWidget
from z3c.form.widget import Widget
from zope.component import adapter
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.interface import implementer
from zope.interface import implementer_only


KIND_TITLES = {
    "captions": _("choice_captions", default="Captions: what is said and heard, for who cannot hear it"),
    "subtitles": _("choice_subtitles", default="Subtitles: what is said, in another language"),
    "descriptions": _("choice_descriptions", default="Descriptions: what is seen, to be read aloud"),
    "chapters": _("choice_chapters", default="Chapters: titles of parts"),
}


KIND_NAMES = {
    "captions": _("kind_captions", default="captions"),
    "subtitles": _("kind_subtitles", default="subtitles"),
    "descriptions": _("kind_descriptions", default="descriptions"),
    "chapters": _("kind_chapters", default="chapters"),
}


class ITracksWidget(IWidget):
    """The widget."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the row of a track is filled in with; ``kept`` names the stored track whose text it has, or is empty."""

    number: int
    language: str = ""
    kind: str = "captions"
    label: str = ""
    default: bool = False
    object_key: str = ""
    kept: str = ""


@implementer_only(ITracksWidget)
class TracksWidget(HTMLFormElement, Widget):
    """Rows without scripts: who needs several new tracks saves several times."""

    klass = "cfprivate-tracks"
    template = ViewPageTemplateFile("tracks_widget.pt")
    display = ViewPageTemplateFile("tracks_display.pt")

    def render(self):
        """The rows; or, where they are only shown, the list of the tracks."""
        return self.display() if self.mode == DISPLAY_MODE else self.template()

    @property
    def shown(self) -> list[str]:
        """Each track in a line of words."""
        return [f"{track.label} ({track.language}, {self._title(track.kind)})" for track in tracks_of(self.value)]

    def _title(self, kind: str) -> str:
        return translate(KIND_NAMES[kind], context=self.request)

    @property
    def rows(self) -> list[Row]:
        """A row for each track, and one that is empty."""
        rows = [self._row(number, track) for number, track in enumerate(self.value or ())]
        return [*rows, Row(number=len(rows))]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Tags and titles, in the order of the titles."""
        return sorted(languages().items(), key=lambda pair: pair[1])

    @property
    def kinds(self) -> list[tuple[str, Message]]:
        """Words and titles."""
        return list(KIND_TITLES.items())

    def extract(self, default=NO_VALUE):
        """The tracks of the rows that were filled in and not removed; where the form has no rows, those that are kept."""
        number = self.request.form.get(f"{self.name}-rows")
        if not isinstance(number, str) or not number.isdecimal():
            return [kept_as(track) for track in self._stored()] or default
        rows = (self._entered(row) for row in range(min(int(number), 1000)))
        return [row for row in rows if row is not None]

    def _row(self, number: int, track: dict) -> Row:
        kept = next((stored.name for stored in self._stored() if stored.text and stored.text == track.get("text")), "")
        shown = {name: track[name] for name in ("language", "kind", "label", "default", "object_key") if name in track}
        return Row(number=number, kept=kept, **shown)

    def _entered(self, row: int) -> dict | None:
        form = {
            name: self.request.form.get(f"{self.name}.{row}.{name}") for name in (*Row.__dataclass_fields__, "file")
        }
        if not form["language"] or self.request.form.get(f"{self.name}.{row}.remove"):
            return None
        track = {"language": form["language"], "kind": form["kind"] or "captions", "default": bool(form["default"])}
        track["label"] = form["label"] or ""
        return {**track, **self._source(form)}

    def _source(self, form: dict) -> dict[str, str]:
        object_key = {"object_key": form["object_key"]} if form["object_key"] else {}
        if _is_upload(form["file"]):
            return {"text": _content(form["file"]).decode(errors="surrogateescape"), **object_key}
        if object_key:
            return object_key
        kept = (stored.text for stored in self._stored() if stored.text and stored.name == form["kept"])
        return {"text": text} if (text := next(kept, "")) else {}

    def _stored(self) -> tuple:
        adapted = self.field.interface(self.context, None) if self.field else None
        return tracks_of(adapted.tracks) if adapted is not None else ()


def _is_upload(upload: object) -> bool:
    """Whether a file was chosen: browsers send an empty one without a name where none was."""
    return bool(getattr(upload, "filename", ""))


def _content(upload) -> bytes:
    upload.seek(0)  # a form reads its widgets more than once
    return upload.read()


@adapter(ITracks, IFormLayer)
@implementer(IFieldWidget)
def TracksFieldWidget(field, request):
    """The widget, bound to the field."""
    return FieldWidget(field, TracksWidget(request))


@adapter(ITracks, ITracksWidget)
class TracksConverter(BaseDataConverter):
    """Tracks are the same in the form and at the item."""

    def toWidgetValue(self, value):
        return list(value or ())

    def toFieldValue(self, value):
        return list(value or ())
