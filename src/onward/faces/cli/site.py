"""onward init and onward check: an installation made ready, and looked over."""

import os
from collections.abc import Callable

import typer

UNUSED_STATIC = ["django_htmx"]
"""Static folders of packages that no page uses: htmx is served from static/vendor."""


def set_up() -> None:
    """Set Django up for a command that needs the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onward.site.settings")
    import django

    django.setup()


def init() -> None:
    """Make this folder ready, or bring it up to date: database, key ring, wordings, places, pages, compiled code.

    Changes nothing that is ready already, and needs no network.
    """
    set_up()
    from django.conf import settings
    from django.core.management import call_command

    from onward.apps.places.loading import find_places_file, load_places
    from onward.engines.warm import warm_all
    from onward.site.start import make_ring_if_absent

    home = settings.ENVIRONMENT.home
    if make_ring_if_absent(home):
        typer.echo("Key ring made. Its passphrase is kept nowhere here: without it nothing personal can be read again.")
    call_command("migrate", verbosity=0, interactive=False)
    _compile_wordings()
    loaded = load_places(find_places_file())
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED_STATIC)
    for engine in warm_all():
        typer.echo(f"The {engine} engine could not be compiled ahead of time: its first answer will be slow.", err=True)
    typer.echo(f"Ready in {home.name}: {loaded.added + loaded.changed + loaded.unchanged} places.")


def _compile_wordings() -> None:
    """Bring what gettext reads up to date with the wording files, where one is older or absent."""
    from onward.site.translations import compile_all, list_catalogues

    pairs = [(path, path.with_suffix(".mo")) for path in list_catalogues().values()]
    if any(not made.exists() or made.stat().st_mtime < path.stat().st_mtime for path, made in pairs):
        compile_all()


def check() -> None:
    """Look whether the database's guards stand, every chain of the record is whole, and all books sum to zero."""
    set_up()
    from onward.apps.accounts.scopes import every_centre
    from onward.apps.funds.queries import is_balanced, list_faults
    from onward.apps.record import guards
    from onward.apps.record.queries import list_broken_chains

    with every_centre("the operator checks all centres"):
        faults = [
            *_fault("guards missing in the database", guards.list_missing),
            *_fault("chains of the record broken", list_broken_chains),
            *_fault("books that do not balance", lambda: [] if is_balanced() else [str(one) for one in list_faults()]),
        ]
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo("Guards stand, chains are whole, books balance.")


def _fault(what: str, look: Callable[[], list[str]]) -> list[str]:
    found = look()
    return [f"{what}: {', '.join(found)}"] if found else []
