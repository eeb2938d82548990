"""``GET item/@playback``."""
