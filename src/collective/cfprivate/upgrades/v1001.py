"""From 1000 to 1001."""

from .. import settings
from plone import api


# Of the staff's roles, which let watch, Plone lets an Owner hand these out: also to himself.
DELEGATED_BY = {
    "Sharing page: Delegate Contributor role": ("Manager", "Site Administrator"),
    "Sharing page: Delegate Editor role": ("Manager", "Site Administrator", "Editor"),
}


def keep_lifetime(setup_tool) -> None:
    """Let a site go on with its lifetime, where that is longer than the new maximum."""
    site = settings.current()
    if site.lifetime > site.maximum_lifetime:
        api.portal.set_registry_record(f"{settings.PREFIX}.maximum_lifetime", site.lifetime)


def keep_owners_from_roles_of_the_staff(setup_tool) -> None:
    """Have the workflow say who hands out the roles that let watch, and leave the rest of it as the site has it."""
    workflow = api.portal.get_tool("portal_workflow").get("protected_media_workflow")
    if workflow is None:
        return
    for permission, roles in DELEGATED_BY.items():
        if permission not in workflow.permissions:
            workflow.addManagedPermission(permission)
        for state in workflow.states.objectValues():
            state.setPermission(permission, 0, roles)
    api.portal.get_tool("portal_workflow").updateRoleMappings()
