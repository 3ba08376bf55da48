"""A desk in New York, open, in its scope."""

from collections.abc import Iterator

import pytest

from tests.apps.cases.walking import Desk, at_desk
from tests.conftest import World


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    with at_desk(world) as opened:
        yield opened
