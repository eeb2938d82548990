"""Whether who knows the key of a file may attach it to an item."""

from ..i18n import _
from ..media.by_key import items_with
from ..media.by_key import newly_attached
from ..media.prefixes import is_outside
from ..media.prefixes import Prefix
from ..media.prefixes import prefixes_of_user
from ..media.prefixes import WHOLE_BUCKET
from .possession import may_pass_medium_on
from collections.abc import Collection
from zope.i18nmessageid import Message


def refusal_to_attach(object_keys: Collection[str], *, item, container) -> Message | None:
    """Why the current user may not attach these files to ``item`` in ``container``; None where he may.

    ``item`` is None where it is to be made. What it has already may stay. The reason is the same whether a file lies
    where the user may attach none, or belongs to an item that he may not watch; the former is asked first, and without
    a look at any other item, so that nobody learns from it, nor from how long it takes, whether that key is used.
    """
    attached = newly_attached(object_keys, item=item)
    prefixes = prefixes_of_user(container)
    if is_outside(attached, prefixes) or _belongs_to_others(attached):
        return _sentence(prefixes)
    return None


def _belongs_to_others(object_keys: Collection[str]) -> bool:
    return any(not may_pass_medium_on(other) for other in (items_with(*object_keys) if object_keys else ()))


def _sentence(prefixes: tuple[Prefix, ...] | None) -> Message:
    if prefixes is None or any(each.prefix == WHOLE_BUCKET for each in prefixes):
        return _(
            "error_others_file",
            default="One of these files belongs to an item that you may not watch: ask who manages it to attach the file here.",
        )
    if not prefixes:
        return _(
            "error_no_prefix",
            default="You may attach no file here: ask who configures protected media for a folder of the bucket.",
        )
    return _(
        "error_outside_prefixes",
        default="One of these files is not yours to attach here: you may attach what lies in ${folders} and belongs to no item "
        "that you may not watch.",
        mapping={"folders": ", ".join(dict.fromkeys(each.prefix for each in prefixes))},
    )
