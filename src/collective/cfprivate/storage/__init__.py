"""Buckets: what is uploaded, moved and cleaned up; it knows no permissions."""
