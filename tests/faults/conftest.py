"""An interpreter on the tests' database, and a desk whose families other processes act on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import World
from tests.faults.desk import Desk, opened_desk, opened_stage
from tests.faults.process import Stage


@pytest.fixture(scope="session")
def stage(django_db_setup: None, key_folder: Path) -> Iterator[Stage]:
    """Started once a run."""
    yield from opened_stage(key_folder)


@pytest.fixture
def desk(transactional_db: None, world: World) -> Iterator[Desk]:
    """What it writes is committed."""
    yield from opened_desk(world)
