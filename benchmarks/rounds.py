"""An interleaved run: in each round every contender works for a short while, in an order drawn anew.

What slows the machine for a second slows all of a round. So contenders are compared within each round, and the median of
these comparisons is told. Seconds are those of the processor, lest other programs be counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from time import perf_counter
from time import process_time

import random


@dataclass(frozen=True)
class Contender:
    """Something that is timed, in one round of `every`.

    `rate` works for about as many seconds as it is given, and returns its calls per second of the processor.
    """

    name: str
    rate: Callable
    every: int = 1


def repeat(call, arguments):
    """The `rate` of a function of one argument; the arguments come in turn, over and over."""
    source = cycle(arguments)

    def rate(seconds):
        end, used, count = perf_counter() + seconds, process_time(), 0
        while perf_counter() < end:
            call(next(source))
            count += 1
        return count / (process_time() - used)

    return rate


class Run:
    """What was measured: `rates` is {name of a contender: {number of a round: calls per second}}."""

    def __init__(self, contenders, *, rounds, seconds):
        self.rates = {contender.name: {} for contender in contenders}
        for contender in contenders:
            contender.rate(seconds)  # fills caches, and is not told
        for number in range(rounds):
            taking_part = [contender for contender in contenders if number % contender.every == 0]
            for contender in random.sample(taking_part, len(taking_part)):
                self.rates[contender.name][number] = contender.rate(seconds)

    def rate(self, name):
        """The median of a contender's calls per second."""
        return median(self.rates[name].values())

    def median(self, value, *names):
        """The median of what `value` makes of these contenders' rates, over the rounds in which all took part."""
        taken = [self.rates[name] for name in names]
        numbers = set.intersection(*map(set, taken))
        return median(value(*(rates[number] for rates in taken)) for number in numbers)

    def ratio(self, name, other):
        """How many times as fast as `other` a contender is."""
        return self.median(lambda mine, others: mine / others, name, other)
