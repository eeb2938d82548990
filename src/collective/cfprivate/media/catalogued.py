"""The objects that the catalog lists, whoever may see them."""

from zExceptions import NotFound


def object_of(brain):
    """The object of a brain; None where the catalog lists what is gone."""
    try:
        return brain._unrestrictedGetObject()
    except (AttributeError, KeyError, NotFound):
        return None
