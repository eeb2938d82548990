"""The doors through which Plone gives away something of an item or of the site, each as one request.

The site has a folder ``media`` with a Protected Video ``talk`` and a versioned Document ``page``, which has the
behavior; and ``object_key`` and the like stand for fields, as an attacker would guess them.
"""

from typing import NamedTuple


HTML = {"Accept": "text/html,application/xhtml+xml"}
JSON = {"Accept": "application/json"}
ANY = {"Accept": "*/*"}
XML = {"Content-Type": "text/xml"}

BEHAVIOR = "collective.cfprivate.protected_media"
WIDGET = "++widget++form.widgets.IProtectedMedia"
CATALOG = "@@getVocabulary?name=plone.app.vocabularies.Catalog&attributes=object_key,poster,UID"
COLUMNS = "metadata_fields=_all&metadata_fields=object_key&metadata_fields=poster"
ELEMENTS = "actions aliases breadcrumbs contextnavigation inherit navigation navroot translations types workflow"
EXPANDED = "&".join(f"expand={name}" for name in ELEMENTS.split()) + f"&expand.inherit.behaviors={BEHAVIOR}"
QUERY = {
    "query": [{"i": "path", "o": "plone.app.querystring.operation.string.absolutePath", "v": "/media"}],
    "metadata_fields": ["_all", "object_key", "poster"],
}
ALL_PROPERTIES = '<propfind xmlns="DAV:"><allprop/></propfind>'


class Door(NamedTuple):
    """One request; ``answers`` is the status that a Manager gets, a ``surface`` signs for who may stream."""

    path: str
    answers: int = 200
    headers: dict[str, str] = HTML
    method: str = "GET"
    json: dict | None = None
    data: str | None = None
    surface: bool = False

    def __str__(self):
        sent = self.data or ("" if self.json is None else " ".join(self.json))
        return f"{self.method} {self.path} {self.headers.get('Accept', '').partition(',')[0]} {sent}".strip()


def doors(*paths, **options):
    """A door for each path."""
    return [Door(path, **options) for path in paths]


def of_items(*paths, **options):
    """A door for each path below the video, and one for each below the page."""
    return [Door(f"media/{item}{path}", **options) for item in ("talk", "page") for path in paths]


def xml_rpc(method, **options):
    """The call of a method without arguments; Plone 6.2 takes them only where zope.conf says so."""
    return Door(
        "", headers=XML, method="POST", data=f"<methodCall><methodName>{method}</methodName></methodCall>", **options
    )


SURFACES = [
    *of_items("", "/view", surface=True),
    *doors("media/talk/@@protected_video_view", "media/page/@@document_view", surface=True),
    *of_items("/@@media", answers=302, headers=ANY, surface=True),
    *doors("media/talk/@@media?download=1", answers=302, headers=ANY, surface=True),
    *doors("media/talk/@@media", answers=302, headers=ANY, method="HEAD", surface=True),
    *of_items("/@playback", headers=JSON, surface=True),
    *doors("++api++/media/talk/@playback", headers=JSON, surface=True),
    xml_rpc("media.talk", surface=True),
]

PAGES = [
    *of_items("/@@view", "/@@content-core", "/@@edit"),
    *of_items(f"/@@view/{WIDGET}.object_key", f"/@@edit/{WIDGET}.object_key", answers=404),
    *doors(f"media/talk/@@view/{WIDGET}.poster", f"media/page/@@content-core/{WIDGET}.object_key", answers=404),
    *doors("media/talk/@@edit/++widget++form.widgets.IDublinCore.title"),
    *doors("media/talk/edit", "media/talk/@@full_view_item", "media/talk/sendto_form", "media/talk/@@sharing"),
    *doors("media", "media/listing_view", "media/summary_view", "media/tabular_view", "media/full_view"),
    *doors("media/media_listing"),
    *doors("media/folder_contents", "media/@@fc-contextInfo"),
]

FIELDS = [
    *of_items("/object_key", "/poster", "/renditions", "/tracks", answers=404),
    *doors("media/talk/@@images/object_key", "media/talk/getProperty?id=object_key", answers=404),
    *doors("media/talk/@@download/object_key", "media/talk/@@display-file/object_key", answers=500),
    *doors(f"media/talk/++behavior++{BEHAVIOR}", "media/talk/propertysheets", answers=404),
    *of_items("/manage_DAVget", "/manage_FTPget"),
    *doors("media/talk/SearchableText", "media/talk/manage_propertiesForm", "media/talk/manage_main"),
    *doors("media", answers=207, headers={**XML, "Depth": "1"}, method="PROPFIND", data=ALL_PROPERTIES),
    *doors("media/talk", headers={"Translate": "f"}, surface=True),
    xml_rpc("media.objectValues", answers=404),
]

JSON_OF_ITEMS = [
    *of_items("", f"?{EXPANDED}", f"?{COLUMNS}", headers=JSON),
    *of_items(f"/@inherit?expand.inherit.behaviors={BEHAVIOR}", "/@workflow", headers=JSON),
    *doors("++api++/media/talk", "media/talk/@sharing", "media/talk/@lock", "media/talk/@comments", headers=JSON),
    *of_items("/@cfprivate-uploads", "/@cfprivate-uploads/guessed", answers=404, headers=JSON),
    *doors("media/talk/@workingcopy", "media/talk/@content-rules", "media/talk/@aliases", headers=JSON),
    *doors("media/talk", answers=200, headers={**JSON, "Prefer": "return=representation"}, method="PATCH", json={}),
]

LISTS = [
    *doors("media?fullobjects=1", f"media?include_items=1&{COLUMNS}", f"media?fullobjects=1&{EXPANDED}", headers=JSON),
    *doors(f"@search?{COLUMNS}", f"@search?fullobjects=1&{COLUMNS}", "@search?SearchableText=7f3a", headers=JSON),
    *doors("++api++/@search?fullobjects=1", "@navigation?expand.navigation.depth=3", headers=JSON),
    *doors("@querystring-search", headers=JSON, method="POST", json=QUERY),
    *doors("++api++/@querystring-search", headers=JSON, method="POST", json={**QUERY, "fullobjects": True}),
    *doors("media/RSS", "media/rss.xml", "media/atom.xml", "media/itunes.xml", "media/newsml.xml"),
    *doors("search_rss?SearchableText=Talk", "@@search?SearchableText=7f3a", "@@ajax-search?SearchableText=Talk"),
    *doors("sitemap.xml.gz", "sitemap", "@@recently_modified", CATALOG),
]

REVISIONS = [
    *doors("media/page/@history", "media/page/@history/0", "media/page/@history/1", headers=JSON),
    *doors("++api++/media/page/@history/0", "media/page?version=0", headers=JSON),
    *doors("media/page/@@historyview", "media/page/@@contenthistorypopup"),
    *doors("media/page/versions_history_form?version_id=0", "media/page/@@version-view?version_id=0"),
    *doors("media/page/@@history?one=current&two=0", "media/page/@@history?one=0&two=1"),
    *doors("media/page/@@download-version?version_id=0&field_id=object_key", answers=500),
    *doors("portal_historiesstorage/manage_main", "portal_archivist/manage_main"),
]

SITE = [
    *doors("@types/Document", "@types/Protected%20Video", "@types", "@site", "@system", "@transactions", headers=JSON),
    *doors("@controlpanels", "@controlpanels/dexterity-types/Protected%20Video", headers=JSON),
    *doors("@controlpanels/cfprivate", "@cfprivate-status", headers=JSON),
    *doors("@registry?q=collective.cfprivate", "@registry/collective.cfprivate.lifetime", headers=JSON),
    *doors("@addons/collective.cfprivate", "@database", headers=JSON),
    *doors("portal_registry", "portal_registry/@@configuration_registry_export_xml"),
    *doors("@@cfprivate-controlpanel", "@@cfprivate-controlpanel/++widget++form.widgets.private_key"),
    *doors("@@cfprivate-rotate", "@@cfprivate-rotate/++widget++form.widgets.private_key", "@@cfprivate-selftest"),
    *doors("@@cfprivate-overview", "@@cfprivate-state-rules", "@@cfprivate-erase-key"),
    *doors("@@cfprivate-stack", "@@cfprivate-reconcile"),
    *doors("manage_main", "manage_propertiesForm", "manage_access", "manage_components", "error_log/manage_main"),
    *doors("portal_catalog/manage_catalogView", "@@error-log-form"),
]

EXPORTS = [
    *doors("portal_setup/manage_exportAllSteps", method="POST"),
    *doors("manage_exportObject?download:int=1", "media/manage_exportObject?id=talk&download:int=1"),
    *doors("@export", headers=JSON, method="POST"),
]

DOORS = [*SURFACES, *PAGES, *FIELDS, *JSON_OF_ITEMS, *LISTS, *REVISIONS, *SITE, *EXPORTS]
