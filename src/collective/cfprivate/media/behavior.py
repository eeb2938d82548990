"""The behavior that attaches a medium to any content type."""

from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.object_key import check_object_key
from ..i18n import _
from ..interfaces import IProtectedItem
from ..interfaces import LONGEST_LIFETIME
from .formats import ending_of
from .formats import HLS_TYPE
from .formats import IMAGE_TYPES
from .formats import kind_of
from .formats import KINDS
from .formats import media_type_of
from .noted import note
from .renditions import Rendition
from .renditions import renditions_of
from .tracks import completed_tracks
from .tracks_field import languages
from .tracks_field import Tracks
from Acquisition import aq_base
from collections.abc import Callable
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.base.interfaces import IPloneSiteRoot
from plone.supermodel import model
from zope import schema
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.interface import Interface
from zope.interface import Invalid
from zope.interface import invariant
from zope.interface import provider


# A type may name the behavior either way.
BEHAVIOR_NAMES = {"collective.cfprivate.protected_media", "collective.cfprivate.media.behavior.IProtectedMedia"}

FIELDS = ("object_key", "renditions", "poster", "tracks", "duration", "offer_download", "lifetime")


class InvalidMediaKey(schema.ValidationError):
    """Tells what is wrong with this value; plone.restapi answers 400 to a ``ValidationError`` only."""

    def doc(self):
        return self.args[0]


def valid_media_key(key: str) -> bool:
    """Constraint of a field: nothing or an object key of a medium; raises ``InvalidMediaKey``."""
    _valid_key(key, tuple(ending for types in KINDS.values() for ending in types))
    if media_type_of(key) == HLS_TYPE and "/" not in key:
        raise InvalidMediaKey(
            _(
                "error_hls_in_root",
                default="One signature covers the whole folder of an HLS set, and this one would cover the whole bucket: put "
                "the set into a folder of its own, such as talks/opening/master.m3u8.",
            )
        )
    return True


def valid_image_key(key: str) -> bool:
    """Constraint of a field: nothing or an object key of an image; raises ``InvalidMediaKey``."""
    return _valid_key(key, tuple(IMAGE_TYPES))


def valid_rendition(line: str) -> bool:
    """Constraint: nothing, or an object key of a medium and, of an image, perhaps its width; raises ``InvalidMediaKey``."""
    return valid_media_key(Rendition.read(line).object_key)


def _valid_key(key: str, endings: tuple[str, ...]) -> bool:
    if not key.strip():
        return True  # an emptied field: plone.restapi asks before it makes None of blanks
    try:
        check_object_key(key)
    except InvalidObjectKey as error:
        raise InvalidMediaKey(
            _(
                "error_object_key",
                default="This is not an object key of the bucket, such as talks/2026/opening.mp4. ${reason}",
                mapping={"reason": str(error)},
            )
        ) from None
    if ending_of(key) not in endings:
        raise InvalidMediaKey(
            _(
                "error_object_key_format",
                default="A file of this kind cannot be shown here: the object key must end in one of ${endings}.",
                mapping={"endings": ", ".join(endings)},
            )
        )
    return True


@provider(IFormFieldProvider)
class IProtectedMedia(model.Schema):
    """The fields of the behavior ``collective.cfprivate.protected_media``."""

    model.fieldset(
        "protected_media",
        label=_("fieldset_protected_media", default="Protected media"),
        fields=list(FIELDS),
    )

    directives.read_permission(**dict.fromkeys(FIELDS, "collective.cfprivate.Manage"))
    directives.write_permission(**dict.fromkeys(FIELDS, "collective.cfprivate.Manage"))

    object_key = schema.TextLine(
        title=_("label_object_key", default="Object key of the medium"),
        description=_(
            "help_object_key",
            default="The key of the file in the bucket, as it stands there: talks/2026/opening.mp4. "
            "No address, no leading slash, nothing percent-encoded. Its ending says whether it is a video, a sound, an "
            "image or a document. Behind that of an image its width may stand: photos/lake.jpg 2400w.",
        ),
        required=False,
        constraint=valid_rendition,
    )

    renditions = schema.Tuple(
        title=_("label_renditions", default="Further renditions"),
        description=_(
            "help_renditions",
            default="Object keys of the same medium in other formats or sizes, one in a line. Browsers take the first that "
            "they can play; of an image they take the one that fits best, where the width of each is told: photos/lake-800.jpg 800w.",
        ),
        value_type=schema.TextLine(constraint=valid_rendition),
        required=False,
        missing_value=(),
        default=(),
    )

    poster = schema.TextLine(
        title=_("label_poster", default="Object key of the poster"),
        description=_(
            "help_poster",
            default="An image in the bucket, shown before a video plays to those who may watch. "
            "Without one, the lead image is shown.",
        ),
        required=False,
        constraint=valid_image_key,
    )

    tracks = Tracks(
        title=_("label_tracks", default="Captions"),
        description=_(
            "help_tracks",
            default="Texts that go with a video or a sound. Files of SRT become WebVTT; a broken file is refused with its line.",
        ),
        required=False,
        default=[],
        missing_value=[],
    )

    duration = schema.Int(
        title=_("label_duration", default="Duration in seconds"),
        description=_(
            "help_duration",
            default="A signed URL lives at least as long as a video or a sound, so that who seeks near its end is not cut off.",
        ),
        required=False,
        min=1,
        max=LONGEST_LIFETIME,
    )

    offer_download = schema.Bool(
        title=_("label_offer_download", default="Offer the download to everyone who may watch"),
        description=_(
            "help_offer_download",
            default="Otherwise only who has the right to download is offered it. It is an offer, no lock: who may watch a file "
            "can also save it.",
        ),
        required=False,
        default=False,
        missing_value=False,
    )

    lifetime = schema.Int(
        title=_("label_item_lifetime", default="Lifetime of a signed URL in seconds"),
        description=_(
            "help_item_lifetime",
            default="Leave this empty to use that of the workflow state or of the site.",
        ),
        required=False,
        min=1,
        max=LONGEST_LIFETIME,
    )

    @invariant
    def renditions_of_one_medium(data):
        """All files are of one kind, and there is a first one."""
        kinds = {kind_of(rendition.object_key) for rendition in renditions_of(data.renditions)}
        if sum(file.is_hls for file in renditions_of((data.object_key or "", *(data.renditions or ())))) > 1:
            raise Invalid(
                _("error_two_hls", default="A medium can have one HLS set only: its playlist names all qualities.")
            )
        if kinds - {kind_of(Rendition.read(data.object_key or "").object_key)}:
            raise Invalid(
                _(
                    "error_renditions_kind",
                    default="Further renditions have to be of the kind of the medium, and there has to be one: a video "
                    "beside a video, an image beside an image.",
                )
            )


class ILifetimeField(Interface):
    """Marks the field of an item's own lifetime, for its widget."""


class IObjectKeyField(Interface):
    """Marks the field of the medium's object key, for its widget."""


class IPosterField(Interface):
    """Marks the field of the poster's object key, for its widget."""


class IRenditionsField(Interface):
    """Marks the field of the object keys of further renditions, for its widget."""


alsoProvides(IProtectedMedia["lifetime"], ILifetimeField)
alsoProvides(IProtectedMedia["object_key"], IObjectKeyField)
alsoProvides(IProtectedMedia["poster"], IPosterField)
alsoProvides(IProtectedMedia["renditions"], IRenditionsField)


class OwnAttribute:
    """An attribute of the content object itself, never one acquired from its parents.

    ``empty`` makes the value where there is none.
    """

    def __init__(self, empty: Callable[[], object] = lambda: None) -> None:
        self.empty = empty

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, adapter, owner=None):
        if adapter is None:
            return self
        # Not getattr: of what is not there, Dexterity looks through all schemas for a default.
        own = aq_base(adapter.context)
        own._p_activate()
        value = vars(own).get(self._at(adapter))
        return self.empty() if value is None else value

    def __set__(self, adapter, value):
        before = self.__get__(adapter)
        setattr(aq_base(adapter.context), self._at(adapter), value)
        if self.__get__(adapter) != before:
            note(adapter.context, self.name, before)

    def _at(self, adapter) -> str:
        return f"{adapter.prefix}{self.name}"


class OwnTracks(OwnAttribute):
    """The tracks as they are kept: whatever was entered, with every word filled in and WebVTT for a text.

    The field checks what is entered; what is copied was right when it was.
    """

    def __set__(self, adapter, value):
        super().__set__(adapter, completed_tracks(value, languages()) if value else [])


@implementer(IProtectedMedia)
class ProtectedMedia:
    """Keeps the fields as attributes of the item, where iterate and CMFEditions find them."""

    object_key = OwnAttribute()
    renditions = OwnAttribute(tuple)
    poster = OwnAttribute()
    tracks = OwnTracks(list)
    duration = OwnAttribute()
    offer_download = OwnAttribute(bool)
    lifetime = OwnAttribute()

    def __init__(self, context):
        self.context = context
        # All that lies in the site acquires the site's attributes, and so do brains; but not names with a leading _.
        self.prefix = "_cfprivate_" if IPloneSiteRoot.implementedBy(type(aq_base(context))) else ""


def fields_of(item) -> ProtectedMedia | None:
    """The behavior of an item whose type has it, else None: what the adapter is, without the search for its factory."""
    return ProtectedMedia(item) if IProtectedItem.providedBy(item) else None


def copy_fields(source, target) -> None:
    """Make the fields of ``target`` those of ``source``; both have the behavior."""
    for name in IProtectedMedia:
        setattr(IProtectedMedia(target), name, getattr(IProtectedMedia(source), name))


def empty_fields(item) -> None:
    """Take the medium, and all that was said of it, from an item that has the behavior."""
    for name in IProtectedMedia:
        setattr(IProtectedMedia(item), name, IProtectedMedia[name].missing_value)
