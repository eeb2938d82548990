"""The site administrator's pages."""
