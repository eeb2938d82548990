"""A CloudFront-compatible edge for a developer's machine. It is not a CDN."""

from .app import Edge


__all__ = ["Edge"]
