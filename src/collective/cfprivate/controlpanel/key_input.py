"""What forms ask about a private key; none of it is kept in the registry."""

from ..cloudfront.errors import InvalidKey
from ..i18n import _
from .widgets import SecretFileFieldWidget
from .widgets import SecretPasswordFieldWidget
from .widgets import SecretTextAreaFieldWidget
from collections.abc import Mapping
from z3c.form import field
from zope import schema
from zope.interface import Interface


class IKeyId(Interface):
    """The id of a key."""

    key_id = schema.TextLine(
        title=_("label_key_id", default="Key pair id"),
        description=_(
            "help_key_id",
            default="The id that CloudFront gave to the public key, such as K2JCJMDEHXQW5F.",
        ),
        required=False,
    )


class IShownKeyId(Interface):
    """The id of the key that signed when the form was shown."""

    shown_key_id = schema.TextLine(required=False)


class IPrivateKey(Interface):
    """A private key, as text or with its passphrase."""

    private_key = schema.Text(
        title=_("label_private_key", default="Private key"),
        description=_(
            "help_private_key",
            default="Paste the PEM file (RSA 2048 or EC P-256). It is encrypted and never shown again; "
            "leave this empty to keep the key that is stored.",
        ),
        required=False,
    )
    passphrase = schema.TextLine(
        title=_("label_passphrase", default="Passphrase of the private key"),
        description=_("help_passphrase", default="Only for a PEM file that is encrypted. It is not kept."),
        required=False,
    )


class IPrivateKeyFile(Interface):
    """A private key as an upload."""

    private_key_file = schema.Bytes(
        title=_("label_private_key_file", default="Private key as a file"),
        description=_("help_private_key_file", default="In place of pasting it: upload the PEM file."),
        required=False,
    )


class ISigningKeyInput(IKeyId, IPrivateKey):
    """A private key and its id."""


SECRETS = ("private_key", "private_key_file", "passphrase")


def key_fields() -> field.Fields:
    """The fields of private key, file and passphrase, with widgets that show nothing of them."""
    fields = field.Fields(IPrivateKey).select("private_key") + field.Fields(IPrivateKeyFile)
    fields += field.Fields(IPrivateKey).select("passphrase")
    fields["private_key"].widgetFactory = SecretTextAreaFieldWidget
    fields["private_key_file"].widgetFactory = SecretFileFieldWidget
    fields["passphrase"].widgetFactory = SecretPasswordFieldWidget
    return fields


def entered_key(data: Mapping[str, object]) -> str | bytes:
    """The text or the content of the file, empty for none; raises ``InvalidKey`` for both."""
    text = (data.get("private_key") or "").strip()
    content = data.get("private_key_file") or b""
    if text and content:
        raise InvalidKey("Found a pasted key and a file. Give one of them.")
    return text or content
