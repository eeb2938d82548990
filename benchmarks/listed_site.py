"""Makes the demo's site with 1,000 protected items and as many Documents: ``python -m listed_site VAR PORT EDGE_PORT``.

Both have the same titles and descriptions and no lead image, and everybody may see them. Each have a folder and a collection.
"""

from collective.cfprivate.demo.layout import Layout
from collective.cfprivate.demo.site import prepare
from pathlib import Path
from plone import api

import sys
import transaction


COUNT = 1_000
TITLE = "Entry"
# The site's theme is not put on what is asked of this host.
UNTHEMED = "unthemed.example"
# The type, the state and the fields of the item of a number.
LISTED = {
    "protected": ("Protected Video", "restricted", lambda number: {"object_key": "talk/talk.mp4", "duration": number}),
    "documents": ("Document", "published", lambda number: {}),
}
OF_TYPE = "plone.app.querystring.operation.selection.any"
PATH = "plone.app.querystring.operation.string.absolutePath"


def add_lists(portal):
    """A folder `protected` or `documents` of each type, and a collection `found-…` of what lies in it."""
    workflow = api.portal.get_tool("portal_workflow")
    for name, (portal_type, state, fields) in LISTED.items():
        # A transition of each would take as long as all the rest.
        workflow[workflow.getChainForPortalType(portal_type)[0]].initial_state = state
        folder = api.content.create(portal, "Folder", name, title=name)
        query = [{"i": "portal_type", "o": OF_TYPE, "v": [portal_type]}, {"i": "path", "o": PATH, "v": f"/{name}"}]
        found = api.content.create(portal, "Collection", f"found-{name}", title=name, query=query, item_count=COUNT)
        for container in (folder, found):
            api.content.transition(container, to_state="published")
        for number in range(COUNT):
            described = {
                "title": f"{TITLE} {number}",
                "description": f"What number {number} is about.",
                **fields(number),
            }
            api.content.create(folder, portal_type, f"entry-{number}", **described)
        transaction.commit()


def main():
    prepare(Layout(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
    # Documents are in the navigation and videos are not, unless somebody says so: that is no part of a listing.
    api.portal.set_registry_record("plone.displayed_types", ("Folder", "Collection"))
    api.portal.set_registry_record("plone.app.theming.interfaces.IThemeSettings.hostnameBlacklist", [UNTHEMED])
    with api.env.adopt_user(username="manager"):
        add_lists(api.portal.get())


if __name__ == "__main__":
    main()
