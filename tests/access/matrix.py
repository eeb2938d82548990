"""The site of the access matrix: one video for each state and window, one account for each kind of user."""

from DateTime import DateTime
from itertools import product
from plone import api
from surfaces import Surface

import requests


STATES = ["private", "pending", "confidential", "restricted", "members", "public"]

# Days from now to the publishing and to the expiration date.
WINDOWS = {"before": (1, 2), "within": (-1, 1), "after": (-2, -1)}

OBJECT_KEY = "canaries/yellow bird.mp4"
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nA yellow bird\n"
POSTER = "canaries/yellow bird.jpg"

# The login of each kind of user, with the role that makes it one. Every account is a Member.
ROLES_IN_SITE = {"member": "Member", "siteadmin": "Site Administrator", "manager": "Manager"}
ROLES_IN_FOLDER = {"reader": "Reader", "contributor": "Contributor", "editor": "Editor", "reviewer": "Reviewer"}
ROLES_ON_ITEM = {"viewer": "Media Viewer", "owner": "Owner"}
GROUP, ROLE_OF_GROUP, IN_GROUP = "viewers", "Media Viewer", "viewer-by-group"

USERS = ["anonymous", *ROLES_IN_SITE, *ROLES_ON_ITEM, IN_GROUP, *ROLES_IN_FOLDER]


def furnish(portal) -> None:
    """Make the accounts and the videos; nothing is committed."""
    for login in USERS[1:]:
        api.user.create(email=f"{login}@example.org", username=login, password=f"secret-of-{login}")
    api.group.create(groupname=GROUP)
    api.group.add_user(groupname=GROUP, username=IN_GROUP)
    _give(ROLES_IN_SITE)
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", "videos")
        api.content.transition(folder, "publish")
        for state, window in product(STATES, WINDOWS):
            _add_video(folder, state, window)
    _give(ROLES_IN_FOLDER, folder)


def _add_video(folder, state: str, window: str) -> None:
    name = f"{state}-{window}"
    values = {
        "object_key": OBJECT_KEY,
        "renditions": (f"canaries/yellow-{name}/index.m3u8",),
        "poster": POSTER,
        "tracks": [{"language": "en", "text": CAPTIONS}],
    }
    item = api.content.create(folder, "Protected Video", name, title=name, **values)
    if state != "private":
        api.content.transition(item, to_state=state)
    item.effective_date, item.expiration_date = (DateTime() + days for days in WINDOWS[window])
    _give(ROLES_ON_ITEM, item)
    api.group.grant_roles(groupname=GROUP, roles=[ROLE_OF_GROUP], obj=item)


def _give(roles: dict[str, str], place=None) -> None:
    for login, role in roles.items():
        api.user.grant_roles(username=login, roles=[role], obj=place)


def path_of(state: str, window: str) -> str:
    """Where in the site the video of a state and window lies."""
    return f"videos/{state}-{window}"


def ask(url: str, user: str, surface: Surface) -> requests.Response:
    """The answer to ``user`` of a surface of the item at ``url``."""
    auth = None if user == "anonymous" else (user, f"secret-of-{user}")
    headers = {"Accept": surface.accept}
    return requests.get(url + surface.path, auth=auth, headers=headers, allow_redirects=False, timeout=60)
