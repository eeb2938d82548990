"""Moving is no way to a medium either: its new folder may be one in which the mover has the roles of the staff."""

from ..i18n import _
from ..media.medium import medium_of
from .possession import may_have_medium
from AccessControl.unauthorized import Unauthorized
from Acquisition import aq_base
from zope.globalrequest import getRequest
from zope.i18n import translate


def stay_with_medium(item, event) -> None:
    """Refuse that who may neither stream nor manage a medium moves it, or a folder above it, into another folder.

    Renaming, adding and deleting are no moves. Raises ``Unauthorized``.
    """
    if not _goes_elsewhere(event) or medium_of(item) is None or may_have_medium(item):
        return
    sentence = _(
        "refused_move",
        default='"${title}" cannot be moved by you: it has a protected medium that you may not watch.',
        mapping={"title": item.title_or_id()},
    )
    raise Unauthorized(translate(sentence, context=getRequest()))


def _goes_elsewhere(event) -> bool:
    parents = (event.oldParent, event.newParent)
    return None not in parents and aq_base(event.oldParent) is not aq_base(event.newParent)
