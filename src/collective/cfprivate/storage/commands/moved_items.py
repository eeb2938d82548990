"""What the commands that move files tell: a plan, or what became of it, in lines or as JSON."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

import click
import signal
import sys


_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_text(size: int) -> str:
    """Bytes for people, like ``12.3 MB``: units of 1000."""
    number, units = float(size), list(_UNITS)
    while number >= 1000 and len(units) > 1:
        number, units = number / 1000, units[1:]
    return f"{number:.0f} {units[0]}" if units[0] == "bytes" else f"{number:.1f} {units[0]}"


def plan_data(plan, reasons: dict[str, str]) -> dict[str, object]:
    """A plan for JSON."""
    return _data(plan.to_do, plan.skipped, reasons) | {"dry_run": True}


def outcome_data(plan, outcome, reasons: dict[str, str]) -> dict[str, object]:
    """What became of a plan, for JSON."""
    skipped = [*plan.skipped, *((planned.path, reason) for planned, reason in outcome.skipped)]
    return _data(outcome.done, skipped, reasons) | {
        "dry_run": False,
        "failed": [{"path": planned.path, "message": message} for planned, message in outcome.failed],
        "not_tried": [planned.path for planned in outcome.untried],
        "problem": outcome.problem or None,
    }


def lines_of(told: dict, *, word: str, roles: str) -> list[str]:
    """The lines for people; ``word`` is what is done with an item, ``roles`` the words before roles that view only."""
    items = [line for each in told["items"] for line in _item_lines(each, word, roles)]
    skipped = [f"skipped   {each['path']}: {each['message']}" for each in told["skipped"]]
    failed = [f"failed    {each['path']}: {each['message']}" for each in told["failed"]]
    not_tried = [f"not tried {path}" for path in told["not_tried"]]
    return [*items, *skipped, *failed, *not_tried, *_summary(told, word)]


def printable(line: str) -> str:
    """What stands in the site cannot move the cursor of a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in line)


@contextmanager
def bar(length: int, label: str) -> Generator[Callable[[int], None], None, None]:
    """A progress bar of bytes, with the time that is left, on standard error; gives what to call with each step."""
    lock, done = Lock(), 0
    options = {"file": sys.stderr, "show_eta": True, "item_show_func": lambda text: text}
    with click.progressbar(length=length, label=label, **options) as shown:
        # boto3 calls it from several threads.
        def step(size: int) -> None:
            nonlocal done
            with lock:
                done += size
                shown.update(size, f"{size_text(done)} of {size_text(length)}")

        yield step


@contextmanager
def interruptible() -> Generator[Callable[[], bool], None, None]:
    """Gives a function that says whether Ctrl-C was pressed; pressed again, it ends the command at once."""
    asked = []

    def ask(*_of_signal: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)
        click.echo("\nThe present item is finished and kept; press Ctrl-C again to give that up.", err=True)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _data(items: list, skipped: list, reasons: dict[str, str]) -> dict[str, object]:
    return {
        "items": [
            {"path": each.path, "size": each.size, "key": each.key, "roles_that_only_view": list(each.roles)}
            for each in items
        ],
        "bytes": sum(each.size for each in items),
        "skipped": [{"path": path, "reason": reason, "message": reasons[reason]} for path, reason in skipped],
        "failed": [],
        "not_tried": [],
        "problem": None,
    }


def _item_lines(item: dict, word: str, roles: str) -> list[str]:
    line = f"{word:9} {item['path']} ({size_text(item['size'])}) as {item['key']}"
    only_view = item["roles_that_only_view"]
    return [line, f"{'':9} {roles} {', '.join(only_view)}"] if only_view else [line]


def _summary(told: dict, word: str) -> list[str]:
    done = f"{len(told['items'])} {word} ({size_text(told['bytes'])})"
    others = [f"{len(told[name])} {name.replace('_', ' ')}" for name in ("failed", "not_tried") if told[name]]
    reasons = Counter(each["reason"] for each in told["skipped"])
    skipped = f"{len(told['skipped'])} skipped" + (f" ({_counted(reasons)})" if reasons else "")
    nothing = " Nothing was changed: this is what --do would do." if told["dry_run"] else ""
    return [f"{', '.join([done, skipped, *others])}.{nothing}"]


def _counted(reasons: Counter) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
