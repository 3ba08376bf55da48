"""A fund of New York with a hundred dollars."""

from collections.abc import Iterator

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.funds.actions import grant, open_fund
from onward.apps.funds.models import Fund
from onward.core.money import Money
from tests.conftest import NOW, World


@pytest.fixture
def fund(world: World) -> Iterator[Fund]:
    with centre_scope(world.new_york.pk):
        opened = open_fund("City", "City of New York", "USD", {}, actor=world.coordinator, now=NOW)
        grant(opened.pk, Money(10_000, "USD"), cause="letter 1", actor=world.coordinator, now=NOW)
        yield opened
