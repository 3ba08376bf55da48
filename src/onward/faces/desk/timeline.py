"""What happened in a case, in plain sentences: one for each act of the record, with who and why."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_noop

from onward.apps.people.models import Explanation
from onward.apps.places.models import Place
from onward.apps.record.models import Entry
from onward.core.actor import ActorKind
from onward.core.money import MINOR_DIGITS, Money
from onward.faces.desk.languages import name_of
from onward.faces.desk.walking import place_name
from onward.faces.desk.words import CONTACTS, INTERPRETERS, STATES, TICKETS, park_word, word
from onward.faces.formats import cash, moment, people

type Facts = Mapping[str, Any]

SENTENCES: dict[str, tuple[str, str]] = {
    "party.arrived": ("note", gettext_noop("Arrived: %(people)s, %(language)s")),
    "purpose.explained": ("done", gettext_noop("What this desk is was read out in %(language)s and answered with yes")),
    "party.moved": ("note", gettext_noop("Now: %(to)s")),
    "party.parked": ("note", gettext_noop("Parked until %(until)s")),
    "party.resumed": ("note", gettext_noop("Taken up again")),
    "heads.changed": ("note", gettext_noop("Now %(to)s, before %(from)s")),
    "person.described": ("note", gettext_noop("Person %(position)s was described")),
    "person.came_apart": ("note", gettext_noop("Given a number of their own")),
    "contact.recorded": ("note", gettext_noop("A contact was written down: %(state)s")),
    "interview.begun": ("note", gettext_noop("The interview began")),
    "origin.recorded": ("note", gettext_noop("They said how they came here")),
    "wish.recorded": ("note", gettext_noop("They said wish %(rank)s")),
    "wish.placed": ("note", gettext_noop("Wish %(rank)s means %(place)s")),
    "wish.withdrawn": ("note", gettext_noop("They withdrew wish %(rank)s")),
    "obligation.recorded": ("note", gettext_noop("A date that binds them was written down")),
    "obligation.removed": ("note", gettext_noop("A date was removed")),
    "answers.recorded": ("note", gettext_noop("Questions about the way were answered")),
    "safety.asked": ("note", gettext_noop("Person %(position)s was asked the question for each adult")),
    "safety.lifted": ("note", gettext_noop("The protection lead spoke with this party")),
    "consent.asked": ("note", gettext_noop("Asked for a yes")),
    "offers.found": ("note", gettext_noop("Journeys were looked for: %(offers)s found")),
    "decision.made": ("done", gettext_noop("They decided")),
    "tickets.held": ("note", gettext_noop("Tickets held: %(price)s")),
    "tickets.bought": ("done", gettext_noop("Tickets bought: %(price)s")),
    "tickets.issued": ("done", gettext_noop("Tickets issued for %(people)s")),
    "tickets.void": ("warn", gettext_noop("Tickets voided")),
    "tickets.departure": ("note", gettext_noop("Departure: %(outcome)s")),
    "tickets.change_unfinished": ("warn", gettext_noop("The change was not finished in time; the place was told")),
    "refund.closed": ("note", gettext_noop("The carrier answered about the refund: %(received)s came back")),
    "notice.coming": ("told", gettext_noop("%(place)s was told that they are coming")),
    "notice.changed": ("told", gettext_noop("%(place)s was told of the change")),
    "notice.cancelled": ("told", gettext_noop("%(place)s was told that they are not coming")),
    "notice.withdrawn": ("told", gettext_noop("%(place)s was told to forget what it had been told")),
    "notice.refused": ("note", gettext_noop("They do not want the place told; nothing was sent")),
    "notice.delivered": ("told", gettext_noop("The notice was delivered")),
    "notice.seen": ("told", gettext_noop("The place opened the notice")),
    "notice.answered": ("told", gettext_noop("The place answered: %(code)s")),
    "notice.acknowledged": ("told", gettext_noop("The place took it off its list")),
    "answer.read_out": ("done", gettext_noop("The place's answer was read to them")),
    "case.held": ("warn", gettext_noop("A court or agency demands that this case be kept: nothing is erased")),
    "case.hold_lifted": ("note", gettext_noop("The demand to keep this case is over")),
    "case.erased": ("done", gettext_noop("The names and words were erased for good")),
    "arrival.corrected": ("note", gettext_noop("What was counted at the door was corrected")),
}
"""Each act's kind and sentence; an act not in here is shown by its code."""

DECIDED = {
    "accept": gettext_noop("They chose a journey"),
    "stay": gettext_noop("They decided to stay"),
    "later": gettext_noop("They want to decide later"),
    "decline": gettext_noop("They said no"),
}
CONSENTS = {
    ("record", True): gettext_noop("They said yes to being written down"),
    ("record", False): gettext_noop("They said no to being written down"),
    ("purchase", True): gettext_noop("They said yes to the purchase"),
    ("purchase", False): gettext_noop("They said no to the purchase"),
    ("leave", True): gettext_noop("They said yes on leaving"),
    ("leave", False): gettext_noop("They said no on leaving"),
    ("notice", True): gettext_noop("They agreed that the place is told"),
    ("notice", False): gettext_noop("They do not want the place told"),
}
SAID = {
    "can": gettext_noop("can"),
    "cannot": gettext_noop("cannot"),
    "ask_us": gettext_noop("ask us"),
    "object": gettext_noop("objects"),
}
VOIDED = {
    "changed_mind": gettext_noop("They changed their mind"),
    "consent_withdrawn": gettext_noop("They took back their yes"),
    "people_changed": gettext_noop("The people changed"),
    "mistake": gettext_noop("A mistake was corrected"),
    "other_journey": gettext_noop("For another journey"),
    "not_said": gettext_noop("They did not say"),
}
WITH_ANOTHER = frozenset({"party.moved"})
"""Acts left out when another act of the same moment says the same in better words."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of parts/timeline.html."""

    sentence: str
    at: datetime
    when: str
    who: str
    why: str
    kind: str


def tell(
    entries: Sequence[Entry], zone: str, *, names: Mapping[str, str], places: Mapping[str, Place]
) -> list[Happened]:
    """A case's entries as sentences, latest first; the same said again and again by one person is told once.

    names: staff by id. places: by key, for those entries name.
    """
    spoken_for = {entry.at for entry in entries if entry.act not in WITH_ANOTHER}
    shown = [entry for entry in entries if entry.act not in WITH_ANOTHER or entry.at not in spoken_for]
    told: list[Happened] = []
    for entry in reversed(shown):
        one = _tell(entry, zone, names, places)
        if not told or (told[-1].sentence, told[-1].who, told[-1].why) != (one.sentence, one.who, one.why):
            told.append(one)
    return told


def read_facts(entry: Entry) -> Facts:
    """An entry's coded facts."""
    facts = json.loads(entry.facts)
    return facts if isinstance(facts, dict) else {}


def _tell(entry: Entry, zone: str, names: Mapping[str, str], places: Mapping[str, Place]) -> Happened:
    kind, text = SENTENCES.get(entry.act, ("note", ""))
    facts = read_facts(entry)
    sentence = _say(text, _values(facts, zone, places)) if text else entry.act
    instead = INSTEAD.get(entry.act)
    why = WHY.get(entry.act)
    return Happened(
        (instead(facts) if instead else "") or sentence or entry.act,
        entry.at,
        moment(entry.at, zone),
        _who(entry, names),
        why(facts) if why else "",
        kind,
    )


def _say(text: str, values: Mapping[str, object]) -> str:
    """A sentence filled; "" when an entry from before a change lacks what it needs."""
    try:
        return gettext(text) % values
    except (KeyError, ValueError, TypeError):
        return ""


def _who(entry: Entry, names: Mapping[str, str]) -> str:
    if entry.actor_kind == ActorKind.STAFF:
        return names.get(entry.actor_id, "")
    return {ActorKind.RECEIVER: gettext("the receiving place"), ActorKind.JOB: gettext("by itself")}.get(
        ActorKind(entry.actor_kind) if entry.actor_kind in set(ActorKind) else ActorKind.OPERATOR,
        gettext("the operator"),
    )


def _values(facts: Facts, zone: str, places: Mapping[str, Place]) -> dict[str, object]:
    """What the sentences may be filled with, each in words."""
    made: dict[str, object] = dict(facts)
    for key, say in SAYINGS.items():
        if key in facts and facts[key] is not None:
            made[key] = say(facts[key])
    if facts.get("heads"):
        made["people"] = people(facts["heads"])
    if facts.get("until"):
        made["until"] = moment(datetime.fromisoformat(facts["until"]), zone)
    if facts.get("place") in places:
        made["place"] = place_name(places[facts["place"]])
    made.setdefault("place", gettext("The place"))
    made |= _money(facts)
    if isinstance(facts.get("from"), int) and isinstance(facts.get("to"), int):
        made |= {"from": people(facts["from"]), "to": people(facts["to"])}
    return made


def _money(facts: Facts) -> dict[str, object]:
    currency = facts.get("currency")
    if currency in MINOR_DIGITS and "fare_minor" in facts:
        parts = ("fare_minor", "tax_minor", "fee_minor")
        return {"price": cash(Money(sum(int(facts.get(part) or 0) for part in parts), str(currency)))}
    if "received_minor" in facts:
        return {"received": f"{int(facts['received_minor']) / 100:.2f}"}
    return {}


SAYINGS: dict[str, Callable[[Any], str]] = {
    "language": name_of,
    "interpreter": lambda code: word(INTERPRETERS, code),
    "to": lambda code: word(STATES, code),
    "state": lambda code: word(CONTACTS, code),
    "outcome": lambda code: word(TICKETS, code),
    "code": lambda code: gettext(SAID[code]) if code in SAID else str(code),
}
INSTEAD: dict[str, Callable[[Facts], str]] = {
    "decision.made": lambda facts: _coded(DECIDED, facts.get("kind")),
    "consent.asked": lambda facts: _coded(CONSENTS, (facts.get("step"), facts.get("is_yes"))),
}
"""Acts whose sentence depends on what was said."""
WHY: dict[str, Callable[[Facts], str]] = {
    "party.parked": lambda facts: park_word(str(facts.get("why", ""))),
    "tickets.void": lambda facts: _coded(VOIDED, facts.get("why")),
    "purpose.explained": lambda facts: _interpreted(facts.get("interpreter")),
}


def _coded(words: Mapping[Any, str], code: Any) -> str:
    return gettext(words[code]) if code in words else ""


def _interpreted(code: Any) -> str:
    if code in {None, Explanation.Interpreter.NOT_NEEDED}:
        return ""
    return gettext("Interpreted by: %(who)s") % {"who": word(INTERPRETERS, code)}
