"""Where they want to go, as they said it; a changed mind is a new wish (P3)."""

from datetime import datetime

from django.db import transaction

from onward.apps.cases.actions.interviewing import open_interview
from onward.apps.cases.models import Wish
from onward.apps.cases.rules import check_rank, check_words
from onward.apps.people import sealing
from onward.apps.people.actions import lock_open_party
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import WALKERS
from onward.apps.places.queries import get_place
from onward.apps.record.actions import append, case_chain
from onward.apps.record.chain import Fact
from onward.core.actor import Actor
from onward.core.errors import Conflict, NotFound, message

WORDS = "cases.Wish.words"


@transaction.atomic
def record_wish(
    party_id: int, rank: int, *, words: str, place_key: str | None = None, actor: Actor, now: datetime
) -> Wish:
    """Write down a wish in their own words, up to 400 characters, at a rank from 1 to 9.

    place_key None: nobody knows yet where that is; the words stand all the same. The same wish again changes nothing;
    Conflict where another stands at the rank, or before the explanation (P1).
    """
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    require_explanation(party)
    check_rank(rank)
    said = check_words(words, "words")
    place = get_place(place_key) if place_key else None
    standing = Wish.objects.filter(party=party, rank=rank, withdrawn_at=None).first()
    if standing is not None:
        if standing.place == place and sealing.unseal(party, WORDS, standing.words) == said:
            return standing
        raise Conflict(
            "wish.rank_taken",
            message("Wish %(rank)s stands already, and a wish is never written over."),
            remedy=message("Withdraw it if they changed their mind, or give this one another rank."),
            field="rank",
            values={"rank": rank},
        )
    open_interview(party, actor=actor, now=now)
    wish = Wish.objects.create(
        centre_id=party.centre_id,
        party=party,
        rank=rank,
        words=sealing.seal(party, WORDS, said),
        place=place,
        said_at=now,
    )
    facts: dict[str, Fact] = {"wish": wish.pk, "rank": rank, "place": wish.place_id}
    append(case_chain(party.pk), "wish.recorded", facts, actor=actor, now=now)
    return wish


def _get_wish(wish_id: int) -> Wish:
    wish = Wish.objects.filter(pk=wish_id).first()
    if wish is None:
        raise NotFound("wish.unknown", message("There is no such wish in this case."))
    return wish


@transaction.atomic
def place_wish(wish_id: int, *, place_key: str, actor: Actor, now: datetime) -> Wish:
    """Say which place a wish without one means; the words stay. Conflict where it has a place: that is a new wish."""
    actor.require(*WALKERS)
    party = lock_open_party(_get_wish(wish_id).party_id, actor=actor, now=now)
    wish = Wish.objects.select_for_update().get(pk=wish_id)
    place = get_place(place_key)
    if wish.place_id == place.key:
        return wish
    if wish.place_id is not None or wish.withdrawn_at is not None:
        raise Conflict(
            "wish.placed",
            message("This wish has its place, and a wish is never written over."),
            remedy=message("If they changed their mind, withdraw it and write a new one."),
            field="place_key",
        )
    wish.place = place
    wish.save(update_fields=["place"])
    facts: dict[str, Fact] = {"wish": wish.pk, "rank": wish.rank, "place": place.key}
    append(case_chain(party.pk), "wish.placed", facts, actor=actor, now=now)
    return wish


@transaction.atomic
def withdraw_wish(wish_id: int, *, actor: Actor, now: datetime) -> Wish:
    """They no longer wish it; its words stay as they were. Withdrawing twice changes nothing."""
    actor.require(*WALKERS)
    party = lock_open_party(_get_wish(wish_id).party_id, actor=actor, now=now)
    wish = Wish.objects.select_for_update().get(pk=wish_id)
    if wish.withdrawn_at is not None:
        return wish
    wish.withdrawn_at = now
    wish.save(update_fields=["withdrawn_at"])
    append(case_chain(party.pk), "wish.withdrawn", {"wish": wish.pk, "rank": wish.rank}, actor=actor, now=now)
    return wish
