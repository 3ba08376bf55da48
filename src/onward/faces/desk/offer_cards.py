"""An offer as pages show it: facts, what is hard about it, what its place says of its room; its line in the strip."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from django.db.models import Max
from django.utils.translation import gettext

from onward.apps.accounts.models import Centre
from onward.apps.cases.models import Offer
from onward.apps.cases.rules import WITHHELD
from onward.apps.notices.models import Answer
from onward.apps.places.models import CapacityStatement, ReceivingPlace
from onward.apps.places.rules import Hours, parse_hours
from onward.core.errors import BadInput
from onward.core.money import Money
from onward.faces.desk.journey_words import (
    LegWords,
    count_changes,
    find_open_span,
    is_open_at,
    list_changes,
    list_legs,
    list_reasons,
    list_short_changes,
    say_changes,
    say_last_mile,
    say_modes,
    say_warning,
)
from onward.faces.desk.strip import Line, Ride
from onward.faces.desk.walking import place_name
from onward.faces.formats import age, apart, cash_for, clock, day, duration, moment

ROOM = {
    "can": "done",
    "cannot": "warn",
    "ask_us": "told",
    "object": "warn",
}
"""The shape beside what a place says of its room; none of them removes the place (P12)."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What is known of where journeys end: desks by place key, newest word on their room, answers to this party."""

    desks: Mapping[str, ReceivingPlace] = field(default_factory=dict)
    said: Mapping[str, CapacityStatement] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def hours(self, place_key: str) -> Hours | None:
        """A desk's opening hours; None where nobody knows them."""
        desk = self.desks.get(place_key)
        if desk is None or not desk.hours:
            return None
        try:
            return parse_hours(desk.hours)
        except BadInput:
            return None


@dataclass(frozen=True, slots=True)
class Card:
    """An offer in words. says: (shape, sentence). withheld: why it cannot be chosen, "" when it can."""

    offer: Offer
    number: int
    title: str
    place: str
    depart: str
    arrive: str
    length: str
    changes: str
    price: str
    quoted: str
    legs: tuple[LegWords, ...]
    says: tuple[tuple[str, str], ...]
    withheld: str
    is_gone: bool
    is_chosen: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen now."""
        return not self.withheld and not self.is_gone


@dataclass(frozen=True, slots=True)
class Shelf:
    """The journeys to one wish. shared: what holds for each of them. withheld: why none can be chosen, or ""."""

    title: str
    shared: tuple[tuple[str, str], ...]
    withheld: str
    cards: tuple[Card, ...]


def read_ends(offers: Iterable[Offer], answers: Iterable[Answer]) -> Ends:
    """The desks of the offers' places and what they said, in two queries. answers: to this party's notices, oldest
    first."""
    keys = {one.place_id for one in offers}
    desks = {one.pk: one for one in ReceivingPlace.objects.filter(pk__in=keys)}
    newest = CapacityStatement.objects.filter(place__in=keys).order_by().values("place").annotate(last=Max("pk"))
    said = {one.place_id: one for one in CapacityStatement.objects.filter(pk__in=newest.values("last"))}
    return Ends(desks, said, {one.notice.place_id: one for one in answers})


def total_of(offer: Offer) -> Money | None:
    """Fare, tax and fee for the whole party; None where the carrier must be asked."""
    if offer.fare_minor is None or not offer.currency:
        return None
    return Money(offer.fare_minor + (offer.tax_minor or 0) + (offer.fee_minor or 0), offer.currency)


def make_card(offer: Offer, centre: Centre, ends: Ends, *, heads: int, now: datetime, chosen_id: int | None) -> Card:
    """An offer with its place along, in the language in force; reads nothing."""
    legs = list_legs(offer.journey)
    changes, place, price = list_changes(legs), place_name(offer.place), total_of(offer)
    start, end = (datetime.fromisoformat(offer.journey[name]) for name in ("depart_at", "arrive_at"))
    return Card(
        offer=offer,
        number=offer.position,
        title=gettext("%(place)s by %(modes)s") % {"place": place, "modes": say_modes(legs)},
        place=place,
        depart=moment(start, centre.zone, legs[0].from_stop if legs else centre.name),
        arrive=moment(end, offer.place.zone, place),
        length=duration(end - start),
        changes=say_changes(changes),
        price=cash_for(price, heads) if price else gettext("fare not known: ask the carrier"),
        quoted=say_quoted(offer.quoted_on, now) if price else "",
        legs=tuple(legs),
        says=tuple(_says(offer, ends, now)),
        withheld=gettext(WITHHELD[offer.withheld]) if offer.withheld else "",
        is_gone=offer.depart_at <= now,
        is_chosen=offer.pk == chosen_id,
    )


def say_quoted(quoted_on: date | None, now: datetime) -> str:
    """Where a price comes from and how old it is: "quoted Mon 2 Mar, 3 days ago"."""
    if quoted_on is None:
        return gettext("the carrier's published fare")
    if quoted_on >= now.date():
        return gettext("quoted today")
    at = datetime.combine(quoted_on, time(), UTC)
    midnight = datetime.combine(now.date(), time(), UTC)
    return gettext("quoted %(day)s, %(age)s") % {"day": day(quoted_on), "age": age(at, midnight)}


def _says(offer: Offer, ends: Ends, now: datetime) -> list[tuple[str, str]]:
    """Why it is there, what is hard about it, and what its place says."""
    said = [("done", text) for text in list_reasons(offer.journey)]
    said += [("warn", text) for text in list_short_changes(offer.journey)]
    said += [("warn", say_warning(warned, {offer.place.name: place_name(offer.place)})) for warned in offer.warnings]
    mile = say_last_mile(offer.journey, ends.desks.get(offer.place_id))
    return said + _arrival(offer, ends) + ([("note", mile)] if mile else []) + _room(offer, ends, now)


def _arrival(offer: Offer, ends: Ends) -> list[tuple[str, str]]:
    """Whether its desk is open when they arrive; closed is among the warnings already."""
    desk, hours = ends.desks.get(offer.place_id), ends.hours(offer.place_id)
    at = datetime.fromisoformat(offer.journey["arrive_at"])
    span = find_open_span(hours, at)
    if desk is None or span is None or not is_open_at(hours, at):
        return []
    text = gettext("Arrives while %(desk)s is open, until %(clock)s.")
    return [("done", text % {"desk": desk.name, "clock": clock(span[1])})]


def _room(offer: Offer, ends: Ends, now: datetime) -> list[tuple[str, str]]:
    """What the place says of its room, dated, and what it answered about this very party."""
    rows = []
    place, said, answer = place_name(offer.place), ends.said.get(offer.place_id), ends.answers.get(offer.place_id)
    if said is not None:
        rows.append((ROOM.get(said.code, "told"), say_room(said, place, now)))
    elif offer.place_id in ends.desks:
        rows.append(("note", gettext("%(place)s has not said how much room it has.") % {"place": place}))
    if answer is not None:
        rows.append((ROOM.get(answer.code, "told"), say_answer(answer, place, now)))
    return rows


def say_room(said: CapacityStatement, place: str, now: datetime) -> str:
    """What a place says of its room, with its words and how long ago."""
    texts = {
        "can": gettext("%(place)s says it has room (%(age)s)."),
        "cannot": gettext("%(place)s says it has no room now (%(age)s). They may still go there."),
        "ask_us": gettext("%(place)s says: ask us first (%(age)s)."),
    }
    return _with_words(texts[said.code] % {"place": place, "age": age(said.said_at, now)}, said.words)


def say_answer(answer: Answer, place: str, now: datetime) -> str:
    """What a place answered to the notice of this party."""
    texts = {
        "can": gettext("%(place)s answered about this party: we can (%(age)s)."),
        "cannot": gettext("%(place)s answered about this party: we cannot (%(age)s). They may still go there."),
        "ask_us": gettext("%(place)s answered about this party: ask us (%(age)s)."),
        "object": gettext("%(place)s objects (%(age)s). They may still go there; the objection is answered by us."),
    }
    return _with_words(texts[answer.code] % {"place": place, "age": age(answer.answered_at, now)}, answer.words)


def _with_words(sentence: str, words: str) -> str:
    values = {"sentence": sentence, "words": apart(words)}
    return gettext("%(sentence)s “%(words)s”") % values if words else sentence


def make_line(card: Card, ends: Ends) -> Line:
    """The card's line in the strip."""
    end = datetime.fromisoformat(card.offer.journey["arrive_at"])
    span = find_open_span(ends.hours(card.offer.place_id), end)
    detail = f"{card.length} · {count_changes(card.offer.changes)}"
    rides = tuple(
        Ride(
            leg.mode,
            (leg.carrier, leg.route, leg.route.split()[-1] if leg.route else ""),
            leg.depart_at,
            leg.arrive_at,
            leg.stays_seated,
        )
        for leg in card.legs
    )
    names = " + ".join(leg.carrier or leg.mode_word for leg in card.legs if not leg.is_walk)
    caption = f"{clock(rides[0].depart_at)}–{clock(rides[-1].arrive_at)} · {names}"
    opens = gettext("open to %(clock)s") % {"clock": clock(span[1])} if span else ""
    return Line(f"{card.number}. {card.place}", detail, caption, rides, span, opens)


def shelve(cards: Sequence[Card]) -> list[Shelf]:
    """The cards by wish, what is true of all of a wish's journeys said once on the shelf and not on each."""
    groups: dict[int, list[Card]] = {}
    for card in cards:
        groups.setdefault(card.offer.wish_id, []).append(card)
    return [_shelf(listed) for listed in groups.values()]


def _shelf(cards: Sequence[Card]) -> Shelf:
    first = cards[0]
    shared = [row for row in first.says if all(row in card.says for card in cards)] if len(cards) > 1 else []
    withheld = first.withheld if all(card.withheld == first.withheld for card in cards) else ""
    title = gettext("Wish %(rank)s: %(place)s") % {"rank": first.offer.wish.rank, "place": first.place}
    own = tuple(replace(card, says=tuple(row for row in card.says if row not in shared)) for card in cards)
    return Shelf(title, tuple(shared), withheld, own)
