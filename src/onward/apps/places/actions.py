"""What a receiving place says of its room."""

from datetime import datetime, timedelta

from django.db import transaction

from onward.apps.accounts.scopes import find_scope
from onward.apps.places.models import CapacityStatement
from onward.apps.places.queries import find_receiving, get_place
from onward.apps.places.words import read_words
from onward.apps.record.actions import append
from onward.apps.record.chain import Fact
from onward.core.actor import Actor, ActorKind
from onward.core.errors import BadInput, NotAllowed, NotFound, message

SAME_PRESS = timedelta(minutes=10)
"""The same words again within this time are a button pressed twice; later they are news: it still holds."""


def place_chain(place_key: str) -> str:
    """The name of a receiving place's chain in the record."""
    return f"place:{place_key}"


@transaction.atomic
def state_capacity(place_key: str, code: str, words: str, *, actor: Actor, now: datetime) -> CapacityStatement:
    """Keep what a place says of its room, for all senders; the newest counts, and it removes nothing from any list.

    actor: someone who came through that place's own door (place_scope). BadInput for "code" and "words".
    """
    scope = find_scope()
    if actor.kind is not ActorKind.RECEIVER or scope is None or scope.place_key != place_key:
        raise NotAllowed("capacity.not_yours", message("Only the place itself can say this."))
    receiving = find_receiving(get_place(place_key))
    if receiving is None:
        raise NotFound("place.no_desk", message("No desk receives in this place yet."))
    said, kept = _read(code, words)
    newest = receiving.statements.first()
    if newest is not None and (newest.code, newest.words) == (said, kept) and now - newest.said_at < SAME_PRESS:
        return newest
    made = CapacityStatement.objects.create(place=receiving, code=said, words=kept, said_at=now, said_by=actor.id)
    facts: dict[str, Fact] = {"statement": made.pk, "code": said.value, "has_words": bool(kept)}
    append(place_chain(place_key), "capacity.stated", facts, actor=actor, now=now)
    return made


def _read(code: str, words: str) -> tuple[CapacityStatement.Code, str]:
    if code not in CapacityStatement.Code.values:
        raise BadInput("capacity.code_unknown", message("Choose one of the answers."), field="code")
    return CapacityStatement.Code(code), read_words(words)
