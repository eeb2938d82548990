"""Whether everybody may watch, and nobody needs to be asked who he is."""

from ..permissions import STREAM
from ..permissions import VIEW
from AccessControl.PermissionRole import rolesForPermissionOn


def streams_to_all(item) -> bool:
    """Whether visitors who are not logged in have the permissions to watch the item; says nothing of its dates."""
    return all("Anonymous" in rolesForPermissionOn(permission, item) for permission in (VIEW, STREAM))
