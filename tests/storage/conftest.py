from collective.cfprivate.storage.bucket import Bucket
from collective.cfprivate.storage.bucket import client_for

import pytest
import s3_server


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """A running S3 server, with its credentials in the environment."""
    with s3_server.running(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        yield server
    client_for.cache_clear()


@pytest.fixture
def bucket(s3):
    """The bucket on that server."""
    return Bucket(s3_server.BUCKET, s3_server.REGION, s3.endpoint)
