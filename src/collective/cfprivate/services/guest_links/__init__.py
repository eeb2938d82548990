"""``@cfprivate-guest-links``."""
