"""``@cfprivate-status``."""
