"""New York's desk as the tests of several processes use it, and the interpreter beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from onward.apps.accounts.scopes import centre_scope
from onward.apps.funds.models import Fund
from tests.apps.travel.ready import Ready, make_fund, make_ready
from tests.conftest import World
from tests.faults.process import Call, Stage


def opened_stage(key_folder: Path) -> Iterator[Stage]:
    """The interpreter on the tests' database, for a fixture to yield."""
    stage = Stage(str(connection.settings_dict["NAME"]), key_folder)
    yield stage
    stage.close()


def opened_desk(world: World) -> Iterator["Desk"]:
    """New York's desk, in its scope, for a fixture to yield."""
    with centre_scope(world.new_york.pk):
        yield Desk(world)


class Desk:
    """New York's desk as tests of several processes use it: calls by id, rows read in its scope."""

    def __init__(self, world: World) -> None:
        self.world = world

    def call(self, act: str, **given: Any) -> Call:
        """An act by New York's case worker; point, function and is_after are the call's own."""
        own = {name: given.pop(name) for name in ("point", "function", "is_after") if name in given}
        by = {"centre_id": self.world.new_york.pk, "account_id": self.world.worker.id}
        return Call(act, by | given, **own)

    def ready(self, *, is_accepted: bool = True) -> Ready:
        """A new family whose journey is accepted."""
        return make_ready(self.world.new_york, self.world.worker, is_accepted=is_accepted)

    def fund(self, minor: int = 100_000) -> Fund:
        """A fund with this much granted."""
        return make_fund(self.world.coordinator, minor)
