"""Media in listings: what the catalog tells of them, so that no object is woken."""
