"""Whether a self-test shows that the distribution checks signatures, and took those of the key."""

from .line import Line
from collections.abc import Iterable


# A distribution that serves everything would pass the first of them with any key.
_SHOW_IT = frozenset({"signed", "unsigned", "tampered"})


def key_was_taken(lines: Iterable[Line]) -> bool:
    """Whether the key may be called tested."""
    return {line.name for line in lines if line.outcome == "passed"} >= _SHOW_IT
