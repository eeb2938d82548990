from collective.cfprivate.storage.bucket import Bucket

import pytest
import s3_server


@pytest.fixture
def bucket(s3):
    """The bucket on that server."""
    return Bucket(s3_server.BUCKET, s3_server.REGION, s3.endpoint)
