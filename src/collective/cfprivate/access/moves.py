"""Moving is no way to a medium either: its new folder may be one in which the mover has the roles of the staff."""

from ..i18n import _
from ..media.behavior import IProtectedMedia
from ..media.medium import medium_of
from .possession import may_have_medium
from AccessControl.unauthorized import Unauthorized
from zope.globalrequest import getRequest
from zope.i18n import translate


def stay_with_medium(item, event) -> None:
    """Refuse that who may neither stream nor manage a medium moves it, or a folder above it, into another folder.

    Renaming, adding and deleting are no moves. Raises ``Unauthorized``.
    """
    elsewhere = event.oldParent is not None and event.newParent is not None and event.oldParent is not event.newParent
    if not elsewhere or IProtectedMedia(item, None) is None or medium_of(item) is None or may_have_medium(item):
        return
    sentence = _(
        "refused_move",
        default='"${title}" cannot be moved by you: it has a protected medium that you may not watch.',
        mapping={"title": item.title_or_id()},
    )
    raise Unauthorized(translate(sentence, context=getRequest()))
