"""The self-test: asks the distribution, with the chosen key, for a chosen object, and explains what comes back.

It needs no Plone. ``run.run`` takes a ``subject.Subject`` and gives a tuple of ``line.Line``.
"""
