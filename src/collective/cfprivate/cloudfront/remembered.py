"""A bounded memory for results that are dear to make and always the same."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Remembered:
    """`make`, called once for each argument, with the last `most` results kept.

    Safe to share between threads: where two ask for the same at the same time, one makes it and the other waits.
    What is remembered is read without waiting; the oldest result goes when a new one has no place.
    """

    def __init__(self, make: Callable[[bytes], str], *, most: int) -> None:
        self._make = make
        self._most = most
        self._results: OrderedDict[bytes, str] = OrderedDict()
        self._lock = Lock()

    def __call__(self, argument: bytes) -> str:
        return self._results.get(argument) or self._make_once(argument)

    def _make_once(self, argument: bytes) -> str:
        with self._lock:
            if argument not in self._results:
                result = self._make(argument)
                if len(self._results) >= self._most:
                    self._results.popitem(last=False)
                self._results[argument] = result
            return self._results[argument]
