"""The self-test of this site: its settings, a key of its ring, one of its media."""

from .. import settings
from ..caching.transform import NoStore
from ..exceptions import NoMedium
from ..i18n import _
from ..interfaces import IKeyRing
from ..interfaces import IProtectedItem
from ..keyring.slots import Slot
from ..media.medium import medium_of
from ..permissions import MANAGE
from ..selftest.line import Line
from ..selftest.run import run
from ..selftest.store import lines_of_store
from ..selftest.subject import Subject
from ..selftest.taken import key_was_taken
from ..storage.site_bucket import bucket_of_site
from .overview_row import item_of
from dataclasses import dataclass
from plone import api
from plone.transformchain.interfaces import ITransform
from urllib.parse import urlsplit
from zope.component import getUtility
from zope.component import queryMultiAdapter
from zope.globalrequest import getRequest

import time


# So many items are looked at to find one with a medium.
_MOST_ITEMS = 50


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is tested: the key in ``slot``; ``object_key`` is empty for the site's newest medium.

    ``site_url`` is where visitors see the site; empty where that is not known, and then what needs it is not asked.
    """

    site_url: str
    slot: Slot = "active"
    object_key: str = ""
    bucket_url: str = ""


def selftest(asked: Asked) -> tuple[Line, ...]:
    """Ask the distribution, and remember of the next key that it was taken.

    Raises ``NotConfigured``, ``KeyLocked``, ``NoMedium``, ``InvalidObjectKey``.
    """
    lines = run(_subject(asked))
    if asked.slot == "next" and key_was_taken(lines):
        getUtility(IKeyRing).note_tested(int(time.time()))
    return lines


def newest_object_key() -> str:
    """The object key of the item that was changed last, of those whose media the user manages; raises ``NoMedium``."""
    found = api.content.find(object_provides=IProtectedItem, sort_on="modified", sort_order="descending")
    for brain in found[:_MOST_ITEMS]:
        item = item_of(brain)
        medium = None if item is None else medium_of(item)
        if medium is not None and api.user.has_permission(MANAGE, obj=item):
            return medium.object_key
    raise NoMedium(_("problem_no_medium_to_test", default="This site has no medium yet: enter the object key of one."))


def _subject(asked: Asked) -> Subject:
    now = settings.current()
    site = urlsplit(asked.site_url)
    origin = f"{site.scheme}://{site.netloc}" if asked.site_url else ""
    return Subject(
        distribution=now.distribution,
        key=getUtility(IKeyRing).signing_key(asked.slot),
        hash_algorithm=now.hash_algorithm,
        object_key=asked.object_key or newest_object_key(),
        site_origin=origin,
        bucket_url=asked.bucket_url,
        cookie_domain=now.cookie_domain,
        delivery=now.delivery,
        bind_ip=now.bind_ip or any(rule.bind_ip for rule in now.state_rules.values()),
        page_cache=(*_uploads(origin), _page_cache()),
    )


def _uploads(site_origin: str) -> tuple[Line, ...]:
    """Lines about the bucket; none where none is set, and nobody uploads."""
    now = settings.bucket()
    if not now.s3_bucket:
        return ()
    return lines_of_store(bucket_of_site(), folder=now.upload_prefix, site_origin=site_origin)


def _page_cache() -> Line:
    title = _("selftest_page_cache", default="Pages with signatures stay out of the page cache of this Plone")
    if _keeps_out_of_caches():
        found = _(
            "selftest_page_cache_passed", default="They are sent with no-store, whatever the rules of caching are."
        )
        return Line(name="page-cache", outcome="passed", title=title, message=found)
    return Line(
        name="page-cache",
        outcome="failed",
        title=title,
        message=_(
            "selftest_page_cache_failed",
            default="The step that takes signatures out of caches was replaced, so that visitors may get dead links.",
        ),
        setting=_(
            "setting_page_cache",
            default="Plone: the transform collective.cfprivate.no-store, or what overrides it in a ZCML file",
        ),
    )


def _keeps_out_of_caches() -> bool:
    request = getRequest()
    transform = queryMultiAdapter((None, request), ITransform, name="collective.cfprivate.no-store")
    stores = queryMultiAdapter((None, request), ITransform, name="plone.app.caching.operations.ramcache")
    return isinstance(transform, NoStore) and (stores is None or transform.order < stores.order)
