"""Keeps signed responses out of every cache between Plone and the viewer."""
