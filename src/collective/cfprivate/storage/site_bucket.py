"""The bucket of the current site."""

from .. import settings
from ..exceptions import StorageNotConfigured
from ..i18n import _
from .bucket import Bucket


def bucket_of_site() -> Bucket:
    """The bucket that the settings name; raises ``StorageNotConfigured`` where they name none."""
    current = settings.bucket()
    if not current.s3_bucket:
        raise StorageNotConfigured(
            _(
                "storage_no_bucket_set",
                default="No bucket is set: enter its name in the control panel of protected media.",
            )
        )
    return Bucket(current.s3_bucket, current.s3_region, current.s3_endpoint)
