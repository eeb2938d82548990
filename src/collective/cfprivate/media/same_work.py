"""Which items show the same work, and so may have the same files: translations and working copies."""

from .catalogued import object_of
from Acquisition import aq_base
from plone import api
from plone.uuid.interfaces import IUUID
from zope.globalrequest import getRequest


try:
    from plone.app.multilingual.interfaces import ITG
except ImportError:
    ITG = None

# Of plone.app.iterate and plone.app.multilingual, which a site need not have.
WORKING_COPY = "iterate-working-copy"
TRANSLATIONS = "TranslationGroup"


def same_work(item) -> frozenset[str]:
    """The UIDs of ``item``, of its translations and working copies, and of theirs."""
    versions = [item, *_working_copies(item)]
    translations = [translation for version in versions for translation in _translations(version)]
    copies = [copy for translation in translations for copy in _working_copies(translation)]
    return frozenset(IUUID(version, None) for version in (*versions, *translations, *copies)) - {None}


def same_work_as_new(request=None) -> frozenset[str]:
    """The UIDs of the items of which the form that was sent makes a translation; none for other forms."""
    info = getattr(request or getRequest(), "translation_info", {})
    return frozenset(brain.UID for brain in _translated(info.get("tg")))


def group_of(item) -> str | None:
    """The group of translations in which the item is; None where it cannot be translated. Writes nothing."""
    return None if ITG is None else ITG(item, None)


def translations_of(item) -> list:
    """The other items of its group, in the order of their languages, whoever may see them."""
    group = group_of(item)
    # Each page of an item asks, also where nothing is translated.
    brains = sorted(_translated(group), key=lambda brain: brain.Language) if group else ()
    objects = (object_of(brain) for brain in brains)
    # A language independent folder has each item once for every language.
    return [other for other in objects if other is not None and aq_base(other) is not aq_base(item)]


def _working_copies(item) -> list:
    if not hasattr(item, "portal_type"):
        return []
    of_item = {"relationship": WORKING_COPY, "unrestricted": True}
    originals = [relation.from_object for relation in api.relation.get(target=item, **of_item)]
    return [*originals, *(relation.to_object for relation in api.relation.get(source=item, **of_item))]


def _translations(item) -> list:
    uid = IUUID(item, None)
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(UID=uid) if uid else ()
    translated = (other for brain in found for other in _translated(getattr(brain, TRANSLATIONS, None)))
    objects = (object_of(brain) for brain in translated)
    return [translation for translation in objects if translation is not None]


def _translated(group: object) -> list:
    """The brains of a group of translations."""
    catalog = api.portal.get_tool("portal_catalog")
    if not isinstance(group, str) or not group or TRANSLATIONS not in catalog.indexes():
        return []
    return catalog.unrestrictedSearchResults(**{TRANSLATIONS: group})
