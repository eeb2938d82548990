"""What a former revision (CMFEditions) tells of a medium, and what going back to one changes: nothing."""

from ..media.behavior import IProtectedMedia
from Acquisition import aq_base
from plone import api
from Products.CMFEditions.interfaces.IModifier import ISaveRetrieveModifier
from Products.CMFEditions.Modifiers import ConditionalModifier
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer


NAME = "collective.cfprivate.keep_medium"

# CMFEditions brings local roles back too, and with them viewers from whom the right to watch was taken.
SHARING = ("__ac_local_roles__", "__ac_local_roles_block__")

# The annotation of an item that has its guest links: one that was revoked must not come back either.
GUEST_LINKS = "collective.cfprivate.guests"

# That which says that its file was moved to the bucket: without it, who may view the item had the file of a version.
OFFLOADED = "collective.cfprivate.offloaded"


@implementer(ISaveRetrieveModifier)
class KeepMedium:
    """Gives a retrieved revision the medium, the local roles, the guest links and the note of a moved file of today.

    Whoever reverts need not manage media, and whoever reads an old revision need not have had the right to.
    """

    def beforeSaveModifier(self, obj, clone):
        """Add nothing to a saved revision."""
        return {}, [], []

    def afterRetrieveModifier(self, obj, repo_clone, preserve=()):
        """Replace what a revision remembers; of a deleted item nothing is left to go by, so it comes back without."""
        if IProtectedMedia(repo_clone, None) is not None:
            today = _attributes(obj) if obj is not None else {}
            for name in (*IProtectedMedia, *SHARING):
                _replace(aq_base(repo_clone), name, today)
            _keep_annotations(repo_clone, obj)
        return [], [], {}


def _attributes(obj) -> dict:
    obj._p_activate()  # what was not loaded yet seems to have none
    return vars(aq_base(obj))


def _replace(revision, name: str, today: dict) -> None:
    if name in today:
        setattr(revision, name, today[name])
    elif name in vars(revision):
        delattr(revision, name)


def _keep_annotations(revision, obj) -> None:
    remembered, today = IAnnotations(revision), {} if obj is None else IAnnotations(obj)
    for name in (GUEST_LINKS, OFFLOADED):
        if name in today:
            remembered[name] = today[name]
        elif name in remembered:
            del remembered[name]


def install() -> None:
    """Register the modifier in the current site, once."""
    modifiers = api.portal.get_tool("portal_modifier")
    if NAME not in modifiers.objectIds():
        modifier = ConditionalModifier(NAME, KeepMedium(), "Protected media stay as they are")
        modifier.edit(enabled=True, title=modifier.title)
        modifiers.register(NAME, modifier)


def uninstall() -> None:
    """Take the modifier from the current site."""
    modifiers = api.portal.get_tool("portal_modifier")
    if NAME in modifiers.objectIds():
        modifiers.unregister(NAME)
