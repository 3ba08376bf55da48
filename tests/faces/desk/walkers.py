"""Parties at the money end of the walk, over demonstration timetables: offered, chosen, held, bought, issued."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from onward.apps.cases.actions import (
    begin_interview,
    decide,
    find_offers,
    record_consent,
    record_obligation,
    record_wish,
)
from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.funds.actions import grant, open_fund
from onward.apps.funds.models import Fund
from onward.apps.people.actions import arrive, describe_person, explain, record_contact
from onward.apps.people.models import AgeBand, Explanation, Known, Party
from onward.apps.places.models import CapacityStatement, Place, ReceivingPlace
from onward.apps.travel.actions import hold_tickets, issue, record_purchase
from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor
from onward.core.money import Money

FAMILY = (AgeBand.ADULT, AgeBand.ADULT, AgeBand.CHILD)
OPEN = {str(weekday): ["08:00", "20:00"] for weekday in range(1, 8)}
_numbers = itertools.count(1)


def make_desks(at: datetime) -> None:
    """Chicago, Atlanta and Montréal receive from eight to eight; Chicago has said it has no room."""
    for key in ("chicago", "atlanta", "montreal"):
        place = Place.objects.get(pk=key)
        ReceivingPlace.objects.update_or_create(
            place=place,
            defaults={
                "name": f"{place.name} welcome desk",
                "hours": OPEN,
                "phone": "+1 312 555 0144",
                "street_address": "1 Example Street",
                "notice_address": "file:",
            },
        )
    CapacityStatement.objects.create(
        place_id="chicago", code="cannot", words="Full until Friday.", said_at=at - timedelta(days=3), said_by="desk"
    )


def make_fund(
    coordinator: Actor, at: datetime, *, name: str = "City fund", rules: dict[str, object] | None = None
) -> Fund:
    """A fund with ten thousand dollars."""
    fund = open_fund(name, "City of New York", "USD", rules or {}, actor=coordinator, now=at)
    grant(fund.pk, Money(1_000_000, "USD"), cause=f"letter {next(_numbers)}", actor=coordinator, now=at)
    return fund


@dataclass
class Walk:
    """A party taken step by step by one worker, now."""

    worker: Actor
    party: Any = None

    @property
    def at(self) -> datetime:
        """The present: pages read the clock themselves."""
        return datetime.now(UTC)

    @property
    def by(self) -> dict[str, Any]:
        """Who acts and when."""
        return {"actor": self.worker, "now": self.at}

    def interview(self, wishes: Sequence[str], *, language: str = "es", bands: Sequence[str] = FAMILY) -> Party:
        """Arrived, explained, described, with wishes by place key ("" for words nobody can place)."""
        self.party = arrive(len(bands), language, **self.by)
        party = self.party
        explain(party.pk, language=language, interpreter=Explanation.Interpreter.STAFF, **self.by)
        begin_interview(party.pk, **self.by)
        for position, band in enumerate(bands, start=1):
            describe_person(
                party.pk,
                position,
                name=f"Rosa Núñez {position}",
                birth_year=None,
                age_band=band,
                is_guardian=Known.YES if band == AgeBand.ADULT else Known.NO,
                **self.by,
            )
        for rank, key in enumerate(wishes, start=1):
            record_wish(party.pk, rank, words=f"wish {rank}: somewhere warm", place_key=key or None, **self.by)
        return self.party

    def meet(self) -> None:
        """A contact who agreed and a hearing in three weeks."""
        record_contact(
            self.party.pk,
            place_key="chicago",
            name="Tía Luz",
            phone="+1 312 555 0177",
            address="22 Example Avenue, Chicago",
            state="agreed",
            **self.by,
        )
        record_obligation(
            self.party.pk,
            kind="hearing",
            on=(self.at + timedelta(days=21)).date(),
            place_key="new-york",
            place_words="26 Federal Plaza, New York",
            person_id=None,
            **self.by,
        )

    def offers(self, *, days: int = 1) -> list[Offer]:
        """Journeys found over the timetables handed in, leaving from `days` ahead."""
        return find_offers(self.party.pk, earliest_on=(self.at + timedelta(days=days)).date(), **self.by)

    def accept(self, offer: Offer) -> None:
        """The party takes this journey and says yes to its purchase."""
        decide(self.party.pk, Decision.Kind.ACCEPT, offer_id=offer.pk, **self.by)
        for step in (Consent.Step.PURCHASE, Consent.Step.NOTICE):
            record_consent(self.party.pk, step, is_yes=True, **self.by)

    def hold(self, offer: Offer, fund: Fund | None) -> TicketSet:
        """Held at the offer's price."""
        self.accept(offer)
        payer = TicketSet.Payer.FUND if fund else TicketSet.Payer.RELATIVE
        return hold_tickets(offer.pk, payer=payer, fund_id=fund.pk if fund else None, **self.by)

    def buy(self, ticket_set: TicketSet) -> TicketSet:
        """Bought at the price held."""
        prices = {
            name: Money(getattr(ticket_set, f"{name}_minor"), ticket_set.currency) for name in ("fare", "tax", "fee")
        }
        return record_purchase(ticket_set.pk, confirmation=f"ABC{ticket_set.pk}", **prices, **self.by)

    def issue(self, offer: Offer, fund: Fund | None) -> TicketSet:
        """Held, bought, issued."""
        return issue(self.buy(self.hold(offer, fund)).pk, **self.by)


def first_open(offers: Sequence[Offer], place_key: str = "chicago") -> Offer:
    """The first journey to a place that is not withheld and has a price."""
    return next(one for one in offers if one.place_id == place_key and not one.withheld and one.fare_minor is not None)
