"""Options that several commands share, and the types of their values."""

from collections.abc import Callable
from functools import wraps

import click
import re
import time


LIFETIME = 3600

_DIGITS = re.compile(r"[0-9]{1,19}")


class Command(click.Command):
    """A command that repeats no surplus argument: it may be a secret."""

    allow_extra_args = True

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, unless there are more arguments than it has."""
        if ctx.args:
            raise click.UsageError("There are too many arguments. Quote a URL or pattern that holds & ? * or blanks.")
        return super().invoke(ctx)


class Choice(click.Choice):
    """A choice of click's whose messages do not repeat the value."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The one of the choices that `value` is."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"wanted {' or '.join(self.choices)}.", param, ctx)


class WholeSeconds(click.ParamType):
    """A whole number of seconds in plain digits, `least` or more; its messages do not repeat the value."""

    name = "seconds"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, of at most 19 digits."""
        if not _DIGITS.fullmatch(value) or int(value) < self.least:
            self.fail(f"wanted whole seconds in plain digits, {self.least} or more.", param, ctx)
        return int(value)


class Pair(click.ParamType):
    """Two texts with ``=`` between them, like ID=FILE; its messages do not repeat the value."""

    name = "pair"

    def __init__(self, form: str) -> None:
        self.form = form

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """What is before and behind the first ``=``."""
        left, sign, right = value.partition("=")
        if not left or not sign:
            self.fail(f"wanted {self.form}.", param, ctx)
        return left, right


def unique(pairs: tuple[tuple[str, str], ...], *, option: str) -> dict[str, str]:
    """The pairs of a repeated `option` as a dictionary; click.UsageError if a name is there twice."""
    if len(dict(pairs)) < len(pairs):
        raise click.UsageError(f"Two {option} have the same name. Give each once.")
    return dict(pairs)


def policy_options(function: Callable) -> Callable:
    """Add --lifetime, --expires, --starts and --ip.

    `function` gets `conditions`: the keyword arguments expires, starts and ip of `Policy`.
    """

    @click.option(
        "--lifetime", type=WholeSeconds(least=1), metavar="S", help=f"Valid for S seconds from now; {LIFETIME} if none."
    )
    @click.option("--expires", type=WholeSeconds(), metavar="EPOCH", help="Valid until then, in epoch seconds.")
    @click.option("--starts", type=WholeSeconds(), metavar="EPOCH", help="Not valid before then, in epoch seconds.")
    @click.option("--ip", metavar="CIDR", help="For this IPv4 address or network only, like 192.0.2.0/24.")
    @wraps(function)
    def with_conditions(
        lifetime: int | None, expires: int | None, starts: int | None, ip: str | None, **others: object
    ) -> object:
        conditions = {"expires": _expires(lifetime, expires), "starts": starts, "ip": ip}
        return function(conditions=conditions, **others)

    return with_conditions


def json_option(function: Callable) -> Callable:
    """Add --json; `function` gets `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object, also for an error.")(function)


def _expires(lifetime: int | None, expires: int | None) -> int:
    if lifetime is not None and expires is not None:
        raise click.UsageError("--lifetime and --expires both say when it ends. Give one of them.")
    return int(time.time()) + (lifetime or LIFETIME) if expires is None else expires
