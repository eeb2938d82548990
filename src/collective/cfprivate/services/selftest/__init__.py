"""``@cfprivate-selftest``."""
