"""The account and region in which resources are made, and clients for them."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Found:
    """A resource that is there: its ``attributes`` for others, its ``Ref`` among them, and whether it is as wanted."""

    attributes: dict[str, str]
    as_wanted: bool = True


@dataclass(frozen=True)
class AWS:
    """``name`` takes the place of the stack's; credentials come from boto3's own chain."""

    name: str
    region: str
    _clients: dict = field(default_factory=dict, repr=False, compare=False)

    def client(self, service: str):
        """boto3's client, made once."""
        if service not in self._clients:
            import boto3

            self._clients[service] = boto3.session.Session().client(service, region_name=self.region)
        return self._clients[service]

    @cached_property
    def identity(self) -> dict:
        """Who the credentials belong to."""
        return self.client("sts").get_caller_identity()

    @property
    def pseudo(self) -> dict[str, dict[str, str]]:
        """What CloudFormation gives under names of its own."""
        partition = self.identity["Arn"].split(":")[1]
        values = {
            "AccountId": self.identity["Account"],
            "Partition": partition,
            "Region": self.region,
            "StackName": self.name,
            "URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
        }
        return {f"AWS::{name}": {"Ref": value} for name, value in values.items()}

    def own_name(self, resource: str) -> str:
        """A name for what has none in the template, the same each time."""
        return f"{self.name}-{resource}"

    def bucket_name(self, resource: str) -> str:
        """A name that nobody else in the world has."""
        return f"{self.name}-{resource}-{self.identity['Account']}-{self.region}".lower()


def all_items(answer_for: Callable[..., dict]) -> Iterator[dict]:
    """The items of all pages of one of CloudFront's lists."""
    marker = None
    while True:
        [listed] = [
            value
            for name, value in answer_for(**({"Marker": marker} if marker else {})).items()
            if name != "ResponseMetadata"
        ]
        yield from listed.get("Items", ())
        marker = listed.get("NextMarker")
        if not marker:
            return


def missing(error: Exception, *codes: str) -> bool:
    """Whether a client's error says that something is not there."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return code in {"404", "NoSuchEntity", "ResourceNotFoundException", *codes} or code.startswith("NoSuch")
