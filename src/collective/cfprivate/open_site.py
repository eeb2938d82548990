"""Opens a site for commands: the database of a zope.conf, as one of its users.

All of Zope is imported within the functions, so that help and commands which need no site stay quick.
"""

from collections.abc import Callable
from collections.abc import Generator
from contextlib import contextmanager
from functools import wraps

import click


@contextmanager
def open_site(*, zope_conf: str, site: str, user: str, permission: str) -> Generator[object, None, None]:
    """The site at the path ``site``, as ``user``, who has to hold ``permission`` there; commits at the end.

    Raises ``SiteNotOpened``, and at the end ``ChangedMeanwhile`` or ``NotConfirmed``.
    """
    import transaction

    app = _open_database(zope_conf)
    try:
        portal = _find_site(app, site)
        _log_in(app, portal, user)
        _check_permission(portal, user, permission)
        yield portal
        _commit(transaction)
    finally:
        transaction.abort()
        app._p_jar.close()


def site_options(function: Callable) -> Callable:
    """Add --zope-conf, --site and --as; ``function`` gets ``where``: the keyword arguments of ``open_site``."""

    @click.option("--zope-conf", required=True, type=click.Path(exists=True, dir_okay=False), help="Zope's zope.conf.")
    @click.option("--site", required=True, metavar="ID", help="Path of the site in the database, like Plone.")
    @click.option("--as", "user", required=True, metavar="USER", help="Login name of a user who may do this.")
    @wraps(function)
    def with_site(zope_conf: str, site: str, user: str, **others: object) -> object:
        return function(where={"zope_conf": zope_conf, "site": site, "user": user}, **others)

    return with_site


def _open_database(zope_conf: str):
    from .exceptions import SiteNotOpened
    from .i18n import _
    from Testing.makerequest import makerequest
    from zc.lockfile import LockError
    from ZConfig import ConfigurationError
    from zope.globalrequest import setRequest
    from Zope2.Startup.run import configure_wsgi

    import Zope2

    try:
        configure_wsgi(zope_conf)
    except ConfigurationError as error:
        # Its text may quote a secret of the environment section.
        raise SiteNotOpened(
            _(
                "problem_zope_conf",
                default="The zope.conf cannot be used: see its line ${line}.",
                mapping={"line": getattr(error, "lineno", None) or "?"},
            )
        ) from None
    try:
        app = makerequest(Zope2.app())
    except LockError:
        raise SiteNotOpened(
            _(
                "problem_database_in_use",
                default="Another process has the database open: stop Zope, or serve the database by ZEO.",
            )
        ) from None
    setRequest(app.REQUEST)
    return app


def _commit(transaction) -> None:
    from .exceptions import ChangedMeanwhile
    from .exceptions import NotConfirmed
    from .i18n import _
    from transaction.interfaces import TransientError
    from ZODB.POSException import ConflictError

    try:
        transaction.commit()
    except ConflictError:
        raise ChangedMeanwhile(
            _(
                "problem_conflict",
                default="Somebody else changed the same meanwhile, so that nothing was done: run the command again.",
            )
        ) from None
    except TransientError as error:
        raise NotConfirmed(
            _(
                "problem_not_confirmed",
                default="The database was lost at the end (${error}), so that it is not known whether this was done: see "
                "what is there before you run the command again.",
                mapping={"error": type(error).__name__},
            )
        ) from None


def _find_site(app, path: str):
    from .exceptions import SiteNotOpened
    from .i18n import _
    from plone.base.interfaces import IPloneSiteRoot
    from zope.component.hooks import setSite
    from zope.event import notify
    from zope.traversing.interfaces import BeforeTraverseEvent

    found = app.unrestrictedTraverse(path.strip("/"), None)
    if not IPloneSiteRoot.providedBy(found):
        raise SiteNotOpened(
            _(
                "problem_no_site",
                default="There is no site at ${path}: give its path, like Plone.",
                mapping={"path": path},
            )
        )
    setSite(found)
    # As a visit would: only a request with the site's browser layers finds the add-on's views and transforms.
    notify(BeforeTraverseEvent(found, app.REQUEST))
    return found


def _log_in(app, portal, user: str) -> None:
    from .exceptions import SiteNotOpened
    from .i18n import _
    from AccessControl.SecurityManagement import newSecurityManager

    for folder in (portal.acl_users, app.acl_users):
        found = folder.getUser(user)
        if found is not None:
            newSecurityManager(None, found.__of__(folder))
            return
    raise SiteNotOpened(
        _("problem_no_user", default="There is no user ${user} in this site or in Zope.", mapping={"user": user})
    )


def _check_permission(portal, user: str, permission: str) -> None:
    from .exceptions import SiteNotOpened
    from .i18n import _
    from plone import api

    if not api.user.has_permission(permission, obj=portal):
        raise SiteNotOpened(
            _(
                "problem_user_may_not",
                default="The user ${user} may not do this: it takes the permission “${permission}”.",
                mapping={"user": user, "permission": permission},
            )
        )
