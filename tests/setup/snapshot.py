"""Everything that an add-on can change in a site, as plain values that can be compared."""

from io import BytesIO
from plone.browserlayer.utils import registered_layers
from plone.dexterity.interfaces import IDexterityFTI
from plone.registry.interfaces import IRegistry
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility

import re
import tarfile


def snapshot(portal):
    """The state of ``portal`` by aspect."""
    return {
        "registry": _registry(),
        "types": _types(portal),
        "behaviors": _behaviors(portal),
        "workflows": sorted(portal.portal_workflow.objectIds()),
        "workflow chains": _chains(portal),
        "configlets": _configlets(portal),
        "roles": _roles(portal),
        "role assignments": _role_assignments(portal),
        "permission settings": {name: value for name, value in vars(portal).items() if name.endswith("_Permission")},
        "roles of permissions": _roles_of_permissions(portal),
        "indexes": sorted(portal.portal_catalog.indexes()),
        "columns": sorted(portal.portal_catalog.schema()),
        "annotations": sorted(IAnnotations(portal)),
        "browser layers": sorted(layer.__identifier__ for layer in registered_layers()),
        "utilities": _utilities(portal),
        "adapters": _adapters(portal),
        "attributes of the site": sorted(vars(portal)),
        "steps": _steps(portal),
        "profiles": _profiles(portal),
        "export": _export(portal),
    }


def _registry():
    return {name: record.value for name, record in getUtility(IRegistry).records.items()}


def _types(portal):
    return {fti.getId(): sorted(map(repr, fti.propertyItems())) for fti in portal.portal_types.objectValues()}


def _behaviors(portal):
    types = portal.portal_types.objectValues()
    return {fti.getId(): tuple(fti.behaviors) for fti in types if IDexterityFTI.providedBy(fti)}


def _chains(portal):
    tool = portal.portal_workflow
    return tool.getDefaultChain(), dict(tool._chains_by_type or {})


def _configlets(portal):
    actions = portal.portal_controlpanel.listActions()
    return sorted((action.getId(), action.appId, action.permissions) for action in actions)


def _roles(portal):
    return tuple(portal.__ac_roles__), sorted(portal.acl_users.portal_role_manager.listRoleIds())


def _role_assignments(portal):
    manager = portal.acl_users.portal_role_manager
    return {role: sorted(manager.listAssignedPrincipals(role)) for role in manager.listRoleIds()}


def _roles_of_permissions(portal):
    names = [name for name, *_rest in portal.ac_inherited_permissions(all=True)]
    return {name: (_selected(portal, name), portal.permission_settings(name)[0]["acquire"]) for name in names}


def _selected(portal, permission):
    return [role["name"] for role in portal.rolesOfPermission(permission) if role["selected"]]


def _utilities(portal):
    registered = portal.getSiteManager().registeredUtilities()
    return sorted((entry.provided.__identifier__, entry.name, type(entry.component).__name__) for entry in registered)


def _adapters(portal):
    manager = portal.getSiteManager()
    entries = [*manager.registeredAdapters(), *manager.registeredSubscriptionAdapters(), *manager.registeredHandlers()]
    return sorted(map(repr, entries))


def _steps(portal):
    tool = portal.portal_setup
    return sorted(tool.getSortedImportSteps()), sorted(tool.listExportSteps())


def _profiles(portal):
    tool = portal.portal_setup
    return {info["id"]: tool.getLastVersionForProfile(info["id"]) for info in tool.listProfileInfo()}


def _export(portal):
    """The files that GenericSetup writes of the site, line by line, without its content and without the time of day."""
    archive = portal.portal_setup.runAllExportSteps()["tarball"]
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        return {
            member.name: _without_clock(tar.extractfile(member).read().decode("utf-8", "replace")).splitlines()
            for member in tar.getmembers()
            if member.isfile() and not member.name.startswith("structure/")
        }


def _without_clock(text):
    return re.sub(r"<default>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*</default>", "<default>now</default>", text)
