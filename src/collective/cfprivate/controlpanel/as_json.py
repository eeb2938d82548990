"""The status and the lines of a self-test in builtin types, for REST clients and the command line."""

from ..keyring.ring import KeyDescription
from ..selftest.line import Line
from .status import Status
from collections.abc import Sequence
from dataclasses import asdict
from zope.i18n import translate


def status_as_json(status: Status, request=None) -> dict:
    """``configured``, sentences (``upgrade`` or None), keys by slot, and the keys that have to stay trusted; times in epoch seconds."""
    return {
        "configured": not status.problems,
        "problems": _sentences(status.problems, request),
        "upgrade": None if status.upgrade is None else translate(status.upgrade, context=request),
        "notes": _sentences(status.notes, request),
        "keys": {"active": _key(status.key), "next": _key(status.next_key), "previous": _key(status.previous_key)},
        "retired": [asdict(key) for key in status.retired],
        "local": status.local,
        "outside": status.outside,
    }


def _sentences(messages: Sequence, request) -> list[str]:
    return [translate(message, context=request) for message in messages]


def _key(key: KeyDescription | None) -> dict | None:
    return None if key is None else asdict(key)


def lines_as_json(lines: Sequence[Line], request=None) -> dict:
    """``passed`` where no line failed, and the lines: name, outcome, title, message, setting."""
    return {
        "passed": all(line.outcome != "failed" for line in lines),
        "lines": [_line(line, request) for line in lines],
    }


def _line(line: Line, request) -> dict:
    texts = {name: translate(getattr(line, name), context=request) for name in ("title", "message", "setting")}
    return {"name": line.name, "outcome": line.outcome, **texts}
