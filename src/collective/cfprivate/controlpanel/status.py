"""What is set up and what is missing, for who may configure."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.ring import KeyDescription
from dataclasses import dataclass
from DateTime import DateTime
from plone import api
from zope.component import getUtility
from zope.i18nmessageid import Message


UPGRADE_FIRST = _(
    "problem_upgrade_first",
    default="This site has the settings of an older version: upgrade Protected media in Site Setup, Add-ons, "
    "before you save anything here.",
)


@dataclass(frozen=True, kw_only=True)
class Status:
    """``problems`` are sentences; an empty tuple means that media can be signed."""

    problems: tuple[Message | str, ...]
    key: KeyDescription | None
    local: bool

    @property
    def key_since(self) -> str:
        """The day and time at which the key was saved, in the site's format."""
        return api.portal.get_localized_time(DateTime(self.key.since), long_format=True)


def status_of_site() -> Status:
    """The status of the current site; signs nothing and asks no other host."""
    ring = getUtility(IKeyRing)
    distribution, no_distribution = _tried(lambda: settings.current().distribution)
    _key, no_key = _tried(ring.signing_key)
    return Status(
        problems=tuple(problem for problem in (no_distribution, no_key, _outdated()) if problem),
        key=ring.describe(),
        local=distribution is not None and distribution.local,
    )


def _outdated() -> Message | None:
    return UPGRADE_FIRST if settings.upgrade_needed() else None


def _tried(get):
    try:
        return get(), None
    except CFPrivateError as error:
        return None, sentence_of(error)
