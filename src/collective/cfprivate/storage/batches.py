"""Work on many items, committed some at a time, that a conflict repeats and an interruption ends in good order."""

from ..exceptions import NoSuchObject
from ..exceptions import OtherBytes
from ..exceptions import sentence_of
from ..exceptions import StorageError
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from ZODB.POSException import ConflictError
from ZODB.POSException import POSKeyError
from zope.i18n import translate

import transaction


# How often a batch is done when others change the same at the same time.
ATTEMPTS = 5

CONFLICT = "Somebody else changed the same meanwhile, again and again."
NO_BLOB = "The database does not have the bytes of its file."


class Passed(Exception):
    """The item is left as it is; the first argument is a word of ``skipping.REASONS``."""


@dataclass
class Outcome:
    """What became of the items: each is in one list. ``problem`` is why the rest was not tried."""

    done: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    untried: list = field(default_factory=list)
    problem: str = ""

    def add(self, other: "Outcome") -> None:
        """Take over what was committed."""
        for name in ("done", "skipped", "failed"):
            getattr(self, name).extend(getattr(other, name))
        self.problem = other.problem


def carry_out(
    planned: list, act: Callable, *, size: int, stopped: Callable[[], bool], committed: Callable[[list], object]
) -> Outcome:
    """Do ``act`` with each of ``planned``, which gives what to report; commit whenever ``size`` are done, and at the end.

    A failure of the bucket ends it, after what is done is committed; so does ``stopped()``, asked before each item.
    ``committed`` is told what is in the database.
    """
    outcome, waiting = Outcome(), list(planned)
    while waiting and not outcome.problem and not stopped():
        taken, waiting = waiting[:size], waiting[size:]
        part = _committed(taken, act, stopped)
        committed(part.done)
        outcome.add(part)
        waiting = part.untried + waiting
    outcome.untried = waiting
    return outcome


def _committed(taken: list, act: Callable, stopped: Callable[[], bool]) -> Outcome:
    rest = []
    for _attempt in range(ATTEMPTS):
        try:
            part = _done(taken, act, stopped)
            # What a conflict repeats is what was done: who wants to stop, stops behind it.
            taken, rest, stopped = taken[: len(taken) - len(part.untried)], part.untried + rest, _never
            part.untried = rest
            transaction.commit()
        except ConflictError:
            transaction.abort()
        else:
            return part
    return Outcome(failed=[(each, CONFLICT) for each in taken], untried=rest)


def _done(taken: list, act: Callable, stopped: Callable[[], bool]) -> Outcome:
    part = Outcome()
    for number, planned in enumerate(taken):
        if part.problem or stopped():
            part.untried = taken[number:]
            break
        _do(planned, act, part)
    return part


def _do(planned, act: Callable, part: Outcome) -> None:
    try:
        done = act(planned)
    except Passed as passed:
        part.skipped.append((planned, passed.args[0]))
    except (NoSuchObject, OtherBytes) as error:
        part.failed.append((planned, translate(sentence_of(error))))
    except StorageError as error:
        part.problem = translate(sentence_of(error))
        part.failed.append((planned, part.problem))
    except POSKeyError:
        part.failed.append((planned, NO_BLOB))
    else:
        part.done.append(done)


def _never() -> bool:
    return False
