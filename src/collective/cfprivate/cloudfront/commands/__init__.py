"""The commands of the protocol: ``cfprivate sign``, ``verify``, ``cookies`` and ``keygen``. Needs click, but no Zope."""
