"""CloudFront's signed URLs and cookies: keys, policies, signatures, playlists, verification. Needs no Zope."""

from .boto import create_signed_url
from .distribution import Distribution
from .errors import CFPrivateError
from .errors import EdgeError
from .errors import InvalidDistribution
from .errors import InvalidKey
from .errors import InvalidObjectKey
from .errors import InvalidPolicy
from .errors import InvalidURL
from .errors import KeyChoice
from .errors import PlaylistError
from .keys import check_key_id
from .keys import PublicKey
from .keys import SigningKey
from .object_key import check_object_key
from .playlist import rewrite_playlist
from .policy import Policy
from .signer import Signer
from .stream import StreamPolicy
from .verifier import Verifier
from .web_address import check_url


__all__ = [
    "CFPrivateError",
    "Distribution",
    "EdgeError",
    "InvalidDistribution",
    "InvalidKey",
    "InvalidObjectKey",
    "InvalidPolicy",
    "InvalidURL",
    "KeyChoice",
    "PlaylistError",
    "Policy",
    "PublicKey",
    "Signer",
    "SigningKey",
    "StreamPolicy",
    "Verifier",
    "check_key_id",
    "check_object_key",
    "check_url",
    "create_signed_url",
    "rewrite_playlist",
]
