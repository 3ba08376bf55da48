"""What all tests share: guards lifted only for the flush between tests, an open key ring, a small world."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.rows import laid

TOGETHER = ("tests/tools/test_make_demo.py", "tests/site/")
"""Tests that share what takes long to make, a demonstration's world or a house that is served: one process runs each.

pytest-xdist 3.8 keeps groups by a mark in a test's name, which pytest 9 no longer lets it change.
"""

DATABASE = {"db", "transactional_db", "django_db_setup"}
"""Fixtures behind which the database stands."""

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in New York: the moment tests act at unless they say otherwise."""
CHROMIUM = Path("/usr/bin/chromium")
os.environ.setdefault("ONWARD_COMPILED", str(Path(__file__).resolve().parents[1] / "var" / "compiled"))
"""Compiled kernels are shared by all test processes, whatever home each is given."""
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")
"""How long an example takes is nothing a test looks at: a busy machine would fail it."""


def pytest_configure() -> None:
    """Lift the database's guards around the flush between tests, which no product code ever runs."""
    from django.core.management import call_command
    from django.test import TransactionTestCase

    # Playwright leaves an event loop behind in the thread it ran in; without this every later test's database refuses.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

    def flushed(_: Any) -> None:
        from onward.apps.record import guards

        guards.lift()
        try:
            # Django's own would list every model's permissions anew, which Onward has no use for.
            call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
        finally:
            guards.install()

    TransactionTestCase._fixture_teardown = flushed


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch a database: only they are run again on another one."""
    for item in items:
        if DATABASE & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


class Together(LoadScopeScheduling):
    """Gives out tests one by one, those of TOGETHER as one piece."""

    def _split_scope(self, nodeid: str) -> str:
        return next((piece for piece in TOGETHER if nodeid.startswith(piece)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """How tests are given out to processes."""
    return Together(config, log)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be skipped (ONWARD_NOTHING_SKIPPED, as in CI), a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("ONWARD_NOTHING_SKIPPED") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real timetables kept beside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("ONWARD_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not (folder / "gtfs").is_dir():
        pytest.skip(f"not run: the real timetables are not at {folder.name} (set ONWARD_SHARED)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real Chromium, started once a run; the tests that need it skip by name where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("not run: there is no Chromium at /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def key_folder() -> Iterator[Path]:
    """A key ring's folder, made once a run."""
    from onward.core.keys import KeyRing

    with tempfile.TemporaryDirectory(prefix="onward-keys-") as name:
        KeyRing.create(Path(name) / "keys", "a passphrase for tests only")
        yield Path(name) / "keys"


@pytest.fixture(scope="session")
def ring(key_folder: Path) -> Any:
    """An open key ring, handed to the product."""
    from onward.apps.people import sealing
    from onward.core.keys import KeyRing

    opened = KeyRing.open(key_folder, "a passphrase for tests only")
    sealing.hand_in(opened)
    return opened


@dataclass
class World:
    """Two centres with staff, nobody in them yet. actors: "worker", "coordinator", "lead", "auditor" of New York."""

    new_york: Any
    denver: Any
    worker: Any
    coordinator: Any
    lead: Any
    auditor: Any
    denver_worker: Any


PASSWORD = "correct horse battery"  # noqa: S105  (a made-up password for made-up staff)


@pytest.fixture
def world(db: None, ring: Any) -> World:
    """Two centres and their staff."""
    return laid("two centres and their staff", _two_centres)


def lay_places() -> None:
    """The places of data/places.csv, for a fixture to begin with."""
    from onward.apps.places.loading import find_places_file, load_places

    laid("the places of data/places.csv", lambda: load_places(find_places_file()))


def _two_centres() -> World:
    from onward.apps.accounts.actions import add_account, give_role, open_centre
    from onward.apps.accounts.models import Centre
    from onward.apps.accounts.queries import find_actor
    from onward.core.actor import Actor, ActorKind, Role

    operator = Actor(ActorKind.OPERATOR, "tests")

    def centre(key: str, name: str, zone: str) -> Any:
        made = Centre(
            key=key.upper()[:3],
            name=name,
            place_key=key,
            zone=zone,
            currency="USD",
            phone="+1 212 555 0100",
            bed_sentence={"en": "Saying no does not change your bed."},
            bed_sentence_signed_by="The director",
            bed_sentence_signed_on=NOW.date(),
        )
        return open_centre(made, actor=operator, now=NOW)

    def staff(where: Any, role: Role) -> Any:
        email = f"{role.value}@{where.place_key}.example"
        account = add_account(
            email, role.value.replace("_", " ").title(), PASSWORD, language="en", actor=operator, now=NOW
        )
        give_role(account, where, role, actor=operator, now=NOW)
        return find_actor(account, where.pk)

    new_york = centre("new-york", "New York", "America/New_York")
    denver = centre("denver", "Denver", "America/Denver")
    return World(
        new_york,
        denver,
        staff(new_york, Role.CASE_WORKER),
        staff(new_york, Role.COORDINATOR),
        staff(new_york, Role.PROTECTION_LEAD),
        staff(new_york, Role.AUDITOR),
        staff(denver, Role.CASE_WORKER),
    )
