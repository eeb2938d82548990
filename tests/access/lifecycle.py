"""What editors do to content, as two clients do it: each function sends requests and returns the last answer."""

from plone import api
from plone.protect.authenticator import createToken
from plone.uuid.interfaces import IUUID

import requests
import transaction


class Client:
    """Sends as ``login`` to the site at ``url``; paths are those of items below the site."""

    def __init__(self, portal, login):
        self.portal, self.url, self.login = portal, portal.absolute_url(), login
        self.session = requests.Session()
        self.session.auth = login and (login, f"secret-of-{login}")

    def send(self, path, method="POST", **options):
        answer = self.session.request(method, f"{self.url}/{path}", timeout=60, allow_redirects=False, **options)
        transaction.begin()
        return answer


class Rest(Client):
    """plone.restapi, which Volto and other front ends use."""

    def json(self, path, method="POST", **values):
        return self.send(path, method, json=values, headers={"Accept": "application/json"})

    def copy(self, path, target):
        return self.json(f"{target}/@copy", source=f"{self.url}/{path}")

    def move(self, path, target):
        return self.json(f"{target}/@move", source=f"{self.url}/{path}")

    def rename(self, path, name):
        return self.json(path, "PATCH", id=name)

    def delete(self, path):
        return self.json(path, "DELETE")

    def check_out(self, path):
        return self.json(f"{path}/@workingcopy")

    def check_in(self, path):
        return self.json(f"{path}/@workingcopy", "PATCH")

    def revert(self, path, version):
        return self.json(f"{path}/@history", "PATCH", version=version)


class Forms(Client):
    """The classic pages: folder contents, and the forms of an item."""

    def form(self, path, **values):
        with api.env.adopt_user(self.login):
            values["_authenticator"] = createToken()
        return self.send(path, data=values, headers={"Accept": "text/html"})

    def copy(self, path, target):
        return self._paste("fc-copy", path, target)

    def move(self, path, target):
        return self._paste("fc-cut", path, target)

    def _paste(self, action, path, target):
        values = {"selection": f'["{IUUID(self.portal.unrestrictedTraverse(path))}"]', "folder": f"/{target}"}
        self.form(f"{target}/@@{action}", **values)
        return self.form(f"{target}/@@fc-paste", **values)

    def rename(self, path, name):
        values = {"form.widgets.new_id": name, "form.widgets.new_title": "A talk", "form.buttons.Rename": "Rename"}
        return self.form(f"{path}/object_rename", **values)

    def delete(self, path):
        return self.form(f"{path}/delete_confirmation", **{"form.buttons.Delete": "Delete"})

    def check_out(self, path):
        values = {"checkout_location": "plone.app.iterate.parent", "form.button.Checkout": "Check out"}
        return self.form(f"{path}/@@content-checkout", **values)

    def check_in(self, path):
        return self.form(f"{path}/@@content-checkin", **{"form.button.Checkin": "Check in", "checkin_message": ""})

    def revert(self, path, version):
        return self.form(f"{path}/@@revertversion", version_id=version)
