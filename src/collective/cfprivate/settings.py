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
from zope.component import getUtility

import os


PREFIX = "collective.cfprivate"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings as they were when this object was made.

    ``lifetime`` is in seconds. ``secret`` and ``secret_file`` are CFPRIVATE_SECRET and
    CFPRIVATE_SECRET_FILE, empty where unset.
    """

    distribution_host: str
    lifetime: int
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


def current(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the current site, read afresh: a change counts from the next request on."""
    return Settings(
        distribution_host=(_record("distribution") or "").strip(),
        lifetime=_record("lifetime"),
        secret=environ.get("CFPRIVATE_SECRET", "").strip(),
        secret_file=environ.get("CFPRIVATE_SECRET_FILE", "").strip(),
    )


def _record(name: str):
    # Code may be newer than the site's profile: a record that is missing counts as its default.
    return getUtility(IRegistry).get(f"{PREFIX}.{name}", ISettings[name].default)
