"""What the profiles cannot say in XML."""

from . import permissions
from .access import revisions
from .interfaces import IKeyRing
from .listing import layout
from .media import digests
from .media.behavior import BEHAVIOR_NAMES
from .playback import editor_format
from .upgrades.v1002 import index_protected_items
from plone import api
from plone.base.interfaces.installable import INonInstallable
from plone.dexterity.interfaces import IDexterityFTI
from zope.component import getUtility
from zope.interface import implementer


MEDIA_VIEWER = "Media Viewer"
PROTECTED_VIDEO = "Protected Video"


@implementer(INonInstallable)
class HiddenProfiles:
    """Keeps the profiles that nobody installs out of the lists of installable ones."""

    def getNonInstallableProfiles(self):
        upgrades = [f"collective.cfprivate.upgrades:upgrade-{version}" for version in (1001, 1002, 1003, 1004)]
        return ["collective.cfprivate:uninstall", *upgrades]

    def getNonInstallableProducts(self):
        return ["collective.cfprivate.upgrades"]


def add_what_profiles_cannot(setup_tool) -> None:
    """Keep media out of what versioning brings back, and offer them in the editor of texts."""
    revisions.install()
    editor_format.offer()


def after_install(setup_tool) -> None:
    """Add what the profile cannot, and index what was protected when the add-on was here before."""
    add_what_profiles_cannot(setup_tool)
    index_protected_items(setup_tool)


def forget_what_profiles_cannot(setup_tool) -> None:
    """Remove keys, behavior, role, permission settings and what was put into other tools; content keeps its values."""
    revisions.uninstall()
    editor_format.withdraw()
    getUtility(IKeyRing).erase_all()
    digests.forget()
    layout.take_away()
    _take_behavior_from_types()
    _remove_from_navigation()
    _remove_role(api.portal.get())
    for permission in permissions.ALL:
        api.portal.get().manage_permission(permission, roles=[], acquire=True)


def _take_behavior_from_types() -> None:
    for fti in api.portal.get_tool("portal_types").objectValues():
        if IDexterityFTI.providedBy(fti) and BEHAVIOR_NAMES.intersection(fti.behaviors):
            fti.manage_changeProperties(behaviors=[name for name in fti.behaviors if name not in BEHAVIOR_NAMES])


def _remove_from_navigation() -> None:
    shown = api.portal.get_registry_record("plone.displayed_types")
    api.portal.set_registry_record("plone.displayed_types", tuple(name for name in shown if name != PROTECTED_VIDEO))


def _remove_role(portal) -> None:
    portal._delRoles([MEDIA_VIEWER])
    role_manager = portal.acl_users.portal_role_manager
    if MEDIA_VIEWER in role_manager.listRoleIds():
        role_manager.removeRole(MEDIA_VIEWER)
