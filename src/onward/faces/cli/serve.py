"""onward serve."""

import typer


def serve() -> None:
    """Serve the desk and do the jobs until Ctrl-C, at 127.0.0.1 and $ONWARD_PORT."""
    from onward.site.environment import read_environment
    from onward.site.serve import serve as keep_serving

    environment = read_environment()
    environment.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep_serving(environment, typer.echo)
