"""What the pages of the control panel share."""

from ..i18n import _
from ..interfaces import IKeyRing
from ..keyring.slots import Slot
from ..playback.dates import localized
from .widgets import take_secrets
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.component import getUtility


# Plone knows the buttons of its own forms by their names, and makes all others secondary.
PRIMARY_BUTTON = "submit-widget btn btn-primary"
SECONDARY_BUTTON = "submit-widget btn btn-secondary"


CHANGED_MEANWHILE = _(
    "message_keys_changed",
    default="The keys were changed meanwhile, so that nothing was done: look at this page anew.",
)


def mark_of(slot: Slot) -> str:
    """What tells a key in a slot, under its id, from all others; empty for no key."""
    key = getUtility(IKeyRing).describe(slot)
    return "" if key is None else f"{key.fingerprint} {key.key_id}"


def is_as_shown(request, slot: Slot) -> bool:
    """Whether a slot holds what the page showed there when a button was pressed, a key or none."""
    return request.form.get(f"shown_{slot}", "") == mark_of(slot)


class Posted:
    """A form whose buttons count in a POST alone: the address of a page is stored, shared and logged."""

    # Names of fields that are kept out of logs.
    secrets: tuple[str, ...] = ()

    def update(self):
        take_secrets(self.request, [f"{self.prefix}widgets.{name}" for name in self.secrets])
        if self.request.method != "POST":
            for name in [name for name in self.request.form if name.startswith(f"{self.prefix}buttons.")]:
                del self.request.form[name]
        super().update()


class KeyPage(ControlPanelFormWrapper):
    """A page that shows keys."""

    _key = ViewPageTemplateFile("key.pt")

    def details_of(self, key) -> str:
        """The HTML of what may be shown of a ``KeyDescription``."""
        return self._key(key=key)

    def mark_of(self, slot: Slot) -> str:
        """What a form sends with it, so that nothing is done to another key than was shown."""
        return mark_of(slot)

    def when(self, seconds: int) -> str:
        """Epoch seconds in the site's format."""
        return localized(seconds)
