"""What is set up and what is missing, for who may configure."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.ring import KeyDescription
from ..keyring.ring import RetiredKey
from dataclasses import dataclass
from zope.component import getUtility
from zope.i18nmessageid import Message


UPGRADE_FIRST = _(
    "problem_upgrade_first",
    default="This site has the settings of an older version: upgrade Protected media in Site Setup, Add-ons, "
    "before you save anything here.",
)
LEGACY = _(
    "note_legacy_key",
    default="An id that begins with APKA belongs to the root user of an AWS account. It works, but AWS advises to use "
    "key groups: rotate to a key with an id that begins with K.",
)
SEAL_ANEW = _(
    "note_seal_anew",
    default="Keys are still encrypted with the previous secret: encrypt them anew, before that secret is taken away.",
)


@dataclass(frozen=True, kw_only=True)
class Status:
    """``problems`` are sentences; an empty tuple means that media can be signed. ``notes`` are advice.

    ``outside`` tells that the environment gives the key, though perhaps one that cannot be used.
    """

    problems: tuple[Message | str, ...]
    notes: tuple[Message, ...]
    key: KeyDescription | None
    next_key: KeyDescription | None
    previous_key: KeyDescription | None
    retired: tuple[RetiredKey, ...]
    local: bool
    outside: bool


def status_of_site() -> Status:
    """The status of the current site; signs nothing and asks no other host."""
    ring = getUtility(IKeyRing)
    now = settings.current()
    distribution, no_distribution = _tried(lambda: now.distribution)
    _key, no_key = _tried(ring.signing_key)
    return Status(
        problems=tuple(problem for problem in (no_distribution, no_key, _outdated()) if problem),
        notes=_notes(ring),
        key=ring.describe(),
        next_key=ring.describe("next"),
        previous_key=ring.describe("previous"),
        retired=ring.retired(),
        local=distribution is not None and distribution.local,
        outside=now.key_is_outside,
    )


def _notes(ring) -> tuple[Message, ...]:
    key = ring.describe()
    legacy = key is not None and key.key_id.startswith("APKA")
    notes = ((LEGACY, legacy), (SEAL_ANEW, ring.sealed_with_previous_secret()))
    return tuple(note for note, needed in notes if needed)


def _outdated() -> Message | None:
    return UPGRADE_FIRST if settings.upgrade_needed() else None


def _tried(get):
    try:
        return get(), None
    except CFPrivateError as error:
        return None, sentence_of(error)
