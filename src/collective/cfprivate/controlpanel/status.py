"""What is set up and what is missing, for who may configure."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..exceptions import KeyLocked
from ..exceptions import NotConfigured
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.ring import KeyDescription
from ..keyring.ring import RetiredKey
from ..keyring.secret import problem_with_previous
from ..keyring.slots import Slot
from ..storage.readiness import hindrance_to_uploads
from dataclasses import dataclass
from zope.component import getUtility
from zope.i18nmessageid import Message


UPGRADE_FIRST = _(
    "problem_upgrade_first",
    default="This site has the settings of an older version: upgrade Protected media in Site Setup, Add-ons, "
    "before you change them.",
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

    ``upgrade`` is the sentence that asks for an upgrade of the site's profile, without which nothing can be saved; or
    None.

    ``outside`` tells that the environment gives the key, though perhaps one that cannot be used.
    """

    problems: tuple[Message | str, ...]
    upgrade: Message | None
    notes: tuple[Message, ...]
    key: KeyDescription | None
    next_key: KeyDescription | None
    previous_key: KeyDescription | None
    previous_is_locked: bool
    retired: tuple[RetiredKey, ...]
    local: bool
    outside: bool

    def previous_is_needed(self, now: float) -> bool:
        """Whether something that the previous key signed may be valid still at ``now``, so that going back may help."""
        previous = self.previous_key
        return previous is not None and any(
            retired.leaves > now for retired in self.retired if retired.fingerprint == previous.fingerprint
        )

    def activating_drops_needed(self, now: float) -> bool:
        """Whether activating the next key forgets a previous one that may be needed still at ``now``.

        One that is locked is not forgotten: the ring refuses to activate then.
        """
        return self.key is not None and not self.previous_is_locked and self.previous_is_needed(now)


def status_of_site() -> Status:
    """The status of the current site; signs nothing and asks no other host."""
    ring = getUtility(IKeyRing)
    now = settings.current()
    distribution, no_distribution = _tried(lambda: now.distribution)
    _key, no_key = _tried(ring.signing_key)
    return Status(
        problems=tuple(problem for problem in (no_distribution, no_key) if problem),
        upgrade=UPGRADE_FIRST if settings.upgrade_needed() else None,
        notes=_notes(ring),
        key=ring.describe(),
        next_key=ring.describe("next"),
        previous_key=ring.describe("previous"),
        previous_is_locked=_is_locked(ring, "previous"),
        retired=ring.retired(),
        local=distribution is not None and distribution.local,
        outside=settings.environment().has_key,
    )


def _notes(ring) -> tuple[Message, ...]:
    key = ring.describe()
    legacy = key is not None and key.key_id.startswith("APKA")
    notes = ((LEGACY, legacy), (SEAL_ANEW, ring.sealed_with_previous_secret()))
    further = (problem_with_previous(settings.environment()), hindrance_to_uploads(settings.bucket().s3_bucket))
    return (*(note for note, needed in notes if needed), *(note for note in further if note))


def _is_locked(ring, slot: Slot) -> bool:
    try:
        ring.public_pem(slot)
    except KeyLocked:
        return True
    except NotConfigured:
        return False
    return False


def _tried(get):
    try:
        return get(), None
    except CFPrivateError as error:
        return None, sentence_of(error)
