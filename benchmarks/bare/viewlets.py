"""Which viewlets the page of an item has, and the time that the player's place on it takes."""

from collective.cfprivate.interfaces import IBrowserLayer
from collective.cfprivate.interfaces import IProtectedItem
from functools import wraps
from time import thread_time
from zope.browser.interfaces import IBrowserView
from zope.component import adapter
from zope.component import getSiteManager
from zope.contentprovider.interfaces import IContentProvider
from zope.interface import alsoProvides
from ZPublisher.interfaces import IPubAfterTraversal

import threading


class IWithout(IBrowserLayer):
    """The page has no viewlet of ours."""


class IStatic(IWithout):
    """In its place it has a static one."""


LAYERS = {"ours": IBrowserLayer, "without": IWithout, "static": IStatic}
PLACE = "plone.abovecontentbody"


class Stopwatch(threading.local):
    """The seconds that this thread has worked for the place of the player."""

    seconds = 0.0

    def timed(self, method):
        """`method`, whose time is added."""

        @wraps(method)
        def call(*args, **kwargs):
            began = thread_time()
            try:
                return method(*args, **kwargs)
            finally:
                self.seconds += thread_time() - began

        return call


Stopwatch.of_thread = Stopwatch()


@adapter(IPubAfterTraversal)
def choose_viewlets(event):
    """Give a request the layer that its header asks for."""
    chosen = event.request.environ.get("HTTP_VIEWLETS")
    if chosen:
        alsoProvides(event.request, LAYERS[chosen])


def no_viewlet(*adapted):
    """No viewlet of a name that there is otherwise: it is as if none had been registered."""


def time_place():
    """Time the place where a viewer gets our viewlet, with all that is done for any viewlet there.

    That is to find them, to ask whether they may be seen, to sort, make, update and render them.
    """
    place = getSiteManager().adapters.lookup((IProtectedItem, IBrowserLayer, IBrowserView), IContentProvider, PLACE)
    for method in ("update", "render"):
        setattr(place, method, Stopwatch.of_thread.timed(getattr(place, method)))
