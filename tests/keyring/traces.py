"""Traces of a private key in what was written or told."""


def body(pem):
    """The base64 text of a PEM file, without its first and last line."""
    return "".join(pem.splitlines()[1:-1])


def runs(pem):
    """Every run of 40 characters of the base64 text, however its lines are broken."""
    text = body(pem)
    return [text[start : start + 40].encode() for start in range(len(text) - 39)]


def found(pem, haystack):
    """The runs of the key that ``haystack`` holds, as one line or in PEM's lines of 64."""
    joined = haystack.replace(b"\n", b"")
    return [run for run in runs(pem) if run in joined]
