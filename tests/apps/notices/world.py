"""A receiving place, and tickets to it as rows: what notices are made from."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from onward.apps.accounts.models import Centre
from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.models import Answer as PlainAnswer
from onward.apps.cases.models import Consent, Offer, Wish
from onward.apps.notices.channels import Letter, failed
from onward.apps.notices.outbox import Carrier
from onward.apps.people.models import Known, Party
from onward.apps.places.models import Place, ReceivingPlace
from onward.apps.record.actions import append, case_chain
from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor, ActorKind
from onward.faces.receiver.letter import compose
from tests.conftest import NOW

ARRIVES = datetime(2026, 3, 5, 0, 16, tzinfo=UTC)
"""Wednesday 4 March, 19:16 in Montréal."""


def make_place(key: str = "montreal", **receiving: Any) -> Place:
    """Montréal (or another town on its clock) with a desk that reads English and takes notices as files."""
    place, _ = Place.objects.get_or_create(
        key=key,
        defaults={
            "name": {"montreal": "Montréal"}.get(key, key.title()),
            "names": {"ar": "مونتريال"} if key == "montreal" else {},
            "country": "CA",
            "region": "CA-QC",
            "lat": 45.5,
            "lon": -73.57,
            "zone": "America/Toronto",
        },
    )
    ReceivingPlace.objects.update_or_create(place=place, defaults={"name": f"{place.name} welcome desk", **receiving})
    return place


def make_set(centre: Centre, place: Place, *, heads: int = 4, arrive_at: datetime = ARRIVES, **given: Any) -> TicketSet:
    """An issued ticket set of a new party, as rows, in its centre's scope."""
    with centre_scope(centre.pk):
        party = given.pop("party", None) or make_party(centre, heads)
        wish = Wish.objects.filter(party=party).first() or Wish.objects.create(
            centre=centre, party=party, rank=1, place=place, said_at=NOW
        )
        offer = Offer.objects.create(
            centre=centre,
            party=party,
            wish=wish,
            batch=1,
            position=1,
            place=place,
            journey={},
            depart_at=arrive_at - timedelta(hours=13),
            arrive_at=arrive_at,
            changes=0,
            found_at=NOW,
        )
        facts = {
            "offer": offer,
            "place": place,
            "heads": heads,
            "depart_at": offer.depart_at,
            "arrive_at": arrive_at,
            "state": TicketSet.State.ISSUED,
            "payer": TicketSet.Payer.THEMSELVES,
            "fare_minor": 0,
            "tax_minor": 0,
            "fee_minor": 0,
            "currency": "USD",
            "held_at": NOW,
        }
        return TicketSet.objects.create(centre=centre, party=party, **(facts | given))


@transaction.atomic
def make_party(centre: Centre, heads: int) -> Party:
    """A party as a row, with its chain begun."""
    number = Party.objects.count() + 1
    party = Party.objects.create(
        centre=centre,
        number=number,
        label=f"{centre.key}-{number}",
        arrived_at=NOW,
        heads=heads,
        language="es",
        state=Party.State.TICKETED,
        key_id="k" * 32,
        changed_at=NOW,
    )
    append(case_chain(party.pk), "party.arrived", {}, actor=Actor(ActorKind.OPERATOR, "tests"), now=NOW)
    return party


def change_set(old: TicketSet, **given: Any) -> TicketSet:
    """The set that was issued in place of another."""
    with centre_scope(old.centre_id):
        old.state = TicketSet.State.VOID
        old.save(update_fields=["state"])
    place = given.pop("place", old.place)
    return make_set(old.centre, place, party=old.party, replaces=old, heads=given.pop("heads", old.heads), **given)


def say_needs(party: Party, **answers: Known) -> None:
    """The party's answers to plain questions, by question."""
    for question, answer in answers.items():
        PlainAnswer.objects.update_or_create(
            centre_id=party.centre_id, party=party, question=question, defaults={"answer": answer, "answered_at": NOW}
        )


def say_on_notice(party: Party, is_yes: bool, at: datetime = NOW) -> None:
    """The traveller's word on telling the place."""
    Consent.objects.create(centre_id=party.centre_id, party=party, step=Consent.Step.NOTICE, is_yes=is_yes, given_at=at)


@dataclass
class Pigeon:
    """A channel that keeps what it carried; while `is_lost` it carries nothing."""

    letters: list[Letter] = field(default_factory=list)
    is_lost: bool = False
    tries: int = 0

    def send(self, letter: Letter) -> None:
        self.tries += 1
        if self.is_lost:
            raise failed("mail.unreachable")
        self.letters.append(letter)


def carrier_of(channel: Any, base_url: str = "http://127.0.0.1:8000") -> Carrier:
    """A carrier whose every scheme is this channel."""
    return Carrier(
        {"smtp": channel, "file": channel, "console": channel},
        lambda notice, to: compose(notice, to, base_url=base_url),
    )


def receiver_of(reference: str) -> Actor:
    """The holder of a notice's link."""
    return Actor(ActorKind.RECEIVER, reference)
