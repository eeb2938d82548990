"""Makes the demo site: the add-on, a signing key, accounts and something to watch."""

from ..cloudfront.keys import SigningKey
from ..interfaces import IKeyRing
from ..media.behavior import IProtectedMedia
from ..settings import PREFIX
from .layout import ACCOUNTS
from .layout import BUCKET
from .layout import KEY_ID
from .layout import Layout
from .layout import REGION
from .layout import SITE
from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.users import system
from pathlib import Path
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.base.utils import get_installer
from plone.distribution.api import site as site_api
from Testing.makerequest import makerequest
from zope.component import getUtility
from zope.component.hooks import setSite
from zope.globalrequest import setRequest

import secrets
import shutil
import sys
import transaction


SITE_ANSWERS = {
    "site_id": SITE,
    "title": "Protected media",
    "description": "A demonstration of collective.cfprivate",
    "default_language": "en",
    "portal_timezone": "UTC",
    "setup_content": False,
}
TEXT = """\
<p>This page can be read by everyone. The medium can be watched by the accounts <em>manager</em>, <em>editor</em> and
<em>viewer</em>; <em>member</em> and visitors who are not logged in are told why they cannot.</p>
<p>Its state is <strong>Restricted</strong>: change it in the toolbar, or give somebody “Can watch” under Sharing.</p>
"""
FILES = Path(__file__).parent / "media"
# One is kept by Plone, the other delivered by the edge.
CAPTIONS = [
    {"language": "en", "text": (FILES / "talk" / "captions.en.vtt").read_text(encoding="utf-8")},
    {"language": "ja", "kind": "subtitles", "object_key": "talk/captions.ja.vtt"},
]
MEDIA = {
    "talk": {
        "title": "A protected talk",
        "description": "Twelve seconds, for those who were given the right to watch them.",
        "object_key": "talk/talk.mp4",
        "poster": "talk/poster.jpg",
    },
    "stream": {
        "title": "The talk as a stream",
        "description": "HLS in two qualities: Plone signs the playlists, and the edge serves the segments.",
        "object_key": "talk/hls/index.m3u8",
        "poster": "talk/poster.jpg",
    },
    "tone": {"title": "A protected tone", "description": "A sound.", "object_key": "audio/tone.mp3"},
    "aurora": {"title": "A protected image", "description": "The lake at night.", "object_key": "images/aurora.jpg"},
    "handout": {
        "title": "A protected document",
        "description": "The handout of the talk.",
        "object_key": "documents/handout.pdf",
    },
}


def prepare(layout: Layout) -> None:
    """Make what is missing, and adapt the rest to the ports; may be stopped anywhere and run again."""
    record = layout.read_record() or {"passwords": {login: secrets.token_hex(8) for login in ACCOUNTS}}
    layout.write_record(record)
    app = _open(layout)
    if SITE not in app.objectIds():
        site_api.create(app, "classic", SITE_ANSWERS)
    setSite(app[SITE])
    _furnish(layout, record["passwords"])
    for name, value in _settings(layout).items():
        api.portal.set_registry_record(f"{PREFIX}.{name}", value)
    transaction.commit()
    layout.write_record(layout.read_record() | {"edge_port": layout.edge_port, "s3_port": layout.s3_port})


def _settings(layout: Layout) -> dict[str, str]:
    """Where the media are delivered and, perhaps, uploaded."""
    return {
        "distribution": layout.edge_url.removeprefix("http://"),
        "s3_bucket": BUCKET if layout.s3_port else "",
        "s3_region": REGION,
        "s3_endpoint": layout.s3_url,
    }


def _open(layout: Layout):
    from Zope2.Startup.run import configure_wsgi

    import Zope2

    configure_wsgi(str(layout.zope_conf))
    app = makerequest(Zope2.app())
    setRequest(app.REQUEST)
    newSecurityManager(None, system)
    return app


def _furnish(layout: Layout, passwords: dict[str, str]) -> None:
    get_installer(api.portal.get()).install_product("collective.cfprivate")
    # Plone shows no theme at 127.0.0.1 unless it is told to.
    api.portal.set_registry_record("plone.app.theming.interfaces.IThemeSettings.hostnameBlacklist", [])
    shutil.copytree(FILES, layout.bucket, dirs_exist_ok=True)
    _make_key(layout)
    for login, account in ACCOUNTS.items():
        _make_account(login, passwords[login], account.role)
    if "demo" not in api.portal.get():
        with api.env.adopt_user(username="manager"):
            _make_content()


def _make_key(layout: Layout) -> None:
    ring = getUtility(IKeyRing)
    if ring.describe() is None:
        ring.store(pem=SigningKey.generate(key_id=KEY_ID, algorithm="RSA").private_pem(), key_id=KEY_ID)
    layout.public_key.write_text(ring.signing_key().public_pem)


def _make_account(login: str, password: str, role: str) -> None:
    user = api.user.get(username=login)
    if user is None:
        api.user.create(email=f"{login}@example.org", username=login, password=password)
        api.user.grant_roles(username=login, roles=[role])
    else:
        user.setSecurityProfile(password=password)


def _make_content() -> None:
    folder = api.content.create(api.portal.get(), "Folder", "demo", title="Demo", description="Something to watch.")
    api.content.transition(folder, "publish")
    folder.setLayout("media_listing")
    api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=folder)
    for name, values in MEDIA.items():
        text = RichTextValue(TEXT, "text/html", "text/x-html-safe")
        item = api.content.create(folder, "Protected Video", name, text=text, **values)
        IProtectedMedia(item).tracks = CAPTIONS if name == "stream" else []
        api.content.transition(item, "make_restricted")


if __name__ == "__main__":
    prepare(Layout(Path(sys.argv[1]), *map(int, sys.argv[2:])))
