"""A party comes in at the door: a number, heads, a language; no names."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from onward.apps.accounts.models import Centre
from onward.apps.people import keepers, sealing
from onward.apps.people.actions.moving import lock_open_party, move_party
from onward.apps.people.models import Known, Party, Person
from onward.apps.people.rules import GROUP_MOST, WALKERS, check_heads, check_known, check_language
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor
from onward.core.errors import BadInput, Conflict, NotAllowed, message


@transaction.atomic
def arrive(
    heads: int,
    language: str,
    *,
    bed_tonight: str = Known.NOT_ASKED,
    is_urgent: bool = False,
    actor: Actor,
    now: datetime,
) -> Party:
    """Give a party its number and its key. heads: 1 to 60. bed_tonight: a Known code. BadInput by field."""
    actor.require(*WALKERS)
    bed = check_known(bed_tonight, "bed_tonight")
    check_heads(heads)
    check_language(language)
    return open_case(heads, language, bed_tonight=bed, is_urgent=is_urgent, actor=actor, now=now)


@transaction.atomic
def arrive_group(parties: Sequence[tuple[int, str]], *, actor: Actor, now: datetime) -> list[Party]:
    """A bus at once: a number for each (heads, language), all or none. Up to 120 parties."""
    actor.require(*WALKERS)
    if not 1 <= len(parties) <= GROUP_MOST:
        raise BadInput(
            "group.size",
            message("From 1 to %(most)s parties can arrive at once."),
            remedy=message("Enter a larger group in two goes."),
            field="parties",
            values={"most": GROUP_MOST},
        )
    for heads, language in parties:
        check_heads(heads)
        check_language(language)
    return [
        open_case(heads, language, bed_tonight=Known.NOT_ASKED, is_urgent=False, actor=actor, now=now)
        for heads, language in parties
    ]


def open_case(heads: int, language: str, *, bed_tonight: Known, is_urgent: bool, actor: Actor, now: datetime) -> Party:
    """A new party at the actor's centre under the centre's next number, which is taken under the centre's lock."""
    centre = Centre.objects.select_for_update(no_key=True).filter(pk=actor.centre_id or 0).first()
    if centre is None:
        raise NotAllowed("actor.no_centre", message("Choose the centre you work for first."))
    number = (Party.objects.filter(centre=centre).aggregate(last=Max("number"))["last"] or 0) + 1
    party = Party.objects.create(
        centre=centre,
        number=number,
        label=f"{centre.key}-{number:04d}",
        arrived_at=now,
        heads=heads,
        language=language,
        bed_tonight=bed_tonight,
        is_urgent=is_urgent,
        key_id=sealing.ring().new_key(now=now),
        changed_at=now,
    )
    facts = {"number": number, "heads": heads, "language": language, "bed_tonight": bed_tonight.value}
    append(case_chain(party.pk), "party.arrived", facts | {"is_urgent": is_urgent}, actor=actor, now=now)
    return party


@transaction.atomic
def correct_arrival(
    party_id: int, *, language: str, bed_tonight: str, is_urgent: bool, actor: Actor, now: datetime
) -> Party:
    """Correct what was noted at the door beside the heads. BadInput by field."""
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    party.language, party.bed_tonight = check_language(language), check_known(bed_tonight, "bed_tonight")
    party.is_urgent, party.changed_at = is_urgent, now
    party.save(update_fields=["language", "bed_tonight", "is_urgent", "changed_at"])
    facts: dict[str, Fact] = {"language": language, "bed_tonight": bed_tonight, "is_urgent": is_urgent}
    append(case_chain(party.pk), "arrival.corrected", facts, actor=actor, now=now)
    return party


@transaction.atomic
def change_heads(party_id: int, heads: int, *, actor: Actor, now: datetime) -> Party:
    """Correct how many travel together. BadInput below the number of people described; Conflict after issue."""
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    check_heads(heads)
    if heads == party.heads:
        return party
    described = Person.objects.filter(party=party).count()
    if heads < described:
        raise BadInput(
            "party.heads_described",
            message("%(described)s people are described already."),
            remedy=message("First remove whoever does not travel with them."),
            field="heads",
            values={"described": described},
        )
    set_heads(party, heads, actor=actor, now=now)
    return party


def set_heads(party: Party, heads: int, *, actor: Actor, now: datetime) -> None:
    """Write a locked party's new head count and its consequences; one entry, whatever the cause."""
    require_unissued(party)
    facts = {"from": party.heads, "to": heads}
    party.heads, party.changed_at = heads, now
    party.save(update_fields=["heads", "changed_at"])
    append(case_chain(party.pk), "heads.changed", facts, actor=actor, now=now)
    reopen_offers(party, actor=actor, now=now)


def require_unissued(party: Party) -> None:
    """Conflict where tickets are issued: they were bought for these people."""
    if party.state == Party.State.TICKETED:
        raise Conflict(
            "party.ticketed",
            message("Tickets are issued for the people as they are described."),
            remedy=message("Void or change the tickets first, then correct the people."),
        )


def reopen_offers(party: Party, *, actor: Actor, now: datetime) -> None:
    """Offers were priced for other people: back to the interview. Where seats are held the ticket check stops them."""
    was_offered = party.state in {Party.State.OFFERED, Party.State.ACCEPTED}
    if was_offered and not keepers.has_live_tickets(party.pk):
        move_party(party, Party.State.IN_INTERVIEW, actor=actor, now=now)
