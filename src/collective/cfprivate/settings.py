"""The single reader of the registry and of the environment."""

from .cloudfront.distribution import Distribution
from .cloudfront.errors import InvalidDistribution
from .cloudfront.hashing import HashAlgorithm
from .exceptions import NotConfigured
from .i18n import _
from .interfaces import ISettings
from Acquisition import aq_base
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from functools import lru_cache
from plone.registry.interfaces import IRecordEvent
from plone.registry.interfaces import IRegistry
from types import MappingProxyType
from zope.component import getUtility
from zope.globalrequest import getRequest

import os
import transaction


PREFIX = "collective.cfprivate"

# The variables of the environment, and the settings that they give.
ENVIRONMENT = MappingProxyType({
    "CFPRIVATE_SECRET": "secret",
    "CFPRIVATE_SECRET_FILE": "secret_file",
    "CFPRIVATE_PREVIOUS_SECRET": "previous_secret",
    "CFPRIVATE_PREVIOUS_SECRET_FILE": "previous_secret_file",
    "CFPRIVATE_PRIVATE_KEY_FILE": "private_key_file",
    "CFPRIVATE_KEY_PAIR_ID": "key_pair_id",
})


@dataclass(frozen=True, kw_only=True)
class StateRule:
    """What a workflow state decides; ``None`` leaves it to the site. ``lifetime`` is in seconds.

    ``download`` lets whoever may stream download too.
    """

    lifetime: int | None = None
    bind_ip: bool | None = None
    download: bool = False


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the environment of the process gives: see ``ENVIRONMENT``; empty where unset."""

    secret: str = field(default="", repr=False)
    secret_file: str = field(default="", repr=False)
    previous_secret: str = field(default="", repr=False)
    previous_secret_file: str = field(default="", repr=False)
    private_key_file: str = field(default="", repr=False)
    key_pair_id: str = ""

    @property
    def has_key(self) -> bool:
        """Whether it has a part in the signing key: one of the two variables is enough."""
        return bool(self.private_key_file or self.key_pair_id)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of who may watch and how, as they were when this object was made.

    ``lifetime`` and ``maximum_lifetime`` are in seconds, ``guest_maximum`` in days. ``state_rules`` are keyed by the ids
    of workflow and state. ``embed_ancestors`` are origins.
    """

    distribution_host: str
    hash_algorithm: HashAlgorithm
    lifetime: int
    maximum_lifetime: int
    bind_ip: bool
    view_on_parents: bool
    delivery: str
    cookie_domain: str
    embed_ancestors: tuple[str, ...]
    guest_maximum: int
    state_rules: Mapping[tuple[str, str], StateRule]

    @property
    def distribution(self) -> Distribution:
        """The distribution that delivers; raises ``NotConfigured`` where it is missing or malformed."""
        if not self.distribution_host:
            raise NotConfigured(
                _("problem_no_distribution", default="No distribution domain is set: enter it in the control panel.")
            )
        try:
            return _distribution(self.distribution_host)
        except InvalidDistribution as error:
            raise NotConfigured(str(error)) from None

    @property
    def distribution_is_local(self) -> bool:
        """Whether the distribution is a host on this machine; false where there is none."""
        try:
            return self.distribution.local
        except NotConfigured:
            return False


@dataclass(frozen=True, kw_only=True)
class BucketSettings:
    """All settings of the bucket, of what may be put into it and of what is made there, as ``Settings`` are.

    ``upload_maximum`` is in megabytes (10^6 bytes). ``key_prefixes`` are lines (``media.prefixes``).
    """

    s3_bucket: str
    s3_region: str
    s3_endpoint: str
    key_prefixes: tuple[str, ...]
    upload_prefix: str
    upload_types: tuple[str, ...]
    upload_maximum: int
    mediaconvert_role: str
    events_queue: str


def _records(names: Iterable[str]) -> Mapping[str, tuple[str, object]]:
    return MappingProxyType({name: (f"{PREFIX}.{name}", ISettings[name].default) for name in names})


# The names of the records, and what counts where they are missing, by those who are made of them.
_RECORDS = {
    ISettings: _records(ISettings),
    BucketSettings: _records(BucketSettings.__dataclass_fields__),
    Settings: _records(set(ISettings) - set(BucketSettings.__dataclass_fields__)),
}


@lru_cache(maxsize=16)
def _distribution(host: str) -> Distribution:
    return Distribution.parse(host)


def current() -> Settings:
    """The settings of the current site, within a request read once in a transaction: a change in it counts at once."""
    if getRequest() is None:
        return _read()
    registry = aq_base(getUtility(IRegistry))
    try:
        source, known = transaction.get().data(Settings)
    except KeyError:
        source = known = None
    if source is not registry:
        known = _read()
        transaction.get().set_data(Settings, (registry, known))
    return known


def _read() -> Settings:
    values = _stored(Settings)
    return Settings(
        distribution_host=(values.pop("distribution") or "").strip(),
        cookie_domain=(values.pop("cookie_domain") or "").strip(),
        embed_ancestors=tuple(values.pop("embed_ancestors") or ()),
        state_rules=_state_rules(values.pop("state_rules") or {}),
        **values,
    )


def bucket() -> BucketSettings:
    """The bucket's settings of the current site, read anew each time."""
    values = _stored(BucketSettings)
    return BucketSettings(
        key_prefixes=tuple(values.pop("key_prefixes") or ()),
        upload_types=tuple(values.pop("upload_types") or ()),
        upload_maximum=values.pop("upload_maximum"),
        **{name: (value or "").strip() for name, value in values.items()},
    )


def forget(event: IRecordEvent) -> None:
    """Read the registry anew, because a record of it has changed."""
    transaction.get().set_data(Settings, (None, None))


def environment() -> Environment:
    """What the environment of the process gave when it was asked first: a change of it needs a restart of Zope."""
    return _at_start()


@cache
def _at_start() -> Environment:
    return read_environment(os.environ)


def read_environment(environ: Mapping[str, str]) -> Environment:
    """What an environment gives, without blanks around it; needs no site."""
    return Environment(**{name: environ.get(variable, "").strip() for variable, name in ENVIRONMENT.items()})


def stored() -> dict[str, object]:
    """The settings of ``ISettings`` by name, as they are stored, or their defaults: for who shows and changes them."""
    return _stored(ISettings)


def _stored(group: type) -> dict[str, object]:
    # Code may be newer than the site's profile: a record that is missing counts as its default.
    get = getUtility(IRegistry).get
    return {name: get(*record) for name, record in _RECORDS[group].items()}


def _state_rules(stored: Mapping[str, Mapping[str, Mapping]]) -> Mapping[tuple[str, str], StateRule]:
    return MappingProxyType({
        (workflow, state): _state_rule(rule) for workflow, states in stored.items() for state, rule in states.items()
    })


def _state_rule(stored: Mapping) -> StateRule:
    lifetime = stored.get("lifetime")
    # JSON knows no integers: 300.0 is one for its schemas.
    return StateRule(**{**stored, "lifetime": None if lifetime is None else int(lifetime)})


def upgrade_needed() -> bool:
    """Whether the site has an older profile than this code, so that some settings cannot be kept."""
    records = getUtility(IRegistry).records
    return any(f"{PREFIX}.{name}" not in records for name in ISettings)
