"""Which items show the same work, and so may have the same files: translations and working copies."""

from plone import api
from plone.uuid.interfaces import IUUID
from zope.globalrequest import getRequest


# Of plone.app.iterate and plone.app.multilingual, which a site need not have.
WORKING_COPY = "iterate-working-copy"
TRANSLATIONS = "TranslationGroup"


def same_work(item) -> frozenset[str]:
    """The UIDs of ``item``, and of its translations and working copies."""
    versions = [item, *_working_copies(item)]
    return frozenset(uid for version in versions for uid in (IUUID(version, None), *_translations(version)) if uid)


def same_work_as_new(request=None) -> frozenset[str]:
    """The UIDs of the items of which the form that was sent makes a translation; none for other forms."""
    info = getattr(request or getRequest(), "translation_info", {})
    return _translated(info.get("tg"))


def _working_copies(item) -> list:
    if not hasattr(item, "portal_type"):
        return []
    of_item = {"relationship": WORKING_COPY, "unrestricted": True}
    originals = [relation.from_object for relation in api.relation.get(target=item, **of_item)]
    return [*originals, *(relation.to_object for relation in api.relation.get(source=item, **of_item))]


def _translations(item) -> frozenset[str]:
    uid = IUUID(item, None)
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(UID=uid) if uid else ()
    return frozenset().union(*(_translated(getattr(brain, TRANSLATIONS, None)) for brain in found))


def _translated(group: object) -> frozenset[str]:
    catalog = api.portal.get_tool("portal_catalog")
    if not isinstance(group, str) or not group or TRANSLATIONS not in catalog.indexes():
        return frozenset()
    return frozenset(brain.UID for brain in catalog.unrestrictedSearchResults(**{TRANSLATIONS: group}))
