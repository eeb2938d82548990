"""Protected media for Plone, delivered by Amazon CloudFront.

Empty of imports, so that ``collective.cfprivate.cloudfront`` and ``collective.cfprivate.edge``
can be used by programs that have no Zope.
"""
