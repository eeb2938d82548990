"""What the stack of the current site is made for."""

from .. import settings
from ..interfaces import IKeyRing
from ..media.prefixes import InvalidPrefix
from ..media.prefixes import Prefix
from .template_parts.choices import StackKey
from collections.abc import Iterable
from collections.abc import Iterator


def keys_of_ring(ring: IKeyRing) -> tuple[StackKey, ...]:
    """Every key of the ring, the active one first: what the previous one signed is valid still, for a while.

    Raises ``NotConfigured`` and ``KeyLocked`` as the ring does; empty where it has no key.
    """
    return tuple(_keys(ring))


def _keys(ring: IKeyRing) -> Iterator[StackKey]:
    for slot in ("active", "next", "previous"):
        described = ring.describe(slot)
        # A key that is outside and cannot be used is not described, and tells why when it is asked for.
        if described is None and not (slot == "active" and settings.environment().has_key):
            continue
        pem = ring.public_pem(slot)
        yield StackKey(slot=slot, fingerprint=described.fingerprint, public_pem=pem)


def folders_of_site() -> tuple[str, ...]:
    """The folders of the bucket into which Plone writes, with slashes behind; the empty one is the whole bucket."""
    current = settings.bucket()
    folders = {_folder(current.upload_prefix), *_folders(current.key_prefixes)}
    return tuple(sorted(folder for folder in folders if not _is_within_another(folder, folders)))


def _folders(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        try:
            yield _folder(Prefix.read(line).prefix)
        except InvalidPrefix:
            continue


def _folder(entered: str) -> str:
    stripped = entered.strip("/")
    return f"{stripped}/" if stripped else ""


def _is_within_another(folder: str, folders: Iterable[str]) -> bool:
    return any(folder.startswith(other) for other in folders if other != folder)


def binds_ip() -> bool:
    """Whether the site, or a rule of a workflow state, binds signatures to the viewer's address."""
    current = settings.current()
    return current.bind_ip or any(rule.bind_ip for rule in current.state_rules.values())


def retired_since(ring: IKeyRing, keys: tuple[StackKey, ...], *, now: float) -> tuple[str, ...]:
    """The ids that have to stay trusted, though their public keys are not in the ring any more."""
    known = {key.fingerprint for key in keys}
    return tuple(key.key_id for key in ring.retired() if key.leaves > now and key.fingerprint not in known)
