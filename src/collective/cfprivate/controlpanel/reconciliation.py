"""Files of the bucket that nothing refers to: looked for when asked, and deleted when asked again."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..storage.bucket import Bucket
from ..storage.bucket import Stored
from ..storage.bucket import Unfinished
from ..storage.examine import examine
from ..storage.examine import references_now
from ..storage.reconcile import abort_left
from ..storage.reconcile import BATCH
from ..storage.reconcile import delete_orphans
from ..storage.reconcile import GRACE
from ..storage.reconcile import left_uploads
from ..storage.reconcile import Reconciled
from ..storage.site_bucket import bucket_of_site
from .page import KeyPage
from .page import Posted
from .page import PRIMARY_BUTTON
from collections.abc import Iterator
from dataclasses import dataclass
from plone import api
from plone.base.utils import human_readable_size
from plone.z3cform import layout
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from z3c.form import button
from z3c.form import field
from z3c.form import form
from zope import schema
from zope.component import getMultiAdapter
from zope.interface import Interface

import logging
import time


# So many lines of a list are shown; the command tells all.
SHOWN = 100

logger = logging.getLogger(__name__)


class IReconciliationInput(Interface):
    """What is looked for."""

    grace = schema.Int(
        title=_("label_grace", default="Days of grace"),
        description=_(
            "help_grace", default="What was stored in the last so many days is kept: it may be about to be attached."
        ),
        default=GRACE,
        min=1,
        max=36500,
    )


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a comparison of the bucket and the site has brought."""

    compared: Reconciled
    uploads: list[Unfinished]

    @property
    def mark(self) -> str:
        """What tells this from all other findings, as far as anything would be deleted."""
        return " ".join([self.compared.digest, *(each.upload_id for each in self.uploads)])

    @property
    def size(self) -> str:
        """That of all that is left over."""
        return human_readable_size(self.compared.bytes)

    @property
    def anything_left(self) -> bool:
        """Whether there is anything to delete or to end."""
        return bool(self.compared.orphans or self.uploads)

    @property
    def orphans(self) -> list[tuple[Stored, str]]:
        """As many as are shown, the largest first, with their sizes for readers."""
        largest = sorted(self.compared.orphans, key=lambda each: (-each.size, each.key))
        return [(each, human_readable_size(each.size)) for each in largest[:SHOWN]]

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """As many keys as are shown, each with the place that refers to it."""
        return self.compared.missing[:SHOWN]


class ReconciliationForm(Posted, form.Form):
    """Looks first: the button that deletes comes with the list of what it would delete."""

    label = _("heading_reconcile", default="Files that nothing refers to")
    fields = field.Fields(IReconciliationInput)
    enableCSRFProtection = True
    ignoreContext = True
    enable_autofocus = False
    findings: Findings | None = None

    def updateActions(self):
        super().updateActions()
        self.actions["look"].klass = PRIMARY_BUTTON
        self.actions["delete"].klass = "submit-widget btn btn-danger"

    def render_widget(self) -> str:
        """The field with its label, help and error."""
        return getMultiAdapter((self.widgets["grace"], self.request), name="ploneform-render-widget")()

    @button.buttonAndHandler(_("button_reconcile_look", default="Compare the bucket with this site"), name="look")
    def look(self, action):
        self._look()

    @button.buttonAndHandler(_("button_reconcile_delete", default="Delete these files for good"), name="delete")
    def delete(self, action):
        self._look()
        if self.findings is None:
            return
        if self.request.form.get("shown") != self.findings.mark:
            self.status = _(
                "message_reconcile_changed",
                default="Nothing was deleted, because this is not what the page showed: look at the list, and press again.",
            )
            return
        self._delete(self.findings)
        if not self.status:
            self._look()

    def _look(self) -> None:
        data, errors = self.extractData()
        if errors:
            return
        try:
            bucket, now = bucket_of_site(), time.time()
            folder = settings.bucket().upload_prefix
            compared = examine(bucket, now=now, prefix=folder, grace=data["grace"])
            uploads = left_uploads(bucket, now=now, prefix=folder, grace=data["grace"])
        except CFPrivateError as error:
            self.status = sentence_of(error)
        else:
            self.findings = Findings(compared=compared, uploads=uploads)

    def _delete(self, findings: Findings) -> None:
        counts = {"deleted": 0, "kept": 0, "ended": 0}
        try:
            for done in _deleting(bucket_of_site(), findings):
                counts[done] += 1
        except CFPrivateError as error:
            self.status = sentence_of(error)
        message = _(
            "message_reconciled",
            default="Files deleted: ${deleted}. Kept, because they were attached or changed meanwhile: ${kept}. "
            "Uploads ended: ${ended}.",
            mapping=counts,
        )
        api.portal.show_message(message, self.request)


class ReconciliationPage(KeyPage):
    """The form, and what was found."""

    index = ViewPageTemplateFile("reconciliation.pt")
    batch = BATCH

    @property
    def folder(self) -> str:
        """The folder of the bucket that is looked at."""
        return f"{settings.bucket().upload_prefix.strip('/')}/"

    def url_of(self, place: str) -> str:
        """The address of an item that refers to a file; empty where the place is a version."""
        root = "/".join(self.context.getPhysicalPath())
        is_item = place == root or place.startswith(f"{root}/")
        return self.request.physicalPathToURL(place) if is_item else ""

    def more_than_shown(self, number: int) -> int:
        """How many lines of a list are not shown."""
        return max(number - SHOWN, 0)

    def more_than_deleted(self, findings: Findings) -> bool:
        """Whether one press of the button does not delete all."""
        return len(findings.compared.orphans) > self.batch


Reconciliation = layout.wrap_form(ReconciliationForm, ReconciliationPage)


def _deleting(bucket: Bucket, findings: Findings) -> Iterator[str]:
    """Do it, and note each in the log; so many files at most that a request can wait for them."""
    for each, deleted in delete_orphans(bucket, findings.compared.orphans[:BATCH], references_now):
        done = "deleted" if deleted else "kept"
        logger.info("%s %r (%d bytes)", done, each.key, each.size)
        yield done
    for upload in abort_left(bucket, findings.uploads):
        logger.info("ended the upload of %r", upload.key)
        yield "ended"
