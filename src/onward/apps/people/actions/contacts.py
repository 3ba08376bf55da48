"""Whom they know in a place, and whether that person was reached."""

from datetime import datetime

from django.db import transaction

from onward.apps.people import sealing
from onward.apps.people.actions.moving import lock_open_party
from onward.apps.people.models import Contact, Party
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import ADDRESS_MOST, NAME_MOST, PHONE_MOST, WALKERS, check_text
from onward.apps.places.models import Place
from onward.apps.places.queries import get_place
from onward.apps.record.actions import append, case_chain
from onward.core.actor import Actor
from onward.core.errors import BadInput, NotFound, message

State = Contact.State
COLUMN = "people.Contact.{}"


@transaction.atomic
def record_contact(
    party_id: int,
    *,
    contact_id: int | None = None,
    place_key: str | None,
    name: str,
    phone: str,
    address: str,
    state: str,
    actor: Actor,
    now: datetime,
) -> Contact:
    """Write down or correct a contact. state: a Contact.State code; each claims no more than what is written down.

    Name to 120, phone to 40, address to 300 characters. A new contact with the words and place of one that stands is
    that one. Conflict before the explanation (P1).
    """
    actor.require(*WALKERS)
    party = lock_open_party(party_id, actor=actor, now=now)
    require_explanation(party)
    words = {
        "name": check_text(name, NAME_MOST, "name"),
        "phone": check_text(phone, PHONE_MOST, "phone"),
        "address": check_text(address, ADDRESS_MOST, "address"),
    }
    chosen, place = _check_state(state, words), _find_place(place_key)
    contact = _find(party, contact_id) or _find_same(party, place, words) or Contact(party=party)
    contact.centre_id, contact.state, contact.place = party.centre_id, chosen, place
    for column, text in words.items():
        setattr(contact, column, sealing.seal(party, COLUMN.format(column), text))
    contact.changed_at = now
    contact.save()
    facts = {"contact": contact.pk, "place": contact.place_id, "state": contact.state}
    append(case_chain(party.pk), "contact.recorded", facts, actor=actor, now=now)
    return contact


def _find(party: Party, contact_id: int | None) -> Contact | None:
    if contact_id is None:
        return None
    contact = Contact.objects.filter(pk=contact_id, party=party).first()
    if contact is None:
        raise NotFound("contact.unknown", message("There is no such contact in this case."))
    return contact


def _find_same(party: Party, place: Place | None, words: dict[str, str]) -> Contact | None:
    for contact in Contact.objects.filter(party=party, place=place):
        if all(
            sealing.unseal(party, COLUMN.format(column), getattr(contact, column)) == words[column] for column in words
        ):
            return contact
    return None


def _find_place(place_key: str | None) -> Place | None:
    return get_place(place_key) if place_key else None


def _check_state(state: str, words: dict[str, str]) -> Contact.State:
    if state not in State.values:
        raise BadInput("contact.state", message("Choose how far the contact was reached."), field="state")
    chosen = State(state)
    if chosen is State.NOT_GIVEN and any(words.values()):
        raise BadInput(
            "contact.given",
            message("A name, number or address is written down, so the contact was given."),
            remedy=message("Choose unreachable, reached or agreed, or empty the fields."),
            field="state",
        )
    if chosen is not State.NOT_GIVEN and not (words["name"] or words["phone"]):
        raise BadInput(
            "contact.nobody",
            message("Nobody is written down who could have been called."),
            remedy=message("Write a name or a number, or choose “not given”."),
            field="name",
        )
    if chosen is State.ADDRESS_CONFIRMED and not words["address"]:
        raise BadInput(
            "contact.no_address",
            message("No address is written down that could have been confirmed."),
            remedy=message("Write the street, number and town, or choose “agreed”."),
            field="address",
        )
    return chosen
