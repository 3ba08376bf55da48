"""New York's scope, a fund with a thousand dollars, a family of three whose journey is accepted."""

from collections.abc import Iterator

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.funds.models import Fund
from tests.apps.travel.ready import Ready, lay_ready, make_fund
from tests.apps.travel.ready_sets import Sets
from tests.conftest import World


@pytest.fixture
def new_york(world: World) -> Iterator[World]:
    with centre_scope(world.new_york.pk):
        yield world


@pytest.fixture
def fund(new_york: World) -> Fund:
    return make_fund(new_york.coordinator)


@pytest.fixture
def family(new_york: World) -> Ready:
    return lay_ready(new_york.new_york, new_york.worker)


@pytest.fixture
def sets(new_york: World, family: Ready, fund: Fund) -> Sets:
    return Sets(new_york, family, fund)
