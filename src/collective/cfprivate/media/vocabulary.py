"""The kinds of media, for who chooses among them."""

from ..i18n import _
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


KINDS = SimpleVocabulary([
    SimpleTerm("video", "video", _("choice_video", default="Video")),
    SimpleTerm("audio", "audio", _("choice_audio", default="Sound")),
    SimpleTerm("image", "image", _("choice_image", default="Image")),
    SimpleTerm("document", "document", _("choice_document", default="Document")),
])


def kinds(context) -> SimpleVocabulary:
    """What criteria of collections choose from (``IVocabularyFactory``)."""
    return KINDS
