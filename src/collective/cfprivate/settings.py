"""The single reader of the registry and of the environment."""

from .cloudfront.distribution import Distribution
from .cloudfront.errors import InvalidDistribution
from .cloudfront.hashing import HashAlgorithm
from .exceptions import NotConfigured
from .i18n import _
from .interfaces import ISettings
from Acquisition import aq_base
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
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


# Records that are settings as they are.
AS_STORED = (
    "hash_algorithm",
    "lifetime",
    "maximum_lifetime",
    "bind_ip",
    "view_on_parents",
    "delivery",
    "guest_maximum",
    "upload_maximum",
)

# Records of text, which may be missing.
TEXTS = ("cookie_domain", "s3_bucket", "s3_region", "s3_endpoint", "upload_prefix", "mediaconvert_role", "events_queue")


_DEFAULTS = {name: ISettings[name].default for name in ISettings}


@dataclass(frozen=True, kw_only=True)
class StateRule:
    """What a workflow state decides; ``None`` leaves it to the site. ``lifetime`` is in seconds.

    ``download`` lets whoever may stream download too.
    """

    lifetime: int | None = None
    bind_ip: bool | None = None
    download: bool = False


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings as they were when this object was made.

    ``lifetime`` and ``maximum_lifetime`` are in seconds, ``guest_maximum`` in days, ``upload_maximum`` in megabytes (10^6 bytes). ``state_rules`` are keyed by the ids
    of workflow and state. ``embed_ancestors`` are origins, ``key_prefixes`` lines (``media.prefixes``). What comes from
    the environment is empty where unset: see ``ENVIRONMENT``.
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
    key_prefixes: tuple[str, ...]
    guest_maximum: int
    s3_bucket: str
    s3_region: str
    s3_endpoint: str
    upload_prefix: str
    upload_types: tuple[str, ...]
    upload_maximum: int
    mediaconvert_role: str
    events_queue: str
    state_rules: Mapping[tuple[str, str], StateRule]
    secret: str = field(default="", repr=False)
    secret_file: str = field(default="", repr=False)
    previous_secret: str = field(default="", repr=False)
    previous_secret_file: str = field(default="", repr=False)
    private_key_file: str = field(default="", repr=False)
    key_pair_id: str = ""

    @property
    def key_is_outside(self) -> bool:
        """Whether the environment has a part in the signing key: one of its two variables is enough."""
        return bool(self.private_key_file or self.key_pair_id)

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


@lru_cache(maxsize=16)
def _distribution(host: str) -> Distribution:
    return Distribution.parse(host)


def current(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the current site, within a request read once in a transaction: a change in it counts at once."""
    if getRequest() is None:
        return _read(environ)
    # A hash, because the secrets that it is made of had better not lie about.
    source = (aq_base(getUtility(IRegistry)), hash(tuple(map(environ.get, ENVIRONMENT))))
    try:
        known = transaction.get().data(Settings)
    except KeyError:
        known = (None, None)
    if known[0] != source:
        known = (source, _read(environ))
        transaction.get().set_data(Settings, known)
    return known[1]


def _read(environ: Mapping[str, str]) -> Settings:
    values = stored()
    return Settings(
        distribution_host=(values["distribution"] or "").strip(),
        embed_ancestors=tuple(values["embed_ancestors"] or ()),
        key_prefixes=tuple(values["key_prefixes"] or ()),
        upload_types=tuple(values["upload_types"] or ()),
        state_rules=_state_rules(values["state_rules"] or {}),
        **{name: values[name] for name in AS_STORED},
        **{name: (values[name] or "").strip() for name in TEXTS},
        **from_environment(environ),
    )


def forget(event: IRecordEvent) -> None:
    """Read the registry anew, because a record of it has changed."""
    transaction.get().set_data(Settings, (None, None))


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The part of the settings that needs no site: what the environment gives, without blanks around it."""
    return {name: environ.get(variable, "").strip() for variable, name in ENVIRONMENT.items()}


def stored() -> dict[str, object]:
    """The settings of ``ISettings`` by name, as they are stored, or their defaults: for who shows and changes them."""
    # Code may be newer than the site's profile: a record that is missing counts as its default.
    get = getUtility(IRegistry).get
    return {name: get(f"{PREFIX}.{name}", default) for name, default in _DEFAULTS.items()}


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
