"""The console script ``cfprivate``, which finds the commands of all rooms by entry point."""

from collections.abc import Generator
from collective.cfprivate.cloudfront.errors import CFPrivateError
from contextlib import contextmanager
from importlib.metadata import entry_points

import click
import json
import re


GROUP = "collective.cfprivate.commands"

_AS_JSON = "collective.cfprivate.as_json"
_SIGNATURE = re.compile(r"(Signature=)[^&\s'\"()]+")


class Rooms(click.Group):
    """A group whose commands are entry points of `collective.cfprivate.commands`, loaded when they are called.

    Whatever a command refuses is one line on standard error, or with --json one JSON object on standard output:
    ``{"error": name, "message": text}``. The exit code is 2 for wrong use, as click has it, and 1 for all else. No
    message holds the text of a key or a signature, also where click repeats what it was given.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order; loads none."""
        return sorted({entry_point.name for entry_point in entry_points(group=GROUP)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or one that says what its module lacks."""
        for entry_point in entry_points(group=GROUP, name=cmd_name):
            try:
                return entry_point.load()
            except ImportError as error:
                return _absent(cmd_name, f"cannot be loaded: {error}")
        return None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments of the group; without any, click shows the help."""
        if not args:
            return super().parse_args(ctx, args)
        ctx.meta[_AS_JSON] = "--json" in args
        with _reported(ctx):
            _refuse_key_text(args)
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _reported(ctx):
            return super().invoke(ctx)


def _absent(name: str, reason: str) -> click.Command:
    def refuse() -> None:
        raise click.ClickException(f"The command {name} {reason}")

    anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(name, callback=refuse, short_help=f"({reason})", context_settings=anything)


def _refuse_key_text(args: list[str]) -> None:
    if any("-----BEGIN" in argument for argument in args):
        raise click.UsageError(
            "The text of a key was given as an argument, which other users and the history of the shell can see. "
            "Give a file, - for standard input, or set CFPRIVATE_PRIVATE_KEY."
        )


@contextmanager
def _reported(ctx: click.Context) -> Generator[None, None, None]:
    try:
        yield
    except BrokenPipeError:
        raise  # click ends in silence
    except (CFPrivateError, click.ClickException, OSError) as error:
        _report(error, as_json=ctx.meta[_AS_JSON])
        ctx.exit(getattr(error, "exit_code", 1))


def _report(error: Exception, *, as_json: bool) -> None:
    message = _SIGNATURE.sub(r"\1...", _message(error))
    if as_json:
        _report_as_json(_name(error), message)
    else:
        click.echo(f"Error: {message}", err=True)


def _report_as_json(name: str, message: str) -> None:
    try:
        click.echo(json.dumps({"error": name, "message": message}))
    except BrokenPipeError:
        raise
    except OSError as error:  # of standard output itself, like that of a full disk
        click.echo(f"Error: {error.strerror}", err=True)


def _message(error: Exception) -> str:
    text = error.format_message() if isinstance(error, click.ClickException) else str(error)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        text += f" Try '{error.ctx.command_path} --help'."
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _name(error: Exception) -> str:
    return "UsageError" if getattr(error, "exit_code", 1) == 2 else type(error).__name__


@click.command(cls=Rooms, name="cfprivate")
def main() -> None:
    """Work with protected media: the protocol of CloudFront, and a site that uses it."""
