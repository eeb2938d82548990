"""Makes Protected Videos of the items of c2.app.streamingaws."""

from ..exceptions import SiteError
from ..setuphandlers import PROTECTED_VIDEO
from .export import Export
from .export import Refused
from .fields import dates_of
from .fields import fields_of
from Acquisition import aq_base
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from OFS.ObjectManager import checkValidId
from plone import api
from plone.api.exc import InvalidParameterError
from plone.restapi.interfaces import IDeserializeFromJson
from plone.restapi.services.content.utils import add
from plone.restapi.services.content.utils import create
from Products.CMFCore.indexing import processQueue
from Products.CMFCore.interfaces import IFolderish
from zExceptions import BadRequest
from zExceptions import Unauthorized
from zope.component import getMultiAdapter
from zope.event import notify
from zope.globalrequest import getRequest
from zope.lifecycleevent import ObjectCreatedEvent


# What was published counts as the state that is asked for, and what is not told here stays as it is made.
KEPT_STATES = ("private", "pending")


class NotImported(SiteError):
    """The import ended, and nothing of it is kept."""


@dataclass(frozen=True)
class Made:
    """An item that was made: its path in the site, its state, and what was left out of it."""

    path: str
    state: str
    notes: tuple[str, ...] = ()


@dataclass
class Report:
    """What was done: paths in the site, and the reasons why items were refused."""

    made: list[Made] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def check_state(state: str) -> None:
    """Raise ``NotImported`` unless a workflow of Protected Videos has this state."""
    workflows = api.portal.get_tool("portal_workflow")
    states = [name for workflow in workflows.getWorkflowsFor(PROTECTED_VIDEO) for name in workflow.states.objectIds()]
    if state not in states:
        raise NotImported(
            f"The workflow of Protected Videos has no such state: give one of {', '.join(sorted(states))}."
        )


def make_all(export: Export, *, state: str) -> Report:
    """Make all videos of the export in the current site, as the current user; what was published gets ``state``.

    Folders that are missing are made, and stay in the state in which they are made. The caller commits, and has to abort
    where anything is raised: ``NotImported``.
    """
    check_state(state)
    importer = _Importer(export, state, Report())
    for item in export.videos:
        importer.take(item)
    return importer.report


@dataclass
class _Importer:
    export: Export
    state: str
    report: Report

    def take(self, item: dict) -> None:
        shown = str(item.get("@id"))
        try:
            path = self.export.path(item)
            shown = _shown(path)
            self._make(item, path)
        except Refused as error:
            self.report.refused.append((shown, str(error)))

    def _make(self, item: dict, path: tuple[str, ...]) -> None:
        nearest, missing = _nearest_folder(path)
        if not missing and path[-1] in nearest:
            self.report.left_alone.append(_shown(path))
            return
        notes: list[str] = []
        video = _filled(nearest, path[-1], fields_of(item, notes))
        for attribute, date in dates_of(item, notes).items():
            setattr(video, attribute, date)
        made = self._put(video, nearest, path, missing)
        # The next item is checked against this one.
        processQueue()
        self.report.made.append(Made(_shown(path), self._bring_to_state(made, item, notes), tuple(notes)))

    def _put(self, video, nearest, path: tuple[str, ...], missing: tuple[str, ...]):
        """Add the item in its folder; where it cannot be added, none of the folders that were made for it stays."""
        before = len(self.report.folders)
        try:
            return _added(self._folder(nearest, path[: len(path) - 1 - len(missing)], missing), video)
        except Refused:
            if len(self.report.folders) > before:
                nearest._delObject(missing[0])
                del self.report.folders[before:]
            raise

    def _folder(self, folder, path: tuple[str, ...], missing: tuple[str, ...]):
        for name in missing:
            path = (*path, name)
            old = self.export.at(path)
            title, description = (_text(old.get(each)) for each in ("title", "description"))
            made = _filled(folder, name, {"title": title or name, "description": description}, portal_type="Folder")
            folder = _added(folder, made)
            self.report.folders.append(_shown(path))
        return folder

    def _bring_to_state(self, video, item: dict, notes: list[str]) -> str:
        old = _text(item.get("review_state"))
        wanted = self.state if old == "published" else old
        if old in ("published", *KEPT_STATES) and api.content.get_state(video) != wanted:
            try:
                api.content.transition(video, to_state=wanted)
            except InvalidParameterError:
                raise NotImported(f"{_path_of(video)} cannot be brought into the state {wanted}.") from None
        elif old not in KEPT_STATES and old != "published":
            notes.append("Its state is not known here: see who may watch it.")
        return api.content.get_state(video)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(path: Iterable[str]) -> str:
    return "/" + "/".join(path)


def _path_of(item) -> str:
    return _shown(item.getPhysicalPath()[len(api.portal.get().getPhysicalPath()) :])


def _nearest_folder(path: tuple[str, ...]) -> tuple[object, tuple[str, ...]]:
    """The deepest folder on the way to an item that there is, and the names of those that are missing behind it."""
    folder = api.portal.get()
    for name in path:
        _check_name(name)
    for position, name in enumerate(path[:-1]):
        if name not in folder:
            return folder, path[position:-1]
        folder = folder[name]
        if not IFolderish.providedBy(folder):
            raise Refused(f"{_path_of(folder)} is no folder here.")
    return folder, ()


def _check_name(name: str) -> None:
    try:
        checkValidId(api.portal.get(), name, allow_dup=True)
    except BadRequest:
        raise Refused("Its path has a name that cannot be an id.") from None


def _filled(folder, name: str, values: dict[str, object], *, portal_type: str = PROTECTED_VIDEO):
    """New content that is in no folder yet, checked as what plone.restapi adds."""
    try:
        content = create(folder, portal_type, id_=name)
        deserializer = getMultiAdapter((content.__of__(folder), getRequest()), IDeserializeFromJson)
        deserializer(validate_all=True, data=values, create=True)
    except Unauthorized:
        raise Refused(f"In {_path_of(folder)} no {portal_type} may be added.") from None
    except BadRequest as error:
        raise Refused(_sentences(error)) from None
    return aq_base(content)


def _sentences(error: BadRequest) -> str:
    errors = error.args[0] if error.args and isinstance(error.args[0], list) else [{"message": str(error)}]
    return " ".join(
        f"{each['field']}: {each['message']}" if each.get("field") else str(each["message"]) for each in errors
    )


def _added(folder, content):
    notify(ObjectCreatedEvent(content))
    try:
        return add(folder, content, rename=False)
    except BadRequest:
        raise Refused(f"Plone keeps the name {content.id} in {_path_of(folder)} for itself.") from None
