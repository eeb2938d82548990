"""CloudFront's resources, which have a configuration and an ETag each."""

from .aws import all_items
from .aws import AWS
from .aws import Found
from .values import as_api
from .values import includes
from .values import merged
from botocore import xform_name


# Policies of Amazon's own are listed as well.
_ONLY_CUSTOM = {"CachePolicy": {"Type": "custom"}, "ResponseHeadersPolicy": {"Type": "custom"}}
_PLURAL = {
    "PublicKey": "public_keys",
    "KeyGroup": "key_groups",
    "OriginAccessControl": "origin_access_controls",
    "CachePolicy": "cache_policies",
    "ResponseHeadersPolicy": "response_headers_policies",
    "Distribution": "distributions",
}


class Configured:
    """A kind of resource; ``kind`` is its name in the API, as PublicKey."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def find(self, aws: AWS, resource: str, properties: dict) -> Found | None:
        """The one that has the name of the configuration."""
        client, config = aws.client("cloudfront"), self._wanted(aws, properties)
        found = self._id_of(aws, config)
        if found is None:
            return None
        held = self._call(client, "get", Id=found)[self.kind]
        return Found(attributes=self._attributes(held), as_wanted=self._is_as_wanted(held, config))

    def create(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Make it."""
        config = self._wanted(aws, properties)
        if self.kind == "Distribution":
            config["CallerReference"] = aws.name
        answer = self._call(aws.client("cloudfront"), "create", **{f"{self.kind}Config": config})
        return Found(attributes=self._attributes(answer[self.kind]))

    def update(self, aws: AWS, resource: str, properties: dict) -> Found:
        """Change it to what is wanted; what nobody asked about stays."""
        client, config = aws.client("cloudfront"), self._wanted(aws, properties)
        found = self._id_of(aws, config)
        answer = self._call(client, "get", Id=found)
        whole = merged(answer[self.kind][f"{self.kind}Config"], config)
        answer = self._call(client, "update", Id=found, IfMatch=answer["ETag"], **{f"{self.kind}Config": whole})
        return Found(attributes=self._attributes(answer[self.kind]))

    def _wanted(self, aws: AWS, properties: dict) -> dict:
        model = aws.client("cloudfront").meta.service_model
        return as_api(properties[f"{self.kind}Config"], model.shape_for(f"{self.kind}Config"))

    def _id_of(self, aws: AWS, config: dict) -> str | None:
        client, options = aws.client("cloudfront"), _ONLY_CUSTOM.get(self.kind, {})
        items = all_items(lambda **more: getattr(client, f"list_{_PLURAL[self.kind]}")(**options, **more))
        # Some lists have the resource within each item, and its configuration within that.
        held = (item.get(self.kind, item) for item in items)
        return next((each["Id"] for each in held if self._is_it(aws, each, config)), None)

    def _is_it(self, aws: AWS, held: dict, config: dict) -> bool:
        if self.kind != "Distribution":
            return held.get(f"{self.kind}Config", held)["Name"] == config["Name"]
        # A distribution has no name, but a reference for life, which lists do not tell.
        if _domains(held) != _domains(config):
            return False
        whole = self._call(aws.client("cloudfront"), "get", Id=held["Id"])
        return whole[self.kind][f"{self.kind}Config"]["CallerReference"] == aws.name

    def _is_as_wanted(self, held: dict, config: dict) -> bool:
        # A public key is told by its name, which comes from its fingerprint, and never changes.
        return self.kind == "PublicKey" or includes(held[f"{self.kind}Config"], config)

    def _attributes(self, held: dict) -> dict[str, str]:
        return {"Ref": held["Id"], "Id": held["Id"], "DomainName": held.get("DomainName", "")}

    def _call(self, client, verb: str, **arguments: object) -> dict:
        return getattr(client, xform_name(f"{verb.title()}{self.kind}"))(**arguments)


def _domains(distribution: dict) -> list[str]:
    return [origin["DomainName"] for origin in distribution["Origins"]["Items"]]
