"""How often a path of the site is answered, by the seconds that the server's processor works for it."""

from statistics import median
from time import perf_counter


# Pages of one slice whose places of viewlets are timed.
PAGES = 3


def answers(visitor, path, *, status=200):
    """The `rate` of the answers: of them all, so also what Zope's server does before and after the publication."""

    def rate(seconds):
        end, began, count = perf_counter() + seconds, visitor.cpu_seconds(), 0
        while True:
            answer, count = visitor.get(path, [status]), count + 1
            if perf_counter() >= end:
                return count / (float(answer.getheader("CPU-Seconds")) - began)

    return rate


def viewlets(visitor, path):
    """The `rate` of the timed places of a page, both once in each page."""

    def rate(_seconds):
        return 1 / median(float(visitor.get(path, [200]).getheader("Viewlet-Seconds")) for _ in range(PAGES))

    return rate
