"""The console script ``cfprivate``, which finds the commands of all rooms by entry point."""

from collective.cfprivate.cloudfront.errors import CFPrivateError
from importlib.metadata import entry_points

import click


GROUP = "collective.cfprivate.commands"


class Rooms(click.Group):
    """A group whose commands are entry points of `collective.cfprivate.commands`, loaded when they are called."""

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

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error of ours is one line and exit code 1."""
        try:
            return super().invoke(ctx)
        except CFPrivateError as error:
            raise click.ClickException(" ".join(str(error).split())) from None


def _absent(name: str, reason: str) -> click.Command:
    def refuse() -> None:
        raise click.ClickException(f"The command {name} {reason}")

    anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(name, callback=refuse, short_help=f"({reason})", context_settings=anything)


@click.command(cls=Rooms, name="cfprivate")
def main() -> None:
    """Work with protected media: the protocol of CloudFront, and a site that uses it."""
