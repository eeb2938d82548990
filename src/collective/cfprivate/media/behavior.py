"""The behavior that attaches a medium to any content type."""

from ..cloudfront.errors import InvalidObjectKey
from ..cloudfront.object_key import check_object_key
from ..i18n import _
from ..interfaces import LONGEST_LIFETIME
from .formats import IMAGE_TYPES
from .formats import VIDEO_TYPES
from Acquisition import aq_base
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.base.interfaces import IPloneSiteRoot
from plone.supermodel import model
from zope import schema
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.interface import Interface
from zope.interface import provider

import os.path


# A type may name the behavior either way.
BEHAVIOR_NAMES = {"collective.cfprivate.protected_media", "collective.cfprivate.media.behavior.IProtectedMedia"}


class InvalidMediaKey(schema.ValidationError):
    """Tells what is wrong with this value; plone.restapi answers 400 to a ``ValidationError`` only."""

    def doc(self):
        return self.args[0]


def valid_video_key(key: str) -> bool:
    """Constraint of a field: nothing or an object key of a video; raises ``InvalidMediaKey``."""
    return _valid_key(key, VIDEO_TYPES)


def valid_image_key(key: str) -> bool:
    """Constraint of a field: nothing or an object key of an image; raises ``InvalidMediaKey``."""
    return _valid_key(key, IMAGE_TYPES)


def _valid_key(key: str, types: dict[str, str]) -> bool:
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
    if os.path.splitext(key.lower())[1] not in types:
        raise InvalidMediaKey(
            _(
                "error_object_key_format",
                default="A file of this kind cannot be shown here: the object key must end in one of ${endings}.",
                mapping={"endings": ", ".join(types)},
            )
        )
    return True


@provider(IFormFieldProvider)
class IProtectedMedia(model.Schema):
    """The fields of the behavior ``collective.cfprivate.protected_media``."""

    model.fieldset(
        "protected_media",
        label=_("fieldset_protected_media", default="Protected media"),
        fields=["object_key", "poster", "duration", "lifetime"],
    )

    directives.read_permission(
        object_key="collective.cfprivate.Manage",
        poster="collective.cfprivate.Manage",
        duration="collective.cfprivate.Manage",
        lifetime="collective.cfprivate.Manage",
    )
    directives.write_permission(
        object_key="collective.cfprivate.Manage",
        poster="collective.cfprivate.Manage",
        duration="collective.cfprivate.Manage",
        lifetime="collective.cfprivate.Manage",
    )

    object_key = schema.TextLine(
        title=_("label_object_key", default="Object key of the video"),
        description=_(
            "help_object_key",
            default="The key of the file in the bucket, as it stands there: talks/2026/opening.mp4. "
            "No address, no leading slash, nothing percent-encoded.",
        ),
        required=False,
        constraint=valid_video_key,
    )

    poster = schema.TextLine(
        title=_("label_poster", default="Object key of the poster"),
        description=_(
            "help_poster",
            default="An image in the bucket, shown before the video plays to those who may watch. "
            "Without one, the lead image is shown.",
        ),
        required=False,
        constraint=valid_image_key,
    )

    duration = schema.Int(
        title=_("label_duration", default="Duration in seconds"),
        description=_(
            "help_duration",
            default="A signed URL lives at least as long as the video, so that who seeks near its end is not cut off.",
        ),
        required=False,
        min=1,
        max=LONGEST_LIFETIME,
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


class ILifetimeField(Interface):
    """Marks the field of an item's own lifetime, for its widget."""


alsoProvides(IProtectedMedia["lifetime"], ILifetimeField)


class OwnAttribute:
    """An attribute of the content object itself, never one acquired from its parents."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, adapter, owner=None):
        return self if adapter is None else getattr(aq_base(adapter.context), self._at(adapter), None)

    def __set__(self, adapter, value):
        setattr(aq_base(adapter.context), self._at(adapter), value)

    def _at(self, adapter) -> str:
        # All that lies in the site acquires the site's attributes, and so do brains; but not names with a leading _.
        return f"_cfprivate_{self.name}" if IPloneSiteRoot.providedBy(adapter.context) else self.name


@implementer(IProtectedMedia)
class ProtectedMedia:
    """Keeps the fields as attributes of the item, where iterate and CMFEditions find them."""

    object_key = OwnAttribute()
    poster = OwnAttribute()
    duration = OwnAttribute()
    lifetime = OwnAttribute()

    def __init__(self, context):
        self.context = context


def copy_fields(source, target) -> None:
    """Make the fields of ``target`` those of ``source``; both have the behavior."""
    for name in IProtectedMedia:
        setattr(IProtectedMedia(target), name, getattr(IProtectedMedia(source), name))


def empty_fields(item) -> None:
    """Take the medium, and all that was said of it, from an item that has the behavior."""
    for name in IProtectedMedia:
        setattr(IProtectedMedia(item), name, IProtectedMedia[name].missing_value)
