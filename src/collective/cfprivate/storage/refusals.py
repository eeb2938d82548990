"""What went wrong with a bucket, in sentences that name the setting to look at."""

from ..exceptions import NoSuchJob
from ..exceptions import NoSuchObject
from ..exceptions import NoSuchUpload
from ..exceptions import StorageError
from ..exceptions import StorageNotConfigured
from ..exceptions import StorageRefused
from ..exceptions import StorageUnavailable
from ..i18n import _
from collections.abc import Generator
from contextlib import contextmanager
from zope.i18nmessageid import Message


# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; HEAD has no body, so that there the status is the code.
_BY_CODE = {
    "NoSuchBucket": (
        StorageNotConfigured,
        _(
            "storage_no_bucket",
            default="There is no bucket ${bucket} in the region ${region}: look at the bucket and region in the settings.",
        ),
    ),
    "NoSuchKey": (NoSuchObject, _("storage_no_object", default="There is no file ${key} in the bucket ${bucket}.")),
    "NoSuchUpload": (
        NoSuchUpload,
        _("storage_no_upload", default="This upload was completed or cancelled meanwhile: begin it anew."),
    ),
    "InvalidAccessKeyId": (
        StorageNotConfigured,
        _(
            "storage_unknown_credentials",
            default="The store does not know the access key that Zope has: look at AWS_ACCESS_KEY_ID, the profile or the "
            "role of the instance, and at the endpoint in the settings.",
        ),
    ),
    "SignatureDoesNotMatch": (
        StorageNotConfigured,
        _(
            "storage_wrong_credentials",
            default="The store does not accept the signature: the secret that belongs to the access key is another one. "
            "Look at AWS_SECRET_ACCESS_KEY, the profile or the role of the instance.",
        ),
    ),
    "ExpiredToken": (
        StorageNotConfigured,
        _(
            "storage_expired_credentials",
            default="The credentials that Zope has for the bucket are expired: renew AWS_SESSION_TOKEN or the profile.",
        ),
    ),
    "AccessDenied": (
        StorageRefused,
        _(
            "storage_denied",
            default="The credentials that Zope has may not do this with the bucket ${bucket}: look at their policy.",
        ),
    ),
    "RequestTimeTooSkewed": (
        StorageRefused,
        _(
            "storage_skewed",
            default="The clock of this server is wrong by more than a quarter of an hour, so that the bucket refuses all "
            "that it signs: set the clock.",
        ),
    ),
    "PermanentRedirect": (
        StorageNotConfigured,
        _(
            "storage_wrong_region",
            default="The bucket ${bucket} is not in the region ${region}: look at the region in the settings.",
        ),
    ),
    "SlowDown": (
        StorageUnavailable,
        _("storage_busy", default="The bucket ${bucket} has too much to do now: try again in a minute."),
    ),
    "QuotaExceeded": (
        StorageRefused,
        _("storage_full", default="The bucket ${bucket} is full: free some space, or enlarge its quota."),
    ),
    "NotFoundException": (
        NoSuchJob,
        _("storage_no_job", default="MediaConvert does not know this job, or not any more: begin it anew."),
    ),
    "ConflictException": (
        StorageRefused,
        _("storage_job_ended", default="The job came to its end meanwhile, so that it cannot be cancelled."),
    ),
    "ForbiddenException": (
        StorageRefused,
        _(
            "storage_jobs_denied",
            default="The credentials that Zope has may not do this in MediaConvert, or not give it its role: look at their "
            "policy (mediaconvert:CreateJob, GetJob and CancelJob, iam:PassRole) and at the role in the settings.",
        ),
    ),
    "TooManyRequestsException": (
        StorageUnavailable,
        _("storage_jobs_busy", default="MediaConvert takes no more requests now: try again in a minute."),
    ),
    "QueueDoesNotExist": (
        StorageNotConfigured,
        _("storage_no_queue", default="There is no such queue: look at the queue of finished jobs in the settings."),
    ),
    "AccessDeniedException": (
        StorageRefused,
        _(
            "storage_queue_denied",
            default="The credentials that Zope has may not read the queue of finished jobs: look at their policy "
            "(sqs:ReceiveMessage, sqs:DeleteMessage).",
        ),
    ),
}
_OTHER_NAMES = {
    "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist",
    "ServiceQuotaExceededException": "TooManyRequestsException",
    "404": "NoSuchKey",
    "NotFound": "NoSuchKey",
    "403": "AccessDenied",
    "Forbidden": "AccessDenied",
    "AllAccessDisabled": "AccessDenied",
    "301": "PermanentRedirect",
    "AuthorizationHeaderMalformed": "PermanentRedirect",
    "IllegalLocationConstraintException": "PermanentRedirect",
    "InvalidToken": "ExpiredToken",
    "503": "SlowDown",
    "ServiceUnavailable": "SlowDown",
    "507": "QuotaExceeded",
}
# What stores other than AWS have names of their own for.
_STATUSES = {503: "SlowDown", 507: "QuotaExceeded"}


@contextmanager
def told(bucket, *, key: str = "") -> Generator[None, None, None]:
    """Raise a ``StorageError`` in place of what botocore and boto3 raise within."""
    try:
        from boto3.exceptions import Boto3Error
        from botocore import exceptions
    except ImportError:
        # What needs them says so itself.
        yield
        return
    try:
        yield
    except exceptions.ClientError as error:
        raise _answered(error, bucket, key) from None
    except exceptions.NoCredentialsError:
        raise StorageNotConfigured(
            _(
                "storage_no_credentials",
                default="Zope has no credentials for the bucket: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its "
                "environment, a profile, or a role of the instance.",
            )
        ) from None
    except exceptions.NoRegionError:
        raise StorageNotConfigured(
            _("storage_no_region", default="The region of the bucket is not set: enter it in the settings.")
        ) from None
    except (exceptions.PartialCredentialsError, exceptions.ProfileNotFound, exceptions.ParamValidationError) as error:
        raise StorageNotConfigured(_sentence_of_botocore(error)) from None
    except (exceptions.HTTPClientError, exceptions.ConnectionError):
        raise StorageUnavailable(
            _(
                "storage_unreachable",
                default="The bucket ${bucket} does not answer at ${place}: look at the endpoint and the region in the "
                "settings, and at the network of this server.",
                mapping=_words(bucket, key),
            )
        ) from None
    except Boto3Error as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, exceptions.ClientError):
            raise _answered(cause, bucket, key) from None
        raise StorageError(_sentence_of_botocore(error)) from None
    except exceptions.BotoCoreError as error:
        raise StorageError(_sentence_of_botocore(error)) from None


def _answered(error, bucket, key: str) -> StorageError:
    """What the store answered; the code is its own word, the message may hold what it was sent and is left out."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    name = _OTHER_NAMES.get(code, code)
    kind, sentence = _BY_CODE.get(name if name in _BY_CODE else _STATUSES.get(status), (None, None))
    words = {**_words(bucket, key), "code": code or str(status)}
    if kind is None:
        kind, sentence = StorageError, _("storage_other", default="The bucket ${bucket} refused ${call} with ${code}.")
    return kind(Message(sentence, mapping={**words, "call": error.operation_name}))


def _words(bucket, key: str) -> dict[str, str]:
    place = bucket.endpoint or f"s3.{bucket.region}.amazonaws.com"
    return {"bucket": bucket.name, "region": bucket.region or "?", "key": key, "place": place}


def _sentence_of_botocore(error: Exception) -> Message:
    return _(
        "storage_misconfigured",
        default="The bucket cannot be asked, because of ${error}: look at the settings and at the credentials of Zope.",
        mapping={"error": type(error).__name__},
    )
