"""The status in Site Setup."""

from ..permissions import CONFIGURE
from .status import status_of_site
from plone import api
from plone.app.layout.viewlets import ViewletBase


class SiteSetupViewlet(ViewletBase):
    """On the overview of Site Setup: what is missing, for who may configure."""

    problems = ()
    upgrade = None

    def update(self):
        super().update()
        if self.view.__name__ == "overview-controlpanel" and api.user.has_permission(CONFIGURE, obj=self.context):
            status = status_of_site()
            self.problems, self.upgrade = status.problems, status.upgrade
