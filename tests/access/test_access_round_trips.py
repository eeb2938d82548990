"""What a site exports comes back as it was: media and who may watch them, types, permissions, workflow, settings."""

from collective.cfprivate.interfaces import IMediumChanged
from collective.cfprivate.media.behavior import IProtectedMedia
from lxml import etree
from plone import api
from plone.app.registry.exportimport.handler import RegistryExporter
from plone.app.registry.exportimport.handler import RegistryImporter
from plone.app.testing import SITE_OWNER_NAME
from plone.exportimport.exporters import get_exporter
from plone.exportimport.importers import get_importer
from plone.registry.interfaces import IRegistry
from Products.GenericSetup.tests.common import DummyExportContext
from Products.GenericSetup.tests.common import DummyImportContext
from zope.component import getGlobalSiteManager
from zope.component import getUtility

import pytest
import transaction


FIELDS = {
    "object_key": "talks/2026/a talk.mp4",
    "renditions": ("talks/2026/a talk.webm",),
    "poster": "talks/2026/poster.jpg",
    "tracks": [{"kind": "captions", "language": "en", "label": "", "object_key": "a.vtt", "default": False}],
    "duration": 12,
    "offer_download": True,
    "lifetime": 60,
}
# Not the catalog and the registry, whose own imports fail on what Plone has in them.
STEPS = ("rolemap", "sharing", "typeinfo", "workflows", "browserlayer", "controlpanel")


def export(portal):
    """The tarball of GenericSetup, as the administrator of Zope gets it."""
    with api.env.adopt_user(SITE_OWNER_NAME):
        return portal.portal_setup._doRunExportSteps(STEPS)["tarball"]


def fields_of(item):
    return {name: getattr(IProtectedMedia(item), name) for name in FIELDS}


class TestContent:
    """plone.exportimport"""

    @pytest.fixture
    def full(self, served):
        """The site, whose video has a value in each field."""
        for name, value in FIELDS.items():
            setattr(IProtectedMedia(served.item), name, value)
        transaction.commit()
        return served

    @pytest.fixture
    def exported(self, full, tmp_path):
        """The folder of the export, as a manager makes it."""
        with api.env.adopt_user("manager"):
            get_exporter(full.portal).export_site(tmp_path)
        transaction.abort()
        return tmp_path

    def bring_back(self, served, folder, login="manager"):
        with api.env.adopt_user(login):
            get_importer(served.portal).import_site(folder)
        transaction.commit()
        return served.portal["talk"]

    @pytest.fixture
    def back(self, full, exported):
        """The site after the item was deleted and imported."""
        before = fields_of(full.item)
        with api.env.adopt_roles(["Manager"]):
            full.portal.manage_delObjects(["talk"])
        transaction.commit()
        full.item, full.before = self.bring_back(full, exported), before
        return full

    def test_brings_all_fields_back(self, back):
        assert fields_of(back.item) == back.before

    def test_brings_its_state_back(self, back):
        assert api.content.get_state(back.item) == "restricted"

    def test_plays_for_who_might_watch_before(self, back):
        answer = back.get("talk/@@media", "viewer", headers={"Accept": "*/*"})
        assert "Signature=" in answer.headers.get("Location", "")

    @pytest.mark.parametrize(("login", "status"), [("member", 403), (None, 401)])
    def test_plays_for_nobody_else(self, back, login, status):
        assert back.get("talk/@@media", login, headers={"Accept": "*/*"}).status_code == status

    def test_over_what_is_there_gives_the_medium_back(self, full, exported):
        IProtectedMedia(full.item).object_key = "talks/other.mp4"
        transaction.commit()
        assert IProtectedMedia(self.bring_back(full, exported)).object_key == FIELDS["object_key"]

    def test_over_what_is_there_tells_of_the_change(self, full, exported):
        heard = []
        IProtectedMedia(full.item).duration = 99
        transaction.commit()
        getGlobalSiteManager().registerHandler(heard.append, [IMediumChanged])
        self.bring_back(full, exported)
        getGlobalSiteManager().unregisterHandler(heard.append, [IMediumChanged])
        assert [event.fields for event in heard] == [("duration",)]

    def test_by_who_may_not_manage_media_names_no_object_key(self, full, tmp_path, add_user):
        add_user("owner")
        full.item.manage_setLocalRoles("owner", ["Owner"])
        with api.env.adopt_user("owner"):
            get_exporter(full.portal).export_site(tmp_path)
        transaction.abort()
        texts = [path.read_text() for path in tmp_path.rglob("*.json")]
        assert [text for text in texts if '"title": "A talk"' in text and "talks/2026" not in text]
        assert not [text for text in texts if "talks/2026" in text]

    def test_by_who_may_not_manage_media_brings_none(self, full, exported, add_user):
        add_user("owner")
        full.item.manage_setLocalRoles("owner", ["Owner"])
        IProtectedMedia(full.item).object_key = None
        transaction.commit()
        assert IProtectedMedia(self.bring_back(full, exported, "owner")).object_key is None

    @pytest.mark.parametrize("login", [None, "member", "viewer"])
    def test_by_rest_is_for_managers(self, served, login):
        assert served.get("@export", login, "POST", headers={"Accept": "application/json"}).status_code == 401


class TestSettings:
    """The XML of plone.registry, record by record."""

    @pytest.mark.parametrize(
        ("name", "value", "other"),
        [
            ("distribution", "media.example.org", "other.example.org"),
            ("hash_algorithm", "SHA256", "SHA1"),
            ("lifetime", 60, 61),
            ("maximum_lifetime", 61, 62),
            ("bind_ip", True, False),
            ("view_on_parents", True, False),
            ("delivery", "cookies", "playlist"),
            ("cookie_domain", "example.org", ""),
            ("embed_ancestors", ("https://a.example.org",), ()),
            ("key_prefixes", ("talks/ crew",), ()),
            ("guest_maximum", 7, 30),
            ("s3_bucket", "films", ""),
            ("s3_region", "eu-central-1", ""),
            ("s3_endpoint", "https://s3.example.org", ""),
            ("upload_prefix", "talks/", "uploads/"),
            ("upload_types", ("video/*",), ()),
            ("mediaconvert_role", "arn:aws:iam::123456789012:role/mediaconvert", ""),
            ("events_queue", "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs", ""),
            ("upload_maximum", 7, 20_000),
            ("state_rules", {"w": {"s": {"lifetime": 60}}}, {}),
        ],
    )
    def test_come_back(self, portal, name, value, other):
        registry, record = getUtility(IRegistry), f"collective.cfprivate.{name}"
        registry[record] = value
        node = RegistryExporter(registry, DummyExportContext(portal)).exportRecord(registry.records[record])
        registry[record] = other
        document = b"<registry>" + etree.tostring(node) + b"</registry>"
        RegistryImporter(registry, DummyImportContext(portal, purge=False)).importDocument(document)
        assert registry[record] == value


class TestConfiguration:
    """GenericSetup"""

    @pytest.fixture
    def archive(self, portal):
        """A tarball of what concerns the add-on, after an administrator changed some of it."""
        portal.manage_permission("collective.cfprivate: Download protected media", ["Manager", "Reader"], acquire=False)
        state = portal.portal_workflow["protected_media_workflow"].states["members"]
        state.setPermission("collective.cfprivate: Stream protected media", 0, ["Manager", "Member"])
        return export(portal)

    @pytest.fixture
    def back(self, portal, archive):
        """The site, in which all this was changed again before the archive was imported."""
        portal.manage_permission("collective.cfprivate: Download protected media", ["Anonymous"], acquire=True)
        state = portal.portal_workflow["protected_media_workflow"].states["members"]
        state.setPermission("collective.cfprivate: Stream protected media", 1, ["Anonymous"])
        portal.portal_types["Protected Video"].manage_changeProperties(behaviors=("plone.dublincore",))
        with api.env.adopt_roles(["Manager"]):
            portal.portal_setup.runAllImportStepsFromProfile(None, purge_old=False, archive=archive)
        return portal

    def test_brings_permissions_of_the_site_back(self, back):
        given = back.rolesOfPermission("collective.cfprivate: Download protected media")
        assert {role["name"] for role in given if role["selected"]} == {"Manager", "Reader"}

    def test_brings_permissions_of_a_state_back(self, back):
        state = back.portal_workflow["protected_media_workflow"].states["members"]
        info = state.getPermissionInfo("collective.cfprivate: Stream protected media")
        assert (bool(info["acquired"]), sorted(info["roles"])) == (False, ["Manager", "Member"])

    def test_brings_the_behavior_back(self, back):
        assert "collective.cfprivate.protected_media" in back.portal_types["Protected Video"].behaviors

    def test_holds_no_key(self, portal, configure, archive, signing_key):
        configure()
        after = export(portal)
        assert b"keyring" not in after and signing_key.key_id.encode() not in after
