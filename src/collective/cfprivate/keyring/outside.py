"""The signing key that the environment gives in place of the key ring."""

from ..cloudfront.errors import InvalidKey
from ..cloudfront.keys import SigningKey
from ..exceptions import NotConfigured
from ..i18n import _
from ..settings import Environment
from functools import lru_cache
from pathlib import Path


# More than any PEM file of one key has.
_LONGEST = 65536


def outside_key(given: Environment) -> SigningKey:
    """The key of CFPRIVATE_PRIVATE_KEY_FILE under the id of CFPRIVATE_KEY_PAIR_ID, read anew each time.

    Raises ``NotConfigured`` where one of the two is missing, or the file or the id is not what it should be.
    """
    return read_key(given.private_key_file, given.key_pair_id)


def read_key(key_file: str, key_id: str) -> SigningKey:
    """The key of a file under an id; raises like ``outside_key``."""
    if not (key_file and key_id):
        raise NotConfigured(
            _(
                "problem_half_outside",
                default="CFPRIVATE_PRIVATE_KEY_FILE and CFPRIVATE_KEY_PAIR_ID belong together, and ${missing} is not "
                "set: give Zope both or neither.",
                mapping={"missing": "CFPRIVATE_KEY_PAIR_ID" if key_file else "CFPRIVATE_PRIVATE_KEY_FILE"},
            )
        )
    content = _content(Path(key_file))
    try:
        return _parsed(content, key_id)
    except InvalidKey as error:
        raise NotConfigured(
            _(
                "problem_outside_invalid",
                default="The key of CFPRIVATE_PRIVATE_KEY_FILE and CFPRIVATE_KEY_PAIR_ID cannot sign: ${reason}",
                mapping={"reason": str(error)},
            )
        ) from None


@lru_cache(maxsize=4)
def _parsed(content: bytes, key_id: str) -> SigningKey:
    # Keyed by what the file holds, so that a file that was replaced counts at once.
    return SigningKey.from_pem(content, key_id)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST + 1)
    except (OSError, ValueError) as error:
        raise NotConfigured(
            _(
                "problem_outside_unreadable",
                default="The file of CFPRIVATE_PRIVATE_KEY_FILE cannot be read (${error}): see that it is there and that "
                "Zope may read it.",
                # Not the path: somebody may have put the key itself where its file is wanted.
                mapping={"error": type(error).__name__},
            )
        ) from None
