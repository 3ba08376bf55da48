"""Ticket sets of a family at each step, for tests that begin there."""

from datetime import datetime
from typing import Any

from onward.apps.cases.models import Consent
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Notice
from onward.apps.people.models import Party
from onward.apps.travel import actions
from onward.apps.travel.models import TicketSet
from tests.apps.travel.ready import Ready, say, usd
from tests.conftest import NOW, World

PAID: dict[str, Any] = {"fare": usd(9_500), "tax": usd(800), "fee": usd(200)}


class Sets:
    """A family's tickets as New York's case worker handles them, at NOW unless said otherwise."""

    def __init__(self, world: World, family: Ready, fund: Fund) -> None:
        self.world, self.family, self.fund = world, family, fund

    def by(self, now: datetime = NOW) -> dict[str, Any]:
        """The case worker, at a moment."""
        return {"actor": self.world.worker, "now": now}

    def say(self, step: Consent.Step, *, is_yes: bool = True, now: datetime = NOW) -> None:
        """The family answers."""
        say(self.family.party, step, is_yes=is_yes, worker=self.world.worker, now=now)

    def held(self) -> TicketSet:
        """Held from the fund."""
        return actions.hold_tickets(self.family.offer.pk, payer=actions.Payer.FUND, fund_id=self.fund.pk, **self.by())

    def bought(self) -> TicketSet:
        """Held, asked, bought."""
        held = self.held()
        return self.buy(held)

    def buy(self, held: TicketSet, now: datetime = NOW) -> TicketSet:
        """Ask and record the purchase of a held set."""
        self.say(Consent.Step.PURCHASE, now=now)
        return actions.record_purchase(held.pk, confirmation=f"ABC{held.pk}", **PAID, **self.by(now))

    def issued(self) -> TicketSet:
        """Held, asked, bought, issued."""
        return actions.issue(self.bought().pk, **self.by())

    def notices(self) -> list[tuple[str, str]]:
        """What places were told, in order: (kind, place)."""
        rows = Notice.objects.filter(ticket_set__party=self.family.party).order_by("pk")
        return list(rows.values_list("kind", "place_id"))

    def party_state(self) -> str:
        """Where the party stands."""
        return Party.objects.get(pk=self.family.party.pk).state

    def books(self) -> dict[str, int]:
        """The fund's balances that are not zero, without what was granted; they must be whole."""
        assert is_balanced()
        return {kind: money.minor for kind, money in balances(self.fund).items() if money.minor and kind != "granted"}
