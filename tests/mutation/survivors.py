"""The changes of cloudfront/ that no test can notice, each with the reason. `run.py` compares them with what survives."""

ONLY_ONE = "There is exactly one: another number was refused before."
ONLY_SPEED = "The result is the same, only not as soon."
NEVER_LONGER = "A dictionary is never longer than the pairs that it was made of."
FIRST_PIECE = "Only the first piece is looked at, which is the same however often the rest is split."
ENDS_SO = "A path that ends in /* has * alone for its wildcards: the second condition holds the first."
NEGATIVE = "Any negative number is no index of a text."
IN_FOURS = "Base64 comes in fours: the longest cookie has 4094 bytes, CloudFront-Policy= with it, and the next 4098."
EITHER = "A symbol is a character or any character, never both: the two have no bit in common."

#: {(module, function, lines taken out, lines put in): why this cannot be noticed}
EXPLAINED = {
    (
        "cookies",
        "",
        "LONGEST_COOKIE = 4096",
        "LONGEST_COOKIE = 4095",
    ): IN_FOURS,
    (
        "cookies",
        "",
        "LONGEST_COOKIE = 4096",
        "LONGEST_COOKIE = 4097",
    ): IN_FOURS,
    (
        "encoding",
        "decode",
        "data = base64.b64decode(text.translate(_FROM_CLOUDFRONT), validate=True)",
        "data = base64.b64decode(text.translate(_FROM_CLOUDFRONT), validate=False)",
    ): "What is spelled with foreign characters is not what is written for its bytes, and refused by the next line.",
    (
        "host",
        "",
        "@lru_cache(maxsize=1024)",
        "",
    ): ONLY_SPEED,
    (
        "host",
        "",
        "@lru_cache(maxsize=1024)",
        "@lru_cache(maxsize= 1023)",
    ): ONLY_SPEED,
    (
        "host",
        "",
        "@lru_cache(maxsize=1024)",
        "@lru_cache(maxsize= 1025)",
    ): ONLY_SPEED,
    (
        "keys",
        "_passphrase",
        'secret = _bytes(passphrase or b"")',
        "secret = _bytes(passphrase)",
    ): "None, too, is false and becomes None at the end.",
    (
        "keys",
        "check_key_id",
        "if not isinstance(key_id, str) or not 0 < len(key_id) <= 128:",
        "if not isinstance(key_id, str) or not 0 != len(key_id) <= 128:",
    ): "No length is negative.",
    (
        "keys",
        "generate",
        "return cls._wrap(rsa.generate_private_key(public_exponent=65537, key_size=2048), key_id)",
        "return cls._wrap(rsa.generate_private_key(public_exponent=65537, key_size= 2049), key_id)",
    ): "Asked for 2049 bits, OpenSSL makes a key of 2048: two primes of 1024.",
    (
        "keys",
        "signing",
        'if self.algorithm == "RSA":',
        'if self.algorithm >= "RSA":',
    ): "The only other algorithm is EC, which is sorted before.",
    (
        "pem",
        "_only_block",
        "if blocks[0][1] not in labels:",
        "if blocks[ -1][1] not in labels:",
    ): ONLY_ONE,
    (
        "pem",
        "_only_block",
        "if len(blocks) > 1:",
        "if len(blocks) != 1:",
    ): "None at all was refused before.",
    (
        "pem",
        "_only_block",
        'raise InvalidKey(f"Found {_kind(blocks[0][1])}, wanted {wanted}.")',
        'raise InvalidKey(f"Found {_kind(blocks[ -1][1])}, wanted {wanted}.")',
    ): ONLY_ONE,
    (
        "pem",
        "_only_block",
        'return blocks[0][0].encode("ascii") + b"\\n"',
        'return blocks[ -1][0].encode("ascii") + b"\\n"',
    ): ONLY_ONE,
    (
        "pem",
        "_only_block",
        'return blocks[0][0].encode("ascii") + b"\\n"',
        'return blocks[0][0].encode("ascii") + b"X"',
    ): "The parser does not look at what is behind the last dash. A PEM file ends its lines, so this one does.",
    (
        "policy",
        "_is_prefix",
        'return "*" in wildcards and not (wildcards == "*" and path.endswith("/*"))',
        'return "*" in wildcards and not ( path.endswith("/*"))',
    ): ENDS_SO,
    (
        "policy",
        "_is_prefix",
        'return "*" in wildcards and not (wildcards == "*" and path.endswith("/*"))',
        'return "*" in wildcards and not (wildcards <= "*" and path.endswith("/*"))',
    ): ENDS_SO,
    (
        "policy",
        "_is_prefix",
        'return "*" in wildcards and not (wildcards == "*" and path.endswith("/*"))',
        'return "*" in wildcards and not (wildcards >= "*" and path.endswith("/*"))',
    ): ENDS_SO,
    (
        "policy",
        "ends_in_a_prefix",
        "return any(_is_prefix(mark.split(resource, maxsplit=1)[0]) for mark in (_MARK, _WRITTEN_MARK))",
        "return any(_is_prefix(mark.split(resource, maxsplit= 0)[0]) for mark in (_MARK, _WRITTEN_MARK))",
    ): FIRST_PIECE,
    (
        "policy",
        "ends_in_a_prefix",
        "return any(_is_prefix(mark.split(resource, maxsplit=1)[0]) for mark in (_MARK, _WRITTEN_MARK))",
        "return any(_is_prefix(mark.split(resource, maxsplit= 2)[0]) for mark in (_MARK, _WRITTEN_MARK))",
    ): FIRST_PIECE,
    (
        "policy",
        "statement",
        "return canned_statement(self.resource, self.expires)  # the same, sooner",
        "pass  # the same, sooner",
    ): ONLY_SPEED,
    (
        "request",
        "_read_reserved",
        'require(len(parameters) == len(pairs), "a parameter of CloudFront\'s is doubled")',
        'require(len(parameters) >= len(pairs), "a parameter of CloudFront\'s is doubled")',
    ): NEVER_LONGER,
    (
        "request",
        "signature",
        'return _decode(self.parameters.get("Signature", ""), "MalformedSignature", "the signature")',
        'return _decode(self.parameters.get("Signature", "X"), "MalformedSignature", "the signature")',
    ): "One character is no base64, and refused as an empty text is.",
    (
        "statement",
        "_canonical",
        'if digits.startswith("-") or len(digits) > len(str(LATEST)):',
        'if digits.startswith("-"):',
    ): "A longer number is over LATEST, and refused where it is read. This spares its conversion, which may be slow.",
    (
        "statement",
        "_only_statement",
        '_require(isinstance(statements[0], dict), "its statement is no object")',
        '_require(isinstance(statements[ -1], dict), "its statement is no object")',
    ): ONLY_ONE,
    (
        "statement",
        "_only_statement",
        '_require(statements[0].keys() <= {"Resource", "Condition"}, "its statement holds something unknown")',
        '_require(statements[ -1].keys() <= {"Resource", "Condition"}, "its statement holds something unknown")',
    ): ONLY_ONE,
    (
        "statement",
        "_only_statement",
        "return statements[0]",
        "return statements[ -1]",
    ): ONLY_ONE,
    (
        "statement",
        "_read_condition",
        'if name == "IpAddress":',
        'if name >= "IpAddress":',
    ): "The other names are DateLessThan and DateGreaterThan, which are sorted before.",
    (
        "statement",
        "_unique",
        "if len(dict(pairs)) < len(pairs):",
        "if len(dict(pairs)) != len(pairs):",
    ): NEVER_LONGER,
    (
        "verifier",
        "_check_window",
        'require(type(now) in {int, float} and 0 <= now < math.inf, "now is no time in epoch seconds")',
        'require(type(now) in {int, float} and 0 <= now != math.inf, "now is no time in epoch seconds")',
    ): "Of the numbers from 0 on, only infinity is not below infinity.",
    (
        "verifier",
        "_verify",
        'require(request.canned or covers(policy.resource, request.resource), "the policy is for another resource")',
        'require( covers(policy.resource, request.resource), "the policy is for another resource")',
    ): "The resource of a canned policy is made from the request, and each URL with a host covers itself.",
    (
        "wildcard",
        "_sections",
        'protocol, rest = ("*" if resource.startswith("*") else ""), resource',
        'protocol, rest = ("*" if resource.startswith("*") else "X"), resource',
    ): "No URL has the protocol X, as none has an empty one.",
    (
        "wildcard",
        "matches",
        "def matches(self, text: str, border: int = -1) -> bool:",
        "def matches(self, text: str, border: int = - 2) -> bool:",
    ): NEGATIVE,
    (
        "wildcard",
        "matches",
        "def matches(self, text: str, border: int = -1) -> bool:",
        "def matches(self, text: str, border: int = ~1) -> bool:",
    ): NEGATIVE,
    (
        "wildcard",
        "matches",
        "return bool(states & self._end)",
        "return bool(states // self._end)",
    ): "No state is beyond the end: the quotient is 1 where the bit of the end is set, else 0.",
    (
        "wildcard",
        "matches",
        "steps = states & (self._literals.get(character, 0) | self._anything)",
        "steps = states & (self._literals.get(character, 0) + self._anything)",
    ): EITHER,
    (
        "wildcard",
        "matches",
        "steps = states & (self._literals.get(character, 0) | self._anything)",
        "steps = states & (self._literals.get(character, 0) ^ self._anything)",
    ): EITHER,
}
