"""The way here from c2.app.streamingaws, whose content and settings come as exported JSON."""
