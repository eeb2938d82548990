"""How long a signature lives."""

LONGEST_BUCKET = 300


def expiry(now: int, lifetime: int, cap: int | None = None) -> int:
    """When a URL signed at ``now`` expires: epoch seconds.

    Rounded down to a bucket of a tenth of the lifetime (1 to 300 s), so that page loads within a
    bucket share one URL, and one signature. ``cap`` is the latest time allowed.
    """
    bucket = max(1, min(lifetime // 10, LONGEST_BUCKET))
    expires = (now + lifetime) // bucket * bucket
    return expires if cap is None else min(expires, cap)
