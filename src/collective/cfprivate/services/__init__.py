"""REST services, in the manner of plone.restapi."""
