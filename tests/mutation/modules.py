"""Which tests look at which module of cloudfront/. Its commands are left out."""

#: Survivors of these modules have to be explained: they decide who gets in.
GUARDED = frozenset({
    "cookies",
    "encoding",
    "errors",
    "hashing",
    "host",
    "keys",
    "pem",
    "policy",
    "request",
    "statement",
    "verifier",
    "web_address",
    "wildcard",
})

#: {module: subjects of tests/cloudfront/test_cloudfront_SUBJECT.py}, those first that notice most.
TESTS = {
    "addresses": ["addresses"],
    "boto": ["boto"],
    "cookies": ["cookies"],
    "distribution": ["distribution"],
    "encoding": ["encoding"],
    "errors": ["errors", "verifier"],
    "hashing": ["keys"],
    "host": ["host"],
    "keys": ["keys"],
    "object_key": ["distribution"],
    "pem": ["keys"],
    "playlist": ["playlist"],
    "policy": ["policy", "signer"],
    "reference": ["playlist"],
    "remembered": ["remembered"],
    "request": ["verifier", "cookies", "stream"],
    "signer": ["signer", "cookies", "stream"],
    "statement": ["verifier"],
    "stream": ["stream"],
    "verifier": ["verifier", "cookies", "stream"],
    "web_address": ["signer", "policy", "verifier"],
    "wildcard": ["wildcard"],
}
