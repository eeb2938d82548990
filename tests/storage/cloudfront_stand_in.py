"""A CloudFront in memory for what moto lacks, behind a client of boto3 that checks each request by Amazon's own model.

moto 5.2 knows public keys and origin access controls. It has no cache policies and response headers policies, changes no
key group, and forgets the origin access control of a distribution.
"""

from botocore.validate import ParamValidator
from types import SimpleNamespace

import itertools


PLURAL = {
    "KeyGroup": "KeyGroups",
    "CachePolicy": "CachePolicies",
    "ResponseHeadersPolicy": "ResponseHeadersPolicies",
    "Distribution": "Distributions",
}
LISTED = {"Distribution": lambda held: {name: held[name] for name in ("Id", "DomainName")} | held["DistributionConfig"]}


class StandIn:
    """``held`` has the configurations by kind and id; ``calls`` the names of what changed something."""

    def __init__(self, client):
        self.empty()
        self._given = {}
        self._model = client.meta.service_model
        for kind, plural in PLURAL.items():
            for verb, name in (("Create", kind), ("Update", kind), ("Get", kind), ("List", plural)):
                self._register(client, kind, verb, f"{verb}{name}")

    def empty(self):
        """Forget everything."""
        self.held = {kind: {} for kind in PLURAL}
        self.calls = []
        self.refuses = None
        self._ids = itertools.count(1)

    def _register(self, client, kind, verb, operation):
        def given(params, **others):
            self._given = params

        def answer(**others):
            parsed = getattr(self, f"_{verb.lower()}")(kind, self._given)
            return SimpleNamespace(status_code=400 if "Error" in parsed else 200), parsed

        client.meta.events.register(f"before-parameter-build.cloudfront.{operation}", given)
        client.meta.events.register(f"before-call.cloudfront.{operation}", answer)

    def _create(self, kind, given):
        if self.refuses == kind:
            return {"Error": {"Code": "AccessDenied", "Message": "secret things"}, "ResponseMetadata": {}}
        self.calls.append(f"create {kind}")
        identifier = f"E{next(self._ids)}"
        self.held[kind][identifier] = [given[f"{kind}Config"], 1]
        return self._get(kind, {"Id": identifier})

    def _update(self, kind, given):
        config, version = self.held[kind][given["Id"]]
        assert given["IfMatch"] == f"V{version}"
        if kind == "Distribution":
            assert config["CallerReference"] == given["DistributionConfig"]["CallerReference"]
        self.calls.append(f"update {kind}")
        self.held[kind][given["Id"]] = [given[f"{kind}Config"], version + 1]
        return self._get(kind, given)

    def _get(self, kind, given):
        config, version = self.held[kind][given["Id"]]
        return {kind: self._described(kind, given["Id"], config), "ETag": f"V{version}"}

    def _list(self, kind, given):
        everything = [self._described(kind, key, config) for key, (config, _version) in self.held[kind].items()]
        # Two pages, where there are two.
        start = int(given.get("Marker", 0))
        page = everything[start : start + 1]
        more = {"NextMarker": str(start + 1)} if everything[start + 1 :] else {}
        items = [LISTED[kind](each) if kind in LISTED else {kind: each} for each in page]
        return {f"{kind}List": {"Quantity": len(items), "Items": items, **more}}

    def _described(self, kind, identifier, config):
        shape = self._model.shape_for(f"{kind}Config")
        assert not ParamValidator().validate(config, shape).has_errors()
        return {"Id": identifier, "DomainName": f"{identifier.lower()}.cloudfront.net", f"{kind}Config": config}
