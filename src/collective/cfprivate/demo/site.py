"""Makes the demo site: the add-on, a signing key, accounts and something to watch."""

from ..cloudfront.keys import SigningKey
from ..interfaces import IKeyRing
from ..settings import PREFIX
from .layout import KEY_ID
from .layout import Layout
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

import json
import secrets
import shutil
import sys
import transaction


ACCOUNTS = {
    "manager": ("Manager", "may do everything"),
    "editor": ("Editor", "edits and watches, and gives others the right to watch"),
    "viewer": ("Member", "may watch what is in the demo folder"),
    "member": ("Member", "has an account, but may not watch"),
}
TEXT = """\
<p>This page can be read by everyone. The clip can be watched by the accounts <em>manager</em>, <em>editor</em> and
<em>viewer</em>; <em>member</em> and visitors who are not logged in are told why they cannot.</p>
<p>Its state is <strong>Restricted</strong>: change it in the toolbar, or give somebody “Can watch” under Sharing.</p>
"""


def prepare(layout: Layout) -> None:
    """Make what is missing, and adapt the rest to the ports; each step is committed whole."""
    app = _open(layout)
    if SITE not in app.objectIds():
        site_api.create(
            app,
            "classic",
            {
                "site_id": SITE,
                "title": "Protected media",
                "description": "A demonstration of collective.cfprivate",
                "default_language": "en",
                "portal_timezone": "UTC",
                "setup_content": False,
            },
        )
    setSite(app[SITE])
    record = layout.read_record() or {"accounts": _furnish(layout), "items": [["mp4", "demo/talk"]]}
    api.portal.set_registry_record(f"{PREFIX}.distribution", layout.edge_url.removeprefix("http://"))
    transaction.commit()
    _write_private(layout.record, json.dumps(record | {"edge_port": layout.edge_port}))


def _open(layout: Layout):
    from Zope2.Startup.run import configure_wsgi

    import Zope2

    configure_wsgi(str(layout.zope_conf))
    app = makerequest(Zope2.app())
    setRequest(app.REQUEST)
    newSecurityManager(None, system)
    return app


def _furnish(layout: Layout) -> list[dict]:
    get_installer(api.portal.get()).install_product("collective.cfprivate")
    # Plone shows no theme at 127.0.0.1 unless it is told to.
    api.portal.set_registry_record("plone.app.theming.interfaces.IThemeSettings.hostnameBlacklist", [])
    shutil.copytree(Path(__file__).parent / "media", layout.bucket, dirs_exist_ok=True)
    _make_key(layout)
    accounts = [_make_account(login, *role) for login, role in ACCOUNTS.items()]
    with api.env.adopt_user(username="manager"):
        _make_content()
    return accounts


def _make_key(layout: Layout) -> None:
    key = SigningKey.generate(key_id=KEY_ID, algorithm="RSA")
    layout.public_key.write_text(key.public_pem)
    getUtility(IKeyRing).store(pem=key.private_pem(), key_id=KEY_ID)


def _make_account(login: str, role: str, what: str) -> dict:
    password = secrets.token_hex(8)
    api.user.create(email=f"{login}@example.org", username=login, password=password)
    if role != "Member":
        api.user.grant_roles(username=login, roles=[role])
    return {"login": login, "password": password, "what": what}


def _make_content() -> None:
    folder = api.content.create(api.portal.get(), "Folder", "demo", title="Demo", description="Something to watch.")
    api.content.transition(folder, "publish")
    api.user.grant_roles(username="viewer", roles=["Media Viewer"], obj=folder)
    talk = api.content.create(
        folder,
        "Protected Video",
        "talk",
        title="A protected talk",
        description="Twelve seconds, for those who were given the right to watch them.",
        text=RichTextValue(TEXT, "text/html", "text/x-html-safe"),
        object_key="talk/talk.mp4",
        poster="talk/poster.jpg",
    )
    api.content.transition(talk, "make_restricted")


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


if __name__ == "__main__":
    prepare(Layout(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
