"""``@cfprivate-uploads``."""
