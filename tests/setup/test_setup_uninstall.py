"""Uninstalling leaves a site as it was before, but for what is kept in content; and one can install again."""

from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.media.medium import medium_of
from collective.cfprivate.playback.playback import playback_of
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.base.utils import get_installer
from plone.testing import zope
from Products.CMFCore.indexing import processQueue
from Products.CMFPlone.factory import addPloneSite
from snapshot import snapshot
from types import SimpleNamespace
from zope.component import getUtility

import pytest
import time


PACKAGE = "collective.cfprivate"
BEHAVIOR = "collective.cfprivate.protected_media"
EXTENSIONS = ("plone.app.contenttypes:default", "plonetheme.barceloneta:default", "plone.restapi:default")
PRINCIPAL = "a-member-of-the-site"

# What installing changes, so that "unchanged" says something.
CHANGED = [
    "registry",
    "types",
    "behaviors",
    "workflows",
    "workflow chains",
    "configlets",
    "roles",
    "permission settings",
    "roles of permissions",
    "browser layers",
    "utilities",
    "attributes of the site",
    "export",
    "indexes",
    "columns",
]
# What using the add-on changes beyond that.
CHANGED_BY_USE = ["annotations", "role assignments", "behaviors", "registry"]
# What it never touches.
UNTOUCHED = ["adapters", "steps"]


def use(portal, key):
    """Everything that people do with the add-on."""
    api.portal.set_registry_record("collective.cfprivate.distribution", "d111111abcdef8.cloudfront.net")
    api.portal.set_registry_record("collective.cfprivate.lifetime", 60)
    getUtility(IKeyRing).store(pem=key.private_pem(), key_id=key.key_id)
    fti = portal.portal_types["Document"]
    fti.manage_changeProperties(behaviors=(*fti.behaviors, BEHAVIOR))
    video = api.content.create(portal, "Protected Video", "talk", title="A talk", object_key="talks/a.mp4")
    api.content.transition(video, to_state="confidential")
    api.content.create(portal, "Document", "page", title="A page", object_key="talks/b.mp4")
    video.manage_setLocalRoles(PRINCIPAL, ["Media Viewer"])
    portal.acl_users.portal_role_manager.assignRoleToPrincipal("Media Viewer", PRINCIPAL)


def look(portal):
    """What can be said of the kept content at this moment."""
    talk = portal["talk"]
    return SimpleNamespace(
        media=[medium_of(portal[name]) for name in ("talk", "page")],
        kept=[vars(portal[name])["object_key"] for name in ("talk", "page")],
        local_roles=talk.get_local_roles_for_userid(PRINCIPAL),
        key=getUtility(IKeyRing).describe(),
    )


@pytest.fixture(scope="class")
def story(functional_app_class, signing_key):
    """A fresh site in which the add-on is installed, used, uninstalled, and installed again, looked at each time."""
    app = functional_app_class
    zope.login(app.acl_users, SITE_OWNER_NAME)
    portal = addPloneSite(app, "fresh", extension_ids=EXTENSIONS)
    installer = get_installer(portal)
    api.content.create(portal, "Document", "earlier")  # with the first content Plone annotates its site
    story = SimpleNamespace(portal=portal, before=snapshot(portal))
    installer.install_product(PACKAGE)
    story.installed = snapshot(portal)
    use(portal, signing_key)
    story.used = snapshot(portal)
    assert playback_of(portal["talk"], now=int(time.time()), address="198.51.100.7").sources
    installer.uninstall_product(PACKAGE)
    story.uninstalled = snapshot(portal)
    story.without = look(portal)
    installer.install_product(PACKAGE)
    story.again = snapshot(portal)
    story.back = look(portal)
    yield story
    zope.logout()


def changes(before, after):
    """What differs between two values of an aspect; of files only the lines."""
    if not isinstance(before, dict):
        return [] if before == after else [before, after]
    names = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    return [_change(name, before.get(name), after.get(name)) for name in names]


def _change(name, before, after):
    if isinstance(before, list) and isinstance(after, list):
        return name, [x for x in before if x not in after], [x for x in after if x not in before]
    return name, before, after


class TestUninstalled:
    """One site for all tests of this class: none of them changes it, but for the last."""

    @pytest.mark.parametrize("aspect", CHANGED)
    def test_installing_changes_it(self, story, aspect):
        assert changes(story.before[aspect], story.installed[aspect]) != []

    @pytest.mark.parametrize("aspect", CHANGED_BY_USE)
    def test_using_changes_it(self, story, aspect):
        assert changes(story.installed[aspect], story.used[aspect]) != []

    @pytest.mark.parametrize("aspect", UNTOUCHED)
    def test_nothing_changes_it(self, story, aspect):
        assert changes(story.before[aspect], story.used[aspect]) == []

    @pytest.mark.parametrize("aspect", [*CHANGED, "annotations", *UNTOUCHED])
    def test_after_uninstalling_it_is_as_before(self, story, aspect):
        assert changes(story.before[aspect], story.uninstalled[aspect]) == []

    def test_nobody_holds_a_role_more_than_before(self, story):
        assert changes(story.before["role assignments"], story.uninstalled["role assignments"]) == []

    def test_the_one_trace_in_the_log_of_profiles_is_that_of_the_uninstall_profile(self, story):
        assert changes(story.before["profiles"], story.uninstalled["profiles"]) == [
            ("collective.cfprivate:uninstall", "unknown", ("1000",))
        ]

    def test_the_values_of_content_are_kept(self, story):
        assert story.without.kept == ["talks/a.mp4", "talks/b.mp4"]

    def test_the_local_roles_of_content_are_kept(self, story):
        assert story.without.local_roles == ("Media Viewer",)

    def test_kept_values_are_no_media_any_more(self, story):
        assert story.without.media == [None, None]

    def test_the_key_is_gone(self, story):
        assert story.without.key is None

    # installed again

    @pytest.mark.parametrize("aspect", [*CHANGED, *UNTOUCHED])
    def test_installing_again_makes_the_same(self, story, aspect):
        assert changes(story.installed[aspect], story.again[aspect]) == []

    def test_the_kept_video_has_its_medium_again(self, story):
        assert story.back.media[0].object_key == "talks/a.mp4"

    def test_the_behavior_of_other_types_has_to_be_given_again(self, story):
        assert story.back.media[1] is None

    def test_the_key_does_not_come_back(self, story):
        assert story.back.key is None

    def test_the_kept_video_is_in_its_state(self, story):
        assert api.content.get_state(story.portal["talk"]) == "confidential"

    def test_without_a_key_the_kept_video_does_not_play(self, story):
        with pytest.raises(NotConfigured):
            playback_of(story.portal["talk"], now=int(time.time()), address="198.51.100.7")

    def test_once_a_key_is_stored_the_kept_video_plays(self, story, signing_key):
        api.portal.set_registry_record("collective.cfprivate.distribution", "d111111abcdef8.cloudfront.net")
        getUtility(IKeyRing).store(pem=signing_key.private_pem(), key_id=signing_key.key_id)
        (source,) = playback_of(story.portal["talk"], now=int(time.time()), address="198.51.100.7").sources
        assert source.src.startswith("https://d111111abcdef8.cloudfront.net/talks/a.mp4?Expires=")


# uninstalling what is not there


def test_uninstalling_an_unused_site_works(installer):
    assert installer.uninstall_product(PACKAGE) is True


def test_after_uninstalling_it_is_not_installed(installer):
    installer.uninstall_product(PACKAGE)
    assert installer.is_product_installed(PACKAGE) is False


def test_uninstalling_twice_is_no_error(installer):
    installer.uninstall_product(PACKAGE)
    assert installer.uninstall_product(PACKAGE) is True


def test_uninstalling_with_a_locked_key_works(installer, configure, monkeypatch):
    configure()
    monkeypatch.delenv("CFPRIVATE_SECRET")
    installer.uninstall_product(PACKAGE)
    assert getUtility(IKeyRing).describe() is None


@pytest.fixture
def shown_as_media(portal):
    """A folder for which somebody chose the view of media."""
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", "media")
    folder.setLayout("media_listing")
    return folder


def test_a_folder_is_shown_as_its_type_says(shown_as_media, installer):
    installer.uninstall_product(PACKAGE)
    assert (shown_as_media.getLayout(), "<!DOCTYPE" in shown_as_media()) == ("listing_view", True)


def test_another_choice_is_kept(shown_as_media, installer):
    shown_as_media.setLayout("summary_view")
    installer.uninstall_product(PACKAGE)
    assert shown_as_media.getLayout() == "summary_view"


def test_a_folder_that_the_catalog_lists_though_it_is_gone_does_not_stop_it(portal, shown_as_media, installer):
    processQueue()
    portal._delOb("media")
    assert installer.uninstall_product(PACKAGE) is True


@pytest.mark.parametrize(
    ("methods", "left"), [(("summary_view", "media_listing"), "summary_view"), (("media_listing",), "view")]
)
def test_a_type_that_had_the_view_of_media_as_its_own_has_another(portal, installer, methods, left):
    portal.portal_types["Folder"].manage_changeProperties(view_methods=methods, default_view="media_listing")
    installer.uninstall_product(PACKAGE)
    fti = portal.portal_types["Folder"]
    assert (fti.view_methods, fti.default_view) == ((left,), left)


@pytest.mark.parametrize(
    "name", ["collective.cfprivate.protected_media", "collective.cfprivate.media.behavior.IProtectedMedia"]
)
def test_no_type_keeps_the_behavior_by_whatever_name(portal, installer, name):
    fti = portal.portal_types["Document"]
    before = fti.behaviors
    fti.manage_changeProperties(behaviors="\n".join((*before, name)))
    installer.uninstall_product("collective.cfprivate")
    assert portal.portal_types["Document"].behaviors == before
