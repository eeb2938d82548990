"""Interfaces that more than one room, or another package, refers to."""

from .i18n import _
from plone.schema import JSONField
from zope import schema
from zope.interface import Attribute
from zope.interface import Interface
from zope.interface.interfaces import IObjectEvent
from zope.publisher.interfaces.browser import IDefaultBrowserLayer
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary

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


HASH_ALGORITHMS = SimpleVocabulary([
    SimpleTerm("SHA1", "SHA1", _("choice_sha1", default="SHA-1")),
    SimpleTerm("SHA256", "SHA256", _("choice_sha256", default="SHA-256")),
])
DELIVERIES = SimpleVocabulary([
    SimpleTerm("playlist", "playlist", _("choice_playlist", default="Signed playlists")),
    SimpleTerm("cookies", "cookies", _("choice_cookies", default="Signed cookies")),
])


class IBrowserLayer(IDefaultBrowserLayer):
    """Marks requests to a site in which the add-on is installed."""


class IProtectedItem(Interface):
    """Marks content whose type has the protected media behavior."""


class IPlaybackEvent(IObjectEvent):
    """Somebody asked to watch; carries no URL, signature or key. Handlers must not write: it is fired on GET."""

    user = Attribute("The id of the user; None for anonymous")
    action = Attribute("``stream``, ``download``, ``preview`` of what is not saved, or ``guest`` by a guest link")
    link = Attribute("Which guest link: the first 12 digits of its digest; None for all other ways")
    maker = Attribute(
        "The id of the user who made the guest link; None where that is not known, and for all other ways"
    )
    reason = Attribute("The value of a ``Reason``, or the kind of the refusal")
    state = Attribute("The id of the workflow state in force; None without a workflow")
    expires = Attribute("When what was signed ends, in epoch seconds; None where nothing was signed")


class IPlaybackGranted(IPlaybackEvent):
    """Signed URLs were handed out."""


class IPlaybackRefused(IPlaybackEvent):
    """Nothing was handed out."""


class IGuestLinkEvent(IObjectEvent):
    """Something was done to a guest link of an item; has the attributes of ``IPlaybackEvent``, and never the token."""


class IGuestLinkMade(IGuestLinkEvent):
    """The user made a guest link, which ends at ``expires``."""


class IGuestLinkRevoked(IGuestLinkEvent):
    """The user took a guest link back."""


class IMediumChanged(IObjectEvent):
    """An item that existed before has another medium, or something else is said of it. Carries no object key.

    It is told once for each change: of the form, of REST, of a check-in, and of programs that write through
    ``IProtectedMedia(item)`` and then notify of an ``ObjectModifiedEvent``. Never fired on GET.
    """

    fields = Attribute("The names of the changed fields of ``IProtectedMedia``, a tuple in alphabetical order")


class IMoreCaptions(Interface):
    """Captions that other items offer for the same medium."""

    def __call__(item, playback, medium, *, now, address):
        """``playback`` of ``item`` with further tracks, as the current user may read them at ``now`` from ``address``."""


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
    hash_algorithm = schema.Choice(
        title=_("label_hash_algorithm", default="Hash algorithm of signatures"),
        description=_(
            "help_hash_algorithm",
            default="SHA-1 is what every distribution takes. CloudFront has known SHA-256 since April 2026.",
        ),
        vocabulary=HASH_ALGORITHMS,
        default="SHA1",
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
    delivery = schema.Choice(
        title=_("label_delivery", default="Delivery of HLS"),
        description=_(
            "help_delivery",
            default="Signed playlists work with every distribution. With signed cookies browsers get playlists from the "
            "distribution itself, which needs a name under the same parent domain as this site, and CORS with credentials.",
        ),
        vocabulary=DELIVERIES,
        default="playlist",
    )
    cookie_domain = schema.TextLine(
        title=_("label_cookie_domain", default="Domain of signed cookies"),
        description=_(
            "help_cookie_domain",
            default="The domain above both this site and the distribution, such as example.org for www.example.org and "
            "media.example.org. Only signed cookies need it.",
        ),
        required=False,
        default="",
    )
    embed_ancestors = schema.Tuple(
        title=_("label_embed_ancestors", default="Sites that may embed players"),
        description=_(
            "help_embed_ancestors",
            default="One in a line, such as https://partner.example.org. Empty means that only this site may. Who manages an "
            "item finds the code to embed below it.",
        ),
        value_type=schema.TextLine(),
        required=False,
        default=(),
        missing_value=(),
    )
    key_prefixes = schema.Tuple(
        title=_("label_key_prefixes", default="Folders of the bucket that may be used"),
        description=_(
            "help_key_prefixes",
            default="Empty means that whoever manages protected media may attach every file of the bucket that no other item "
            "uses. Otherwise one folder in a line, with a slash behind it: talks/ for everybody, films/ film-crew for the "
            "members of a group (its id), lectures/ /campus/lectures for what lies in a folder of this site, / Reviewers for a "
            "group that may use the whole bucket. Who may change this setting is not confined.",
        ),
        value_type=schema.TextLine(),
        required=False,
        default=(),
        missing_value=(),
    )
    guest_maximum = schema.Int(
        title=_("label_guest_maximum", default="Longest life of a guest link in days"),
        description=_(
            "help_guest_maximum",
            default="Who may delegate the right to watch can make links for guests without an account. A new link ends after "
            "so many days at the latest; links that were made before keep their ends.",
        ),
        min=1,
        max=365,
        default=30,
    )
    s3_bucket = schema.TextLine(
        title=_("label_s3_bucket", default="Bucket"),
        description=_(
            "help_s3_bucket",
            default="The name of the S3 bucket behind the distribution. With it editors upload in the browser; without it they "
            "enter the object keys of files that somebody else has put there. The credentials come from the environment, a "
            "profile or the role of the instance, never from here.",
        ),
        required=False,
        default="",
    )
    s3_region = schema.TextLine(
        title=_("label_s3_region", default="Region of the bucket"),
        description=_("help_s3_region", default="Such as eu-central-1."),
        required=False,
        default="",
    )
    s3_endpoint = schema.TextLine(
        title=_("label_s3_endpoint", default="Endpoint of the store"),
        description=_(
            "help_s3_endpoint",
            default="Empty for AWS. For another store that speaks the protocol of S3 its address, such as "
            "https://s3.example.org.",
        ),
        required=False,
        default="",
    )
    upload_prefix = schema.TextLine(
        title=_("label_upload_prefix", default="Folder for uploads"),
        description=_(
            "help_upload_prefix",
            default="Uploaded files get the object key FOLDER/RANDOM ID/FILE NAME. Who may attach files of certain folders only "
            "(see above) and not of this one uploads into the first of those.",
        ),
        required=False,
        default="uploads/",
    )
    upload_types = schema.Tuple(
        title=_("label_upload_types", default="Types of files that may be uploaded"),
        description=_("help_upload_types", default="One media type in a line; video/* stands for all of them."),
        value_type=schema.TextLine(),
        required=False,
        default=(
            "video/mp4",
            "video/webm",
            "video/quicktime",
            "audio/*",
            "image/jpeg",
            "image/png",
            "image/webp",
            "application/pdf",
            "text/vtt",
        ),
        missing_value=(),
    )
    upload_maximum = schema.Int(
        title=_("label_upload_maximum", default="Largest upload in megabytes"),
        description=_("help_upload_maximum", default="S3 takes files of 5,000,000 megabytes at most."),
        min=1,
        max=5_000_000,
        default=20_000,
    )
    mediaconvert_role = schema.TextLine(
        title=_("label_mediaconvert_role", default="Role of MediaConvert"),
        description=_(
            "help_mediaconvert_role",
            default="The ARN of the role with which AWS Elemental MediaConvert reads and writes the bucket. With it editors can "
            "have streams made of uploaded videos.",
        ),
        required=False,
        default="",
    )
    events_queue = schema.TextLine(
        title=_("label_events_queue", default="Queue of finished jobs"),
        description=_(
            "help_events_queue",
            default="The URL of the SQS queue to which EventBridge sends what became of the jobs; cfprivate jobs reads it. "
            "Without one it asks MediaConvert for each job.",
        ),
        required=False,
        default="",
    )
    state_rules = JSONField(
        title=_("label_state_rules", default="Rules of workflow states"),
        schema=json.dumps(STATE_RULES),
        required=False,
        default={},
    )


class IKeyRing(Interface):
    """The private signing keys at rest. Stateless: its data are in an annotation of the current site.

    There are three slots. ``active`` signs; ``next`` waits to be activated; ``previous`` signed before and is kept, so
    that one can go back, until nothing that it signed is valid any more. A key that the environment gives
    (CFPRIVATE_PRIVATE_KEY_FILE) is the active one, and the ring then keeps no key.
    """

    def describe(slot="active"):  # ruff: ignore[method-receiver-default] - interfaces name no receiver
        """What may be shown of a key: a ``KeyDescription``, or None where there is no key."""

    def signing_key(slot="active"):  # ruff: ignore[method-receiver-default] - interfaces name no receiver
        """The ``SigningKey``; raises ``NotConfigured`` where it has no key or no id, ``KeyLocked`` without its secret."""

    def public_pem(slot="next"):  # ruff: ignore[method-receiver-default] - interfaces name no receiver
        """The public half, for CloudFront; raises as ``signing_key`` does, but needs no id."""

    def retired():
        """The ``RetiredKey`` of each id that signs no more, latest first; until the next change also of those whose time is over."""

    def sealed_with_previous_secret():
        """Whether a key opens only with CFPRIVATE_PREVIOUS_SECRET or its file."""

    def store(*, pem, key_id="", passphrase=None):
        """Encrypt a private key; the slot in which it is now.

        It signs from now on where no key did, and where it is the one that does. Where another one signs it becomes the
        next key, so that nobody is cut off. The id may be left out where the ring knows it, or the key is the next.
        Raises ``InvalidKey``, ``NoSecret``, ``KeyRefused``, ``IdRefused``, ``ManagedOutside``.
        """

    def store_next(*, pem, key_id="", passphrase=None):
        """Encrypt a private key as the next one; its id may be given later.

        Raises as ``store`` does: ``KeyRefused`` where another next key waits, or this is the active or the previous one,
        ``IdRefused`` where another has the id. The next key itself may be given anew, as where it is locked.
        """

    def generate_next(algorithm):
        """Make the next key here, "RSA" or "EC". Raises as ``store_next`` does."""

    def rename(key_id, slot="active"):
        """Correct or enter the CloudFront id of a key.

        Raises ``InvalidKey``, ``NotConfigured``, ``KeyLocked``, and ``IdRefused`` where another key has the id.
        """

    def note_tested(now):
        """Remember that the distribution took what the next key signed; ``now`` in epoch seconds."""

    def note_signed_until(end):
        """Remember that signatures made until now may be valid until ``end``, in epoch seconds."""

    def activate(now):
        """Sign with the next key; the active one becomes the previous, even where it is locked.

        Raises as ``signing_key`` does for the next key, and ``KeyLocked`` where a locked previous key would be lost.
        """

    def go_back(now):
        """Change the active and the previous key for each other; raises as ``signing_key`` does for the previous."""

    def seal_anew():
        """Encrypt every key with the secret in force; raises ``NoSecret``, ``KeyLocked``."""

    def erase(slot):
        """Forget the key in a slot. It cannot be recovered. Raises ``ManagedOutside`` for the active one."""

    def erase_all():
        """Forget every key, and what is known about the ids that were retired."""
