"""The titles of the permissions, which security checks ask by; permissions.zcml gives their ids."""

VIEW = "View"

STREAM = "collective.cfprivate: Stream protected media"
DOWNLOAD = "collective.cfprivate: Download protected media"
MANAGE = "collective.cfprivate: Manage protected media"
CONFIGURE = "collective.cfprivate: Configure"
DELEGATE = "collective.cfprivate: Delegate Media Viewer role"

ALL = (STREAM, DOWNLOAD, MANAGE, CONFIGURE, DELEGATE)
