"""The single reader of the registry and of the environment."""

from .cloudfront.distribution import Distribution
from .cloudfront.errors import InvalidDistribution
from .exceptions import NotConfigured
from .i18n import _
from .interfaces import ISettings
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from plone.registry.interfaces import IRegistry
from types import MappingProxyType
from zope.component import getUtility

import os


PREFIX = "collective.cfprivate"


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

    ``lifetime`` and ``maximum_lifetime`` are in seconds. ``state_rules`` are keyed by the ids of workflow and state.
    ``secret`` and ``secret_file`` are CFPRIVATE_SECRET and CFPRIVATE_SECRET_FILE, empty where unset.
    """

    distribution_host: str
    lifetime: int
    maximum_lifetime: int
    bind_ip: bool
    view_on_parents: bool
    state_rules: Mapping[tuple[str, str], StateRule]
    secret: str = field(default="", repr=False)
    secret_file: str = ""

    @property
    def distribution(self) -> Distribution:
        """The distribution that delivers; raises ``NotConfigured`` where it is missing or malformed."""
        if not self.distribution_host:
            raise NotConfigured(
                _("problem_no_distribution", default="No distribution domain is set: enter it in the control panel.")
            )
        try:
            return Distribution.parse(self.distribution_host)
        except InvalidDistribution as error:
            raise NotConfigured(str(error)) from None

    @property
    def distribution_is_local(self) -> bool:
        """Whether the distribution is a host on this machine; false where there is none."""
        try:
            return self.distribution.local
        except NotConfigured:
            return False


def current(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the current site, read afresh: a change counts from the next request on."""
    return Settings(
        distribution_host=(_record("distribution") or "").strip(),
        lifetime=_record("lifetime"),
        maximum_lifetime=_record("maximum_lifetime"),
        bind_ip=_record("bind_ip"),
        view_on_parents=_record("view_on_parents"),
        state_rules=_state_rules(_record("state_rules") or {}),
        secret=environ.get("CFPRIVATE_SECRET", "").strip(),
        secret_file=environ.get("CFPRIVATE_SECRET_FILE", "").strip(),
    )


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


def _record(name: str):
    # Code may be newer than the site's profile: a record that is missing counts as its default.
    return getUtility(IRegistry).get(f"{PREFIX}.{name}", ISettings[name].default)
