"""All that Plone exports or shows to the owner of Zope; each function gives contents by names."""

from io import BytesIO
from pathlib import Path
from plone import api
from plone.exportimport.exporters import get_exporter
from Products.PageTemplates.ZopePageTemplate import ZopePageTemplate
from tempfile import TemporaryDirectory
from unittest.mock import patch

import json
import transaction


# Else plone.restapi would answer.
ANY = {"Accept": "*/*", "Content-Type": "text/plain"}
ITEMS = ("talk", "page")
PAGES = (
    *("@@cfprivate-controlpanel", "@@cfprivate-rotate", "@@cfprivate-selftest", "@@cfprivate-overview"),
    *("@@cfprivate-state-rules", "@@cfprivate-erase-key", "@@cfprivate-erase-key?slot=next", "@@cfprivate-stack"),
    "@@cfprivate-reconcile",
    *("@@cfprivate-controlpanel/++widget++form.widgets.private_key", "@@overview-controlpanel"),
    *("", "talk", "page", "talk/@@edit", "page/@@historyview", "page/versions_history_form?version_id=0"),
    *("manage_main", "manage_propertiesForm", "portal_registry", "portal_setup/manage_exportSteps"),
    *("portal_setup/manage_snapshots", "portal_historiesstorage/manage_main", "portal_catalog/manage_catalogView"),
)
SERVICES = (
    *("", "@cfprivate-status", "@system", "@database", "@transactions", "@site", "@types", "@addons"),
    *(
        "talk",
        "page",
        "talk/@playback",
        "page/@history",
        "page/@history/0",
        "@search?fullobjects=1&metadata_fields=_all",
    ),
)


def generic_setup(site):
    """The archive of all steps, and a snapshot."""
    portal_setup = site.portal.portal_setup
    # Files become page templates, which would be compiled; nothing of that is stored, and the registry takes seconds.
    with patch.object(ZopePageTemplate, "_cook", lambda template: None):
        snapshot = portal_setup.createSnapshot("canary")
    transaction.commit()
    kept = portal_setup.snapshots[snapshot.get("snapshot_id", "canary")]
    return {
        "all steps": site.owner.ask("portal_setup/manage_exportAllSteps", "POST", **ANY).body,
        "all steps in code": portal_setup.runAllExportSteps()["tarball"],
        "snapshot": zexp_of(kept),
    }


def registry(site):
    return {
        "XML": site.owner.ask("portal_registry/@@configuration_registry_export_xml", **ANY).body,
        "@registry": site.owner.ask("@registry?b_size=100000").body,
        "@registry of the package": site.owner.ask("@registry?q=collective.cfprivate&b_size=1000").body,
    }


def control_panels(site):
    """The list of panels by REST, and each of them."""
    listed = site.owner.ask("@controlpanels")
    paths = [f"@controlpanels/{panel['@id'].rpartition('/')[2]}" for panel in json.loads(listed.body)]
    return {"@controlpanels": listed.body, **{path: site.owner.ask(path).body for path in paths}}


def services(site):
    return {f"/{path}": site.owner.ask(path).body for path in SERVICES}


def pages(site):
    return {f"/{path}": site.owner.open(path) for path in PAGES}


def content(site):
    """All files of plone.exportimport, and what its service makes of them."""
    with TemporaryDirectory() as folder:
        get_exporter(site.portal).export_site(Path(folder))
        files = {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
    transaction.abort()
    return {**files, "@export": site.owner.ask("@export", "POST").body}


def zexp(site):
    """The site holds the ring: the sealed keys are in it."""
    return {
        "site": zexp_of(site.portal),
        "site by request": site.owner.ask("manage_exportObject?download:int=1", **ANY).body,
        **{name: site.owner.ask(f"manage_exportObject?id={name}&download:int=1", **ANY).body for name in ITEMS},
    }


def catalog(site):
    """What the indexes and the columns know of each item, and all their trees."""
    tool = api.portal.get_tool("portal_catalog")
    known = {
        f"{record} of {path}": str(getattr(tool, record)(rid))
        for path, rid in tool._catalog.uids.items()
        for record in ("getIndexDataForRID", "getMetadataForRID")
    }
    return {**known, "trees": zexp_of(tool)}


def versions(site):
    """Each version of each item as it would be looked at, and the storage of all of them."""
    repository = api.portal.get_tool("portal_repository")
    found = {}
    for name in ITEMS:
        for number in range(len(repository.getHistoryMetadata(site.portal[name]) or ())):
            version = repository.retrieve(site.portal[name], number)
            found[f"{name} {number}"] = str({**vars(version.object), **version.sys_metadata})
    transaction.abort()
    return {**found, "storage": zexp_of(site.portal.portal_historiesstorage)}


def undo(site):
    """What can be undone, as the database tells it and as Zope shows it."""
    database = site.app._p_jar.db()
    return {
        "undoInfo": str(database.undoInfo(0, 100_000)),
        "undoLog": str(database.undoLog(0, 100_000)),
        "page": site.owner.open("Control_Panel/Database/main/manage_UndoForm"),
    }


def error_logs(site):
    """The entries of the site's log and of Zope's, whole, and the pages on which they are shown."""
    log = site.portal.error_log
    found = {"Zope's": str(log_of(site.app)), "list": site.owner.open("error_log/manage_main")}
    for number, entry in enumerate(log.getLogEntries()):
        found[f"entry {number}"] = str(entry)
        found[f"text {number}"] = log.getLogEntryAsText(entry["id"])
        found[f"page {number}"] = site.owner.open(f"error_log/showEntry?id={entry['id']}")
    return found


def log_of(app):
    return app.error_log.getLogEntries() if "error_log" in app.objectIds() else []


def answers(site):
    """All pages and answers so far: those of the forms to which the keys were given too."""
    return {f"answer {number}": shown for number, shown in enumerate(site.owner.shown)}


def logs(site):
    return {"log": site.log.text}


def zexp_of(item):
    """What Zope writes in a file of an object and all that belongs to it."""
    file = BytesIO()
    item._p_jar.exportFile(item._p_oid, file)
    return file.getvalue()


# Those at the end tell of the others.
EXPORTS = {
    "GenericSetup": generic_setup,
    "registry": registry,
    "control panels": control_panels,
    "services": services,
    "pages": pages,
    "content": content,
    "zexp": zexp,
    "catalog": catalog,
    "versions": versions,
    "undo": undo,
    "error_log": error_logs,
    "answers": answers,
    "log": logs,
}
