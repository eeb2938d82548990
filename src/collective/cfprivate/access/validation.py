"""What a form and REST refuse of a medium because of other items."""

from ..i18n import _
from ..media.behavior import IProtectedMedia
from ..media.medium import medium_in
from ..media.places import conflicts_of_entered
from ..media.same_work import same_work
from ..media.same_work import same_work_as_new
from ..permissions import VIEW
from .attaching import refusal_to_attach
from .in_bucket import refusal_of_bucket
from Acquisition import aq_inner
from Acquisition import aq_parent
from plone import api
from plone.uuid.interfaces import IUUID
from types import SimpleNamespace
from z3c.form.interfaces import IAddForm
from z3c.form.interfaces import IGroup
from z3c.form.util import getSpecification
from z3c.form.validator import InvariantsValidator
from zope.component import adapter
from zope.i18nmessageid import Message
from zope.interface import Interface
from zope.interface import Invalid


@adapter(Interface, Interface, Interface, getSpecification(IProtectedMedia, force=True), Interface)
class MediaValidator(InvariantsValidator):
    """Refuses, besides what the invariants do, files in the HLS folder of another item, others' files, and missing ones.

    Whose key is known is not everybody's to attach: else who may add an item watched any medium.
    """

    def validateObject(self, obj):
        errors = super().validateObject(obj)
        return errors or self._conflicts()

    def validate(self, data):
        self._data = data
        return super().validate(data)

    def _conflicts(self) -> tuple[Invalid, ...]:
        medium = medium_in(SimpleNamespace(**{name: self._value(name) for name in IProtectedMedia}))
        if medium is None:
            return ()
        refusal = refusal_to_attach(medium.object_keys, item=self._item, container=self._container)
        if refusal is not None:
            return (Invalid(refusal),)
        conflicts = conflicts_of_entered(medium, own=self._own, versions=self._versions)
        if conflicts:
            return (Invalid(sentence_of(conflicts)),)
        missing = refusal_of_bucket(medium.object_keys, item=self._item, request=self.request)
        return () if missing is None else (Invalid(missing),)

    @property
    def _item(self):
        return None if self._is_new else self.context

    @property
    def _container(self):
        # What is to be made is nothing yet, but its form knows where it is to lie.
        return self.view.context if self._is_new else aq_parent(aq_inner(self.context))

    @property
    def _own(self) -> frozenset[str]:
        return frozenset() if self._is_new else frozenset({IUUID(self.context, None)} - {None})

    @property
    def _versions(self) -> frozenset[str]:
        return same_work_as_new(self.request) if self._is_new else same_work(self.context)

    def _value(self, name: str):
        if name in self._data or self._is_new:
            return self._data.get(name)
        return getattr(IProtectedMedia(self.context), name)

    @property
    def _is_new(self) -> bool:
        form = self.view
        while IGroup.providedBy(form):
            form = form.parentForm
        return IAddForm.providedBy(form)


def sentence_of(conflicts: list) -> Message:
    """Why the files of an item must not lie where they do; names only items that the current user may view."""
    names = [f"“{item.title_or_id()}”" for item in conflicts if api.user.has_permission(VIEW, obj=item)]
    if not names:
        return _(
            "error_place_taken",
            default="The folder of an HLS set is covered by one signature as a whole, and another item has files in this one, "
            "or an HLS set around it: put each HLS set into a folder of its own.",
        )
    return _(
        "error_place_taken_by",
        default="The folder of an HLS set is covered by one signature as a whole, and ${titles} has files in this one, "
        "or an HLS set around it: put each HLS set into a folder of its own.",
        mapping={"titles": ", ".join(names)},
    )
