"""Reads of parties, of what they were told, and of their words; every opening of words leaves a look."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F

from onward.apps.people import sealing
from onward.apps.people.models import Contact, Explanation, Look, Party, Person, WordingReview
from onward.apps.people.names import Name, rank_names
from onward.apps.people.rules import WALKERS
from onward.apps.people.wordings import PURPOSE, Wording, list_texts
from onward.core.actor import Actor
from onward.core.errors import Conflict, NotFound, message
from onward.core.keys import KeyId


@dataclass(frozen=True, slots=True)
class PersonWords:
    """A person with their words open. is_guardian: a Known code."""

    id: int
    position: int
    name: str
    birth_year: int | None
    age_band: str
    is_guardian: str


@dataclass(frozen=True, slots=True)
class ContactWords:
    """A contact with its words open. state: a Contact.State code."""

    id: int
    place_key: str | None
    place_name: str
    name: str
    phone: str
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class PartyWords:
    """What is personal in a party, open: persons by position, contacts as they were given."""

    party_id: int
    persons: tuple[PersonWords, ...]
    contacts: tuple[ContactWords, ...]


@dataclass(frozen=True, slots=True)
class FoundParty:
    """A party a search found; name: the one that was met, "" when the number was."""

    party: Party
    name: str


@dataclass(frozen=True, slots=True)
class ReviewedWording:
    """A wording and who reviewed this version of it; reviewed_by is "" while nobody has."""

    wording: Wording
    reviewed_by: str
    reviewed_on: date | None


def get_party(party_id: int) -> Party:
    """A party of the centre in scope, its centre and who it is parked for along; raises NotFound."""
    party = Party.objects.select_related("centre", "parked_for").filter(pk=party_id).first()
    if party is None:
        raise no_such_party()
    return party


def no_such_party() -> NotFound:
    """The error for a party that is not there, or not this centre's."""
    return NotFound(
        "party.unknown",
        message("There is no such case at this centre."),
        remedy=message("Search for it by number or name."),
    )


def list_queue() -> list[Party]:
    """Who waits for a first word: urgent first, then the longest waiting."""
    return list(Party.objects.filter(state=Party.State.WAITING).order_by("-is_urgent", "arrived_at", "pk"))


def list_parties(*states: Party.State) -> list[Party]:
    """Parties in any of the states, the longest unchanged first, with whom they are parked for."""
    return list(Party.objects.filter(state__in=states).select_related("parked_for").order_by("changed_at", "pk"))


def has_explanation(party: Party) -> bool:
    """Whether the purpose was read out to this party and confirmed (P1)."""
    return Explanation.objects.filter(party=party).exists()


def find_explanation(party: Party) -> Explanation | None:
    """The newest confirmed explanation, if any."""
    return Explanation.objects.filter(party=party).order_by("-confirmed_at", "-pk").first()


def require_explanation(party: Party) -> None:
    """Conflict unless the purpose was read out to this party and confirmed: nothing personal is asked before (P1)."""
    if not has_explanation(party):
        raise Conflict(
            "explanation.missing",
            message("The purpose has not been read out to this party yet, so nothing personal may be written down."),
            remedy=message("Read it out in their language and let them confirm it, then go on."),
        )


def list_wordings() -> list[ReviewedWording]:
    """The purpose in every language, with who reviewed it."""
    reviews = {(one.version, one.language): one for one in WordingReview.objects.filter(wording=PURPOSE)}
    found = []
    for wording in list_texts():
        review = reviews.get((wording.version, wording.language))
        by, on = (review.reviewed_by, review.reviewed_on) if review else ("", None)
        found.append(ReviewedWording(wording, by, on))
    return found


def open_person(party: Party, person: Person) -> PersonWords:
    """One person's words; the caller logs the look."""
    year = sealing.unseal(party, "people.Person.birth_year", person.birth_year)
    return PersonWords(
        person.pk,
        person.position,
        sealing.unseal(party, "people.Person.name", person.name),
        int(year) if year else None,
        person.age_band,
        person.is_guardian,
    )


def open_contact(party: Party, contact: Contact) -> ContactWords:
    """One contact's words; the caller logs the look."""
    return ContactWords(
        contact.pk,
        contact.place_id,
        contact.place.name if contact.place else "",
        sealing.unseal(party, "people.Contact.name", contact.name),
        sealing.unseal(party, "people.Contact.phone", contact.phone),
        sealing.unseal(party, "people.Contact.address", contact.address),
        contact.state,
    )


def open_words(party: Party, *, what: str, actor: Actor, now: datetime) -> PartyWords:
    """Everything personal of a party, open; leaves one look, `what` naming the page or act. KeyGone after erasure."""
    actor.require(*WALKERS)
    actor.require_centre(party.centre_id)
    persons = Person.objects.filter(party=party).order_by("position")
    contacts = Contact.objects.filter(party=party).select_related("place").order_by("pk")
    words = PartyWords(
        party.pk,
        tuple(open_person(party, person) for person in persons),
        tuple(open_contact(party, contact) for contact in contacts),
    )
    sealing.log_look(party, what, actor=actor, now=now)
    return words


def find_parties(text: str, *, actor: Actor, now: datetime, limit: int = 20) -> list[FoundParty]:
    """Cases of this centre whose number, label or a person's name meets the text, best first.

    Names forgive case, accents, another script's spelling and one or two slips. They are opened in memory for the
    search; each case it shows by a name leaves a look.
    """
    actor.require(*WALKERS)
    if not text.strip() or actor.centre_id is None:
        return []
    by_number = [FoundParty(party, "") for party in _find_numbers(text, actor.centre_id)[:limit]]
    names = rank_names(text, _open_names(actor.centre_id))
    met = dict.fromkeys(name.party_id for name in names)
    shown = list(met)[: max(0, limit - len(by_number))]
    parties = Party.objects.in_bulk(shown)
    best = {name.party_id: name.text for name in reversed(names)}
    by_name = [FoundParty(parties[one], best[one]) for one in shown if one in parties]
    _log_search([found.party for found in by_name], actor=actor, now=now)
    numbered = {found.party.pk for found in by_number}
    return by_number + [found for found in by_name if found.party.pk not in numbered]


def _find_numbers(text: str, centre_id: int) -> list[Party]:
    key, dash, digits = text.strip().upper().rpartition("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return []
    return list(Party.objects.filter(centre_id=centre_id, number=int(digits), label__startswith=key + dash))


def _open_names(centre_id: int) -> list[Name]:
    rows = (
        Person.objects.filter(centre_id=centre_id)
        .exclude(name=b"")
        .annotate(key_id=F("party__key_id"))
        .order_by("-party_id", "position")
        .values_list("party_id", "key_id", "name")
    )
    listed: list[tuple[int, Any, Any]] = list(rows)
    texts = sealing.ring().unseal_many([(KeyId(key), "people.Person.name", sealed) for _, key, sealed in listed])
    return [Name(party_id, text) for (party_id, _, _), text in zip(listed, texts, strict=True) if text]


def _log_search(parties: list[Party], *, actor: Actor, now: datetime) -> None:
    Look.objects.bulk_create(
        Look(
            centre_id=party.centre_id,
            party=party,
            at=now,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            what="search",
        )
        for party in parties
    )
