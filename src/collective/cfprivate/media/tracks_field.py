"""The field of the caption tracks: JSON, of which what JSON Schema cannot say is checked, too."""

from ..i18n import _
from .tracks import checked_tracks
from .tracks import InvalidTrack
from .tracks import TRACKS
from collections.abc import Mapping
from plone import api
from plone.schema import IJSONField
from plone.schema import JSONField
from zope.component import getUtility
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.interface import implementer
from zope.schema import ValidationError
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.interfaces import WrongContainedType

import json


class ITracks(IJSONField):
    """The field, for its widget."""


class InvalidTracks(ValidationError):
    """Tells which track is wrong and why; plone.restapi answers 400 to a ``ValidationError`` only."""

    def doc(self):
        return self.args[0]


@implementer(ITracks)
class Tracks(JSONField):
    """A list of tracks as ``TRACKS`` has them."""

    def __init__(self, **options):
        super().__init__(schema=json.dumps(dict(TRACKS)), **options)

    def fromUnicode(self, value):
        """The tracks that a text says, as REST clients may send them."""
        try:
            return super().fromUnicode(value)
        # What is no JSON, Plone reads as Python, which refuses in these ways.
        except (MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
            raise self._no_list(value, "It is no JSON.") from None

    def _validate(self, value):
        try:
            super()._validate(value)
        except WrongContainedType as error:
            raise self._no_list(value, str(error.args[0])[:200]) from None
        if not value:
            return  # as the default, which is checked before there is a site
        try:
            checked_tracks(value, languages())
        except InvalidTrack as error:
            raise InvalidTracks(_numbered(error)).with_field_and_value(self, value) from None

    def _no_list(self, value: object, reason: str) -> InvalidTracks:
        mapping = {"reason": reason}
        sentence = _("error_tracks", default="This is no list of caption tracks: ${reason}", mapping=mapping)
        return InvalidTracks(sentence).with_field_and_value(self, value)


def languages() -> Mapping[str, str]:
    """The titles of the languages that tracks may have, by their tags: all that Plone knows."""
    factory = getUtility(IVocabularyFactory, name="plone.app.vocabularies.AvailableContentLanguages")
    return {term.value: translate(term.title, context=getRequest()) for term in factory(api.portal.get())}


def _numbered(error: InvalidTrack):
    return _(
        "error_track",
        default="Caption track ${number}: ${reason}",
        # Translated here, because a message within a message is told by its id where nobody translates.
        mapping={"number": error.number, "reason": translate(error.args[0], context=getRequest())},
    )
