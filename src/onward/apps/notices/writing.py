"""How a notice comes to be: its facts gathered, its row and outbox row written, the earlier one replaced.

Rows of this app are locked after the case's chain head: acts on tickets append to the record before and after they
tell, so the head comes first in every act here (`lock_case`), and no two acts wait for each other.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from onward.apps.notices.models import Delivery, Notice
from onward.apps.notices.queries import list_needs
from onward.apps.notices.rules import STANDING_KINDS, Facts, arrival_window, link_end
from onward.apps.people.models import Known
from onward.apps.places.queries import find_receiving
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.apps.record.models import Head
from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor
from onward.core.errors import BrokenPromise, message

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""Of references: no vowels, so that none spells a word; no 0, 1, O or I, which are heard and read as each other."""
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice about to be written."""

    ticket_set: TicketSet
    kind: Notice.Kind
    facts: Facts


def lock_case(party_id: int) -> str:
    """Take the lock of a case's chain, before any row of this app; returns the chain's name."""
    chain = case_chain(party_id)
    Head.objects.select_for_update().filter(chain=chain).first()
    return chain


def gather(ticket_set: TicketSet) -> Facts:
    """What a place is told of a set, from the tickets and the party's answers to three plain questions."""
    day, hour = arrival_window(ticket_set.arrive_at, ticket_set.place.zone)
    needs = list_needs(ticket_set.party_id)
    return Facts(
        day=day,
        window_start_h=hour,
        heads=ticket_set.heads,
        bed_tonight=needs["bed_on_arrival"],
        unit_sizes=(ticket_set.heads,),
        step_free=needs["step_free"],
        interpreter=needs["interpreter"],
    )


def facts_of(notice: Notice) -> Facts:
    """What a notice told."""
    return Facts(
        day=notice.day,
        window_start_h=notice.window_start_h,
        heads=notice.heads,
        bed_tonight=Known(notice.bed_tonight),
        unit_sizes=tuple(notice.unit_sizes),
        step_free=Known(notice.step_free),
        interpreter=Known(notice.interpreter),
    )


def find_standing(ticket_set: TicketSet) -> Notice | None:
    """What the place of a set expects because of it, or because of one it was changed from; None where nothing."""
    earlier = [ticket_set.pk]
    replaces = ticket_set.replaces_id
    while replaces is not None:
        earlier.append(replaces)
        replaces = TicketSet.objects.values_list("replaces_id", flat=True).get(pk=replaces)
    return (
        Notice.objects.filter(
            ticket_set__in=earlier, place_id=ticket_set.place_id, superseded_by=None, kind__in=STANDING_KINDS
        )
        .select_related("ticket_set__place")
        .order_by("-serial")
        .first()
    )


def list_standing(party_id: int) -> list[Notice]:
    """Every notice of a party by which some place expects it."""
    rows = Notice.objects.filter(ticket_set__party_id=party_id, superseded_by=None, kind__in=STANDING_KINDS)
    return list(rows.select_related("ticket_set__place").order_by("pk"))


def write_first(draft: Draft, *, actor: Actor, now: datetime) -> Notice:
    """Write the first notice of a journey, under a reference nobody has."""
    newest = Notice.objects.filter(ticket_set=draft.ticket_set).order_by("-serial").first()
    serial = newest.serial + 1 if newest else 1
    for _ in range(_TRIES):
        journey = "".join(secrets.choice(LETTERS) for _ in range(6))
        try:
            with transaction.atomic():
                notice = _insert(draft, f"{journey}-1", serial, now)
        except IntegrityError:
            continue
        _record(notice, draft, actor=actor, now=now)
        return notice
    raise BrokenPromise("notice.no_reference", message("No free reference was found for this notice."))


def write_next(draft: Draft, standing: Notice, *, actor: Actor, now: datetime) -> Notice:
    """Write a notice in another's stead; what had not been delivered of the other never is."""
    journey, _, number = standing.reference.rpartition("-")
    notice = _insert(draft, f"{journey}-{int(number) + 1}", standing.serial + 1, now)
    if not Notice.objects.filter(pk=standing.pk, superseded_by=None).update(superseded_by=notice):
        raise BrokenPromise("notice.replaced_twice", message("Two notices were written in one's stead."))
    Delivery.objects.filter(notice=standing, delivered_at=None).update(dropped_at=now)
    _record(notice, draft, actor=actor, now=now)
    return notice


def post(notice: Notice, now: datetime) -> Delivery | None:
    """Put a notice in the outbox, due at once; None where no desk receives in that place yet."""
    receiving = find_receiving(notice.place)
    if receiving is None:
        return None
    return Delivery.objects.create(
        centre_id=notice.centre_id, notice=notice, address=receiving.notice_address, due_at=now
    )


def _insert(draft: Draft, reference: str, serial: int, now: datetime) -> Notice:
    ticket_set, facts = draft.ticket_set, draft.facts
    return Notice.objects.create(
        centre_id=ticket_set.centre_id,
        ticket_set=ticket_set,
        place=ticket_set.place,
        kind=draft.kind,
        serial=serial,
        reference=reference,
        day=facts.day,
        window_start_h=facts.window_start_h,
        heads=facts.heads,
        bed_tonight=facts.bed_tonight,
        unit_sizes=list(facts.unit_sizes),
        step_free=facts.step_free,
        interpreter=facts.interpreter,
        issued_at=now,
        expires_at=link_end(facts.day, ticket_set.place.zone),
    )


def _record(notice: Notice, draft: Draft, *, actor: Actor, now: datetime) -> None:
    facts: dict[str, Fact] = {
        "notice": notice.pk,
        "ticket_set": notice.ticket_set_id,
        "place": notice.place_id,
        "serial": notice.serial,
    }
    append(case_chain(draft.ticket_set.party_id), f"notice.{draft.kind.value}", facts, actor=actor, now=now)
