"""The entry of the command line: a list of commands, each in a module of its own, and how errors are said.

Modules named here import Django inside their functions, if at all, so that `onward journey` starts without it.
"""

import sys

import typer

from onward.core.errors import BadInput, OnwardError
from onward.faces.cli import fare, feed, flow, journey, serve, site

app = typer.Typer(
    name="onward",
    help="Onward: from the interview to the arrival.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(feed.app, name="feed")
app.add_typer(fare.app, name="fare")
app.add_typer(flow.app, name="flow")
app.command("journey")(journey.find_journeys)
app.command("init")(site.init)
app.command("serve")(serve.serve)
app.command("check")(site.check)

CANNOT_USE, FAILED = 2, 1


def run() -> None:
    """Run the command line. What a person must be told is one plain sentence on standard error.

    Leaves with 2 where what was given cannot be used, 1 where something else failed.
    """
    try:
        app()
    except OnwardError as error:
        typer.echo(str(error), err=True)
        sys.exit(CANNOT_USE if isinstance(error, BadInput) else FAILED)
    except BrokenPipeError:
        sys.exit(FAILED)
