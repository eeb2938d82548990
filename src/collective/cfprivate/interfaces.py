"""Interfaces that more than one room, or another package, refers to."""

from .i18n import _
from plone.schema import JSONField
from zope import schema
from zope.interface import Attribute
from zope.interface import Interface
from zope.interface.interfaces import IObjectEvent
from zope.publisher.interfaces.browser import IDefaultBrowserLayer

import json


LONGEST_LIFETIME = 604800

# {workflow id: {state id: rule}}, as JSON Schema; what a rule leaves out is left to the site.
STATE_RULES = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {
                "lifetime": {"type": "integer", "minimum": 1, "maximum": LONGEST_LIFETIME},
                "bind_ip": {"type": "boolean"},
                "download": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
    },
}


class IBrowserLayer(IDefaultBrowserLayer):
    """Marks requests to a site in which the add-on is installed."""


class IProtectedItem(Interface):
    """Marks content whose type has the protected media behavior."""


class IPlaybackEvent(IObjectEvent):
    """Somebody asked to watch; carries no URL, signature or key. Handlers must not write: it is fired on GET."""

    user = Attribute("The id of the user; None for anonymous")
    action = Attribute("``stream`` or ``download``")
    reason = Attribute("The value of a ``Reason``, or the kind of the refusal")
    state = Attribute("The id of the workflow state in force; None without a workflow")
    expires = Attribute("When what was signed ends, in epoch seconds; None where nothing was signed")


class IPlaybackGranted(IPlaybackEvent):
    """Signed URLs were handed out."""


class IPlaybackRefused(IPlaybackEvent):
    """Nothing was handed out."""


class ISettings(Interface):
    """What the site's administrator decides; kept in plone.registry, so never a secret."""

    distribution = schema.TextLine(
        title=_("label_distribution", default="Distribution domain"),
        description=_(
            "help_distribution",
            default="The host name of the CloudFront distribution, such as d111111abcdef8.cloudfront.net, "
            "or an alternate domain name that it answers to. A host on this machine (127.0.0.1:8081) "
            "means the local edge, which is asked by http.",
        ),
        required=False,
        default="",
    )
    lifetime = schema.Int(
        title=_("label_lifetime", default="Lifetime of a signed URL in seconds"),
        description=_(
            "help_lifetime",
            default="Whoever gets hold of a signed URL can watch until it expires, so keep it short. "
            "A workflow state or an item may have a lifetime of its own, and a video whose duration is known "
            "gets at least that.",
        ),
        min=1,
        max=LONGEST_LIFETIME,
        default=3600,
    )
    maximum_lifetime = schema.Int(
        title=_("label_maximum_lifetime", default="Longest lifetime in seconds"),
        description=_(
            "help_maximum_lifetime",
            default="Nothing is signed for longer, whatever an item or a state asks for. "
            "An old key has to stay trusted for as long after it was replaced.",
        ),
        min=1,
        max=LONGEST_LIFETIME,
        default=86400,
    )
    bind_ip = schema.Bool(
        title=_("label_bind_ip", default="Bind signed URLs to the viewer's address"),
        description=_(
            "help_bind_ip",
            default="A URL then plays only from the IPv4 address to which it was given. Viewers with IPv6 are refused, "
            "and behind a proxy Zope has to know it (trusted-proxy), or everybody is.",
        ),
        required=False,
        default=False,
    )
    view_on_parents = schema.Bool(
        title=_("label_view_on_parents", default="Ask for the folders above, too"),
        description=_(
            "help_view_on_parents",
            default="Only who may see every folder above an item, up to the site or its language folder, may watch it.",
        ),
        required=False,
        default=False,
    )
    state_rules = JSONField(
        title=_("label_state_rules", default="Rules of workflow states"),
        schema=json.dumps(STATE_RULES),
        required=False,
        default={},
    )


class IKeyRing(Interface):
    """The private signing key at rest. Stateless: its data are in an annotation of the current site."""

    def describe():
        """What may be shown of the active key: a ``KeyDescription``, or None where there is no key."""

    def signing_key():
        """The active ``SigningKey``; raises ``NotConfigured`` without one, ``KeyLocked`` without its secret."""

    def store(*, pem, key_id, passphrase=None):
        """Encrypt and keep a private key; raises ``InvalidKey``, ``NoSecret``, ``KeyLocked``."""

    def rename(key_id):
        """Correct the CloudFront id of the active key; raises ``InvalidKey``, ``NotConfigured``."""

    def erase():
        """Forget every key. It cannot be recovered."""
