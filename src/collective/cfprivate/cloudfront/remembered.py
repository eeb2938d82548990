"""A bounded memory for results that are dear to make and always the same."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


def remembered(make: Callable[[bytes], str], *, most: int) -> Callable[[bytes], str]:
    """`make`, called once for each argument, with the last `most` results kept.

    Safe to share between threads: where two ask for the same at the same time, one makes it and the other waits.
    What is remembered is read without waiting; the oldest result goes when a new one has no place.
    """
    results: OrderedDict[bytes, str] = OrderedDict()
    lock = Lock()

    def recall(argument: bytes) -> str:
        result = results.get(argument)
        if result is None:
            with lock:
                result = results.get(argument)
                if result is None:
                    result = make(argument)
                    results[argument] = result
                    if len(results) > most:
                        results.popitem(last=False)
        return result

    return recall
