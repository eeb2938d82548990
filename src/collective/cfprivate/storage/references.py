"""Which objects of the bucket the current site refers to: its items, whoever may see them, and their versions.

Everything is read from the objects themselves, also of types that have lost the behavior, and not from an index: the
catalog may have been emptied. Translations, copies and working copies are items as others are. Raises
``NotReconciled`` as soon as something cannot be read.
"""

from ..exceptions import NotReconciled
from ..i18n import _
from ..interfaces import IProtectedItem
from ..media.formats import HLS_TYPE
from ..media.formats import media_type_of
from ..media.renditions import renditions_of
from Acquisition import aq_base
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from plone import api
from plone.base.interfaces import IPloneSiteRoot
from Products.CMFCore.interfaces import IContentish
from Products.CMFEditions.ZVCStorageTool import Removed
from ZODB.interfaces import IBroken


# The site root keeps the fields under other names than items do.
PREFIXES = ("", "_cfprivate_")
SETTINGS = ("collective.cfprivate.s3_bucket", "collective.cfprivate.distribution")

# After so many objects ZODB's cache is brought back to its size.
BREATH = 100


@dataclass
class References:
    """The object keys, each with the first place that names it, and the folders of HLS sets, all of which count."""

    keys: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def add(self, key: str, place: str) -> None:
        """Note that ``place`` refers to ``key``; of a playlist its folder counts, too."""
        self.keys.setdefault(key, place)
        if media_type_of(key) == HLS_TYPE:
            self.folders.add(key[: key.rfind("/") + 1])

    def __contains__(self, key: str) -> bool:
        parents = (key[: position + 1] for position, sign in enumerate(key) if sign == "/")
        return key in self.keys or "" in self.folders or any(parent in self.folders for parent in parents)


def references_of_site(progress: Callable[[int], object] = lambda count: None) -> References:
    """All references of the current site; ``progress`` is called with the number of items and versions read so far."""
    references, connection = References(), api.portal.get()._p_jar
    for count, (place, source) in enumerate(_sources(), 1):
        for key in keys_in(source, place):
            references.add(key, place)
        _let_go(source)
        if count % BREATH == 0:
            connection.cacheGC()
            progress(count)
    return references


def keys_in(source, place: str) -> Iterator[str]:
    """The object keys in the fields of an item or version; raises ``NotReconciled``, which names ``place``."""
    values = _values(source, place)
    for prefix in PREFIXES:
        fields = {name: values.get(prefix + name) for name in ("object_key", "poster", "renditions", "tracks")}
        try:
            yield from _keys(fields)
        except (TypeError, AttributeError, ValueError):
            raise _unreadable(place) from None


def other_sites_with_bucket() -> list[str]:
    """The paths of other sites of this database that name the same bucket or distribution."""
    here = api.portal.get()
    own = _named(here)
    return [
        "/".join(site.getPhysicalPath())
        for site in _sites(here.getPhysicalRoot())
        if aq_base(site) is not aq_base(here) and any(a and a == b for a, b in zip(own, _named(site), strict=True))
    ]


def _keys(fields: Mapping[str, object]) -> Iterator[str]:
    lines = fields["renditions"] or ()
    if isinstance(lines, str):
        raise TypeError(lines)
    single = [fields[name] for name in ("object_key", "poster")]
    tracks = [track.get("object_key") for track in fields["tracks"] or ()]
    for key in (*single, *(file.object_key for file in renditions_of(lines)), *tracks):
        if key and not isinstance(key, str):
            raise TypeError(key)
        if key:
            yield key


def _values(source, place: str) -> Mapping[str, object]:
    bare = aq_base(source)
    if IBroken.providedBy(bare):
        raise _unreadable(place)
    try:
        # What was not loaded yet seems to have no attributes.
        bare._p_activate()
        return vars(bare)
    except Exception:
        # Whatever keeps a record from being loaded, a lost blob storage or a class that is gone.
        raise _unreadable(place) from None


def _sources() -> Iterator[tuple[str, object]]:
    portal, walked = api.portal.get(), set()
    for item in _tree(portal):
        place = "/".join(item.getPhysicalPath())
        walked.add(place)
        yield place, item
    yield from _catalogued(walked)
    yield from _versions()


def _tree(container) -> Iterator:
    yield container
    if not hasattr(aq_base(container), "objectIds"):
        return
    # A copy: a folder lets go of its list while what lies in it is read.
    for name in list(container.objectIds()):
        try:
            item = container._getOb(name)
        except (AttributeError, KeyError):
            raise _unreadable("/".join((*container.getPhysicalPath(), name))) from None
        if IContentish.providedBy(item) or IBroken.providedBy(aq_base(item)):
            yield from _tree(item) if not IBroken.providedBy(aq_base(item)) else (item,)


def _catalogued(walked: set[str]) -> Iterator[tuple[str, object]]:
    """What the catalog knows beside the tree; what it lists and is nowhere is a doubt."""
    catalog = api.portal.get_tool("portal_catalog")
    for brain in catalog.unrestrictedSearchResults(object_provides=IProtectedItem.__identifier__):
        place = brain.getPath()
        if place not in walked:
            try:
                yield place, brain._unrestrictedGetObject()
            except (AttributeError, KeyError):
                raise _unreadable(place) from None


def _versions() -> Iterator[tuple[str, object]]:
    """All that CMFEditions keeps, also of items that are deleted: purged versions hold nothing any more."""
    tool = getattr(api.portal.get(), "portal_historiesstorage", None)
    storage = None if tool is None else tool._getShadowStorage(autoAdd=False)
    for history_id in () if storage is None else list(storage._storage):
        for number in list(storage.getHistory(history_id)._available):
            place = f"{history_id}, version {number}"
            version = _version(tool, history_id, number, place)
            if not isinstance(version, Removed):
                yield place, version.object


def _version(tool, history_id, number: int, place: str):
    try:
        return tool.retrieve(history_id, number, countPurged=True, substitute=False).object
    except Exception:
        # CMFEditions and ZopeVersionControl raise errors of many kinds.
        raise _unreadable(place) from None


def _let_go(source) -> None:
    """Free the memory; what was changed in this transaction stays."""
    bare = aq_base(source)
    if not IPloneSiteRoot.providedBy(bare):
        bare._p_deactivate()


def _sites(folder) -> Iterator:
    for item in folder.objectValues():
        if IPloneSiteRoot.providedBy(item):
            yield item
        elif getattr(aq_base(item), "meta_type", "") in {"Folder", "Folder (Ordered)"}:
            yield from _sites(item)


def _named(site) -> tuple[str, ...]:
    records = site.portal_registry.records
    return tuple(records[name].value or "" if name in records else "" for name in SETTINGS)


def _unreadable(place: str) -> NotReconciled:
    return NotReconciled(
        _(
            "reconcile_unreadable",
            default="It cannot be read which files ${place} refers to, so that nothing may be deleted.",
            mapping={"place": place},
        )
    )
