"""Interfaces that more than one room, or another package, refers to."""

from .i18n import _
from zope import schema
from zope.interface import Interface
from zope.publisher.interfaces.browser import IDefaultBrowserLayer


class IBrowserLayer(IDefaultBrowserLayer):
    """Marks requests to a site in which the add-on is installed."""


class IProtectedItem(Interface):
    """Marks content whose type has the protected media behavior."""


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
            default="Whoever gets hold of a signed URL can watch until it expires, so keep it short; "
            "an MP4 file needs at least its own length, because a viewer who seeks asks again.",
        ),
        min=1,
        max=604800,
        default=3600,
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
