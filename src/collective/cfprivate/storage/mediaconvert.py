"""AWS Elemental MediaConvert as a ``Transcoder``.

https://docs.aws.amazon.com/mediaconvert/latest/apireference/ names all that is sent; the number and sizes of the
qualities are chosen by MediaConvert itself (automated ABR), which never enlarges a picture.
"""

from ..exceptions import StorageNotConfigured
from ..i18n import _
from .bucket import ATTEMPTS
from .bucket import CONNECT_TIMEOUT
from .bucket import READ_TIMEOUT
from .refusals import told
from .transcoder import Job
from .transcoder import JobState
from .transcoder import MASTER
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache


# Apple's authoring specification: six seconds a segment, a key frame every two.
SEGMENT_SECONDS = 6
GOP_SECONDS = 2

# Bits per second.
LEAST_BITRATE = 600_000
MOST_BITRATE = 8_000_000
AUDIO_BITRATE = 96_000

_STATES = {
    "SUBMITTED": JobState.SUBMITTED,
    "PROGRESSING": JobState.RUNNING,
    "STATUS_UPDATE": JobState.RUNNING,
    "INPUT_INFORMATION": JobState.RUNNING,
    "COMPLETE": JobState.DONE,
    "CANCELED": JobState.CANCELED,
    "ERROR": JobState.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class MediaConvert:
    """``role`` is the ARN with which MediaConvert reads and writes the bucket named ``name``, which is in ``region``."""

    name: str
    region: str
    role: str
    endpoint: str = ""
    _client: object = field(default=None, repr=False, compare=False)

    def submit(self, source: str, *, folder: str, token: str, about: Mapping[str, str]) -> Job:
        """See ``Transcoder``."""
        request = job_request(self.name, source, folder=folder, role=self.role, token=token, about=about)
        with told(self, key=source):
            return job_of(self.client.create_job(**request)["Job"])

    def status(self, job_id: str) -> Job:
        """See ``Transcoder``."""
        with told(self):
            return job_of(self.client.get_job(Id=job_id)["Job"])

    def cancel(self, job_id: str) -> None:
        """See ``Transcoder``."""
        with told(self):
            self.client.cancel_job(Id=job_id)

    @property
    def client(self):
        """boto3's client, one for all threads; raises ``StorageNotConfigured``."""
        return self._client or client_of("mediaconvert", self.region)


@lru_cache(maxsize=8)
def client_of(service: str, region: str):
    """boto3's client of a service of AWS; raises ``StorageNotConfigured`` where boto3 is not installed."""
    try:
        from botocore.config import Config

        import boto3
    except ImportError:
        raise StorageNotConfigured(
            _(
                "storage_no_boto3",
                default="The bucket cannot be reached without boto3: install collective.cfprivate[s3].",
            )
        ) from None
    config = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.session.Session().client(service, region_name=region or None, config=config)


def job_request(
    bucket: str, source: str, *, folder: str, role: str, token: str, about: Mapping[str, str]
) -> dict[str, object]:
    """The parameters of CreateJob for an HLS set of ``source`` in ``folder``, whose master playlist is ``MASTER``."""
    return {
        "ClientRequestToken": token,
        "Role": role,
        "UserMetadata": dict(about),
        "StatusUpdateInterval": "SECONDS_60",
        "Settings": {
            "Inputs": [
                {
                    "FileInput": f"s3://{bucket}/{source}",
                    "AudioSelectors": {"Audio": {"DefaultSelection": "DEFAULT"}},
                    # Telephones write how they were held.
                    "VideoSelector": {"Rotate": "AUTO"},
                    "TimecodeSource": "ZEROBASED",
                }
            ],
            "OutputGroups": [_hls_group(f"s3://{bucket}/{folder}{MASTER.removesuffix('.m3u8')}")],
            "TimecodeConfig": {"Source": "ZEROBASED"},
        },
    }


def job_of(described: Mapping) -> Job:
    """What MediaConvert tells of a job."""
    state = _STATES.get(described.get("Status", ""), JobState.SUBMITTED)
    percent = 100 if state is JobState.DONE else described.get("JobPercentComplete")
    return Job(job_id=described["Id"], state=state, percent=percent, error=described.get("ErrorMessage") or "")


def job_of_event(detail: Mapping) -> Job:
    """What EventBridge tells of a job: the ``detail`` of "MediaConvert Job State Change"."""
    state = _STATES.get(detail.get("status", ""), JobState.SUBMITTED)
    progress = detail.get("jobProgress") or {}
    percent = 100 if state is JobState.DONE else progress.get("jobPercentComplete")
    return Job(job_id=str(detail["jobId"]), state=state, percent=percent, error=str(detail.get("errorMessage") or ""))


def _hls_group(destination: str) -> dict[str, object]:
    return {
        "Name": "HLS",
        "OutputGroupSettings": {
            "Type": "HLS_GROUP_SETTINGS",
            "HlsGroupSettings": {
                "Destination": destination,
                "SegmentLength": SEGMENT_SECONDS,
                "MinSegmentLength": 0,
                "SegmentControl": "SEGMENTED_FILES",
                # One signature covers one folder.
                "DirectoryStructure": "SINGLE_DIRECTORY",
                "ManifestDurationFormat": "FLOATING_POINT",
                "StreamInfResolution": "INCLUDE",
                "CodecSpecification": "RFC_4281",
            },
        },
        "AutomatedEncodingSettings": {
            "AbrSettings": {"MinAbrBitrate": LEAST_BITRATE, "MaxAbrBitrate": MOST_BITRATE, "MaxRenditions": 6}
        },
        "Outputs": [{"NameModifier": "_", **_tracks()}],
    }


def _tracks() -> dict[str, object]:
    video = {
        "RateControlMode": "QVBR",
        "QualityTuningLevel": "MULTI_PASS_HQ",
        "SceneChangeDetect": "TRANSITION_DETECTION",
        "GopSize": GOP_SECONDS,
        "GopSizeUnits": "SECONDS",
    }
    sound = {"Bitrate": AUDIO_BITRATE, "CodingMode": "CODING_MODE_2_0", "SampleRate": 48_000}
    return {
        "ContainerSettings": {"Container": "M3U8"},
        "VideoDescription": {"CodecSettings": {"Codec": "H_264", "H264Settings": video}},
        "AudioDescriptions": [
            {"AudioSourceName": "Audio", "CodecSettings": {"Codec": "AAC", "AacSettings": sound}},
        ],
    }
