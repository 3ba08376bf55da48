"""What the paper packet says, in the language in force: legs on local clocks, changes, whom to call, the card."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django.utils.translation import gettext, ngettext

from onward.apps.cases.models import Obligation
from onward.apps.cases.queries import ObligationWords
from onward.apps.cases.warnings import KINDS
from onward.apps.notices.queries import is_refused
from onward.apps.people.queries import ContactWords, PartyWords
from onward.apps.places.models import ReceivingPlace
from onward.apps.places.rules import parse_hours
from onward.apps.travel.models import TicketSet
from onward.core.errors import BadInput
from onward.faces.desk.journey_words import LegWords, list_changes, list_legs
from onward.faces.desk.walking import place_name
from onward.faces.desk.words import BANDS, CONTACTS, word
from onward.faces.formats import apart, clock, day, duration, moment, number

EARLY = timedelta(minutes=30)
"""How long before the first departure to be there."""
EMERGENCY = {"US": "911", "CA": "911", "MX": "911"}
"""Police, fire and doctor by country: one number in the United States (47 U.S.C. 251(e)(3)), Canada and Mexico."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code as one SVG path in a square of `side` units."""

    path: str
    side: int


@dataclass(frozen=True, slots=True)
class PaperLeg:
    """One leg on paper. before: what to do before it (a change, a walk). clock_note: when the clock there differs."""

    on: str
    depart: str
    from_stop: str
    ride: str
    arrive: str
    arrive_on: str
    to_stop: str
    clock_note: str
    before: tuple[str, ...]


class Foreign(str):
    """Words in a language of their own; way: "ltr" or "rtl" by their first letter, so that paper keeps their order."""

    __slots__ = ()

    @property
    def way(self) -> str:
        """The direction these words run in."""
        strong = (unicodedata.bidirectional(sign) for sign in self)
        return "rtl" if next((one for one in strong if one in ("L", "R", "AL")), "L") != "L" else "ltr"


@dataclass(frozen=True, slots=True)
class Number:
    """Whom to call, where they are, when they are open."""

    who: str
    address: Foreign
    hours: str
    phone: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A date that binds: what, which day, where as the paper gives it."""

    kind: str
    on: str
    place: Foreign


@dataclass(frozen=True, slots=True)
class DriverCard:
    """What the driver reads, in English whatever the packet's language."""

    who: str
    to: str
    language: str
    lines: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class TearOff:
    """What is theirs alone: contacts and dates that bind, a line each."""

    contacts: tuple[tuple[Foreign, str, Foreign, str], ...]
    dates: tuple[Binding, ...]


def make_qr(text: str) -> Qr:
    """A QR code of a text, error correction M, with the quiet zone of four modules (ISO/IEC 18004, 6.3.8)."""
    rows = segno.make(text, error="m", micro=False).matrix
    path = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                path.append(f"M{x + 4} {y + 4}h{run}v1h-{run}z")
            x += max(1, run)
    return Qr("".join(path), len(rows) + 8)


def say_next(legs: Sequence[LegWords]) -> str:
    """The first thing to do: where to be, and by when."""
    first = next(leg for leg in legs if not leg.is_walk)
    by = first.depart_at - EARLY
    values = {"stop": first.from_stop, "by": f"{day(by.date())} {clock(by)}"}
    return gettext("Next: be at %(stop)s by %(by)s") % values


def list_paper_legs(legs: Sequence[LegWords]) -> list[PaperLeg]:
    """The rides in order, each with the change or walk before it."""
    changes, rides = iter(list_changes(legs)), [leg for leg in legs if not leg.is_walk]
    found = []
    for position, leg in enumerate(rides):
        at = legs.index(leg)
        walked = [one for one in legs[legs.index(rides[position - 1]) if position else 0 : at] if _is_far(one)]
        before = []
        if leg.stays_seated:
            before = [gettext("Stay on: the same vehicle goes on from %(stop)s.") % {"stop": leg.from_stop}]
        elif position:
            before = [_change(next(changes).wait, rides[position - 1])]
        found.append(_paper_leg(leg, (*before, *(_walk(one) for one in walked))))
    return found


def say_last_walk(legs: Sequence[LegWords]) -> str:
    """The walk after the last ride, "" where there is none."""
    return _walk(legs[-1]) if _is_far(legs[-1]) else ""


def _is_far(leg: LegWords) -> bool:
    """Whether a leg is a walk worth naming: not one within a station."""
    return leg.is_walk and leg.length >= timedelta(minutes=1) and leg.from_stop != leg.to_stop


def _change(wait: timedelta, before: LegWords) -> str:
    return gettext("Change at %(stop)s. You have %(wait)s.") % {"stop": before.to_stop, "wait": duration(wait)}


def _walk(leg: LegWords) -> str:
    return gettext("Walk to %(stop)s: %(length)s.") % {"stop": leg.to_stop, "length": duration(leg.length)}


def _paper_leg(leg: LegWords, before: tuple[str, ...]) -> PaperLeg:
    ride = f"{leg.mode_word}, {leg.carrier}" if leg.carrier else leg.mode_word
    if leg.headsign:
        ride = gettext("%(ride)s, to %(headsign)s") % {"ride": ride, "headsign": leg.headsign}
    is_later = leg.arrive_at.date() != leg.depart_at.date()
    return PaperLeg(
        on=day(leg.depart_at.date()),
        depart=clock(leg.depart_at),
        from_stop=leg.from_stop,
        ride=ride,
        arrive=clock(leg.arrive_at),
        arrive_on=day(leg.arrive_at.date()) if is_later else "",
        to_stop=leg.to_stop,
        clock_note=_clock_note(leg),
        before=before,
    )


def _clock_note(leg: LegWords) -> str:
    start, end = leg.depart_at.utcoffset(), leg.arrive_at.utcoffset()
    if start is None or end is None or start == end:
        return ""
    ahead = end > start
    values = {"stop": leg.to_stop, "length": duration(abs(end - start))}
    if ahead:
        return gettext("The clock at %(stop)s is %(length)s ahead. The time above is the time there.") % values
    return gettext("The clock at %(stop)s is %(length)s behind. The time above is the time there.") % values


def list_numbers(ticket_set: TicketSet, desk: ReceivingPlace | None) -> list[Number]:
    """Whom to call on the way: the centre, the desk there, the emergency number where it is one and the same."""
    centre = ticket_set.centre
    rows = [Number(gettext("The centre in %(place)s") % {"place": centre.name}, Foreign(), "", centre.phone)]
    if desk is not None and (desk.phone or desk.street_address):
        rows.append(Number(desk.name, Foreign(desk.street_address), say_hours(desk, ticket_set), desk.phone))
    emergency = {EMERGENCY.get(country, "") for country in ticket_set.offer.countries or [ticket_set.place.country]}
    if len(emergency) == 1 and "" not in emergency:
        rows.append(Number(gettext("Police, fire, doctor"), Foreign(), "", emergency.pop()))
    return rows


def say_hours(desk: ReceivingPlace, ticket_set: TicketSet) -> str:
    """The desk's hours on the day of arrival."""
    at = datetime.fromisoformat(ticket_set.offer.journey["arrive_at"])
    try:
        span = parse_hours(desk.hours).of(at.isoweekday()) if desk.hours else None
    except BadInput:
        return ""
    if span is None:
        return gettext("closed on %(day)s") % {"day": day(at.date())} if desk.hours else ""
    if span[0] == span[1]:
        return gettext("open all day, %(day)s") % {"day": day(at.date())}
    values = {"day": day(at.date()), "opens": f"{span[0]:%H:%M}", "closes": f"{span[1]:%H:%M}"}
    return gettext("open %(day)s %(opens)s to %(closes)s") % values


def list_rights(ticket_set: TicketSet) -> list[str]:
    """What they may do, on the way and after (P2, P4, P11)."""
    place = {"place": place_name(ticket_set.place)}
    told = gettext("%(place)s was told that people come, and when; not who you are.") % place
    untold = gettext("%(place)s was not told of you, as you wished.") % place
    return [
        gettext("You may stay here. Nobody can make you travel."),
        gettext("You may change your mind until you leave. It costs you nothing, and it is never held against you."),
        gettext("You may come back, or go on elsewhere: call us, also from there."),
        untold if is_refused(ticket_set.party_id) else told,
    ]


def say_tickets(words: PartyWords) -> list[str]:
    """The people the tickets are for, by name and age group."""
    return [
        f"{apart(one.name)}, {word(BANDS, one.age_band)}" if one.name else word(BANDS, one.age_band)
        for one in words.persons
    ]


def make_driver_card(ticket_set: TicketSet, language: str) -> DriverCard:
    """The card for the driver; call it with English in force. language: what they speak, in English. No names."""
    legs = list_legs(ticket_set.offer.journey)
    rides = [leg for leg in legs if not leg.is_walk]
    who = ngettext("This passenger is travelling to", "These %(heads)s passengers are travelling to", ticket_set.heads)
    lines = [
        f"{leg.carrier}: {day(leg.depart_at.date())} {clock(leg.depart_at)} {leg.from_stop} – "
        f"{clock(leg.arrive_at)} {leg.to_stop}"
        for leg in rides
    ]
    to = f"{ticket_set.place.name}, {rides[-1].to_stop}"
    return DriverCard(who % {"heads": number(ticket_set.heads)}, to, language, tuple(lines), ticket_set.centre.phone)


def make_tear_off(contacts: Sequence[ContactWords], dates: Sequence[ObligationWords]) -> TearOff:
    """Contacts (who, phone, address, state) and dates that bind, in words."""
    return TearOff(
        tuple(
            (Foreign(one.name), one.phone, Foreign(one.address), word(CONTACTS, one.state))
            for one in contacts
            if _is_given(one)
        ),
        tuple(_say_date(one) for one in dates),
    )


def _is_given(contact: ContactWords) -> bool:
    return bool(contact.name or contact.phone or contact.address)


def _say_date(one: ObligationWords) -> Binding:
    place = one.place_words or (place_name(one.place) if one.place else "")
    kind = gettext(KINDS.get(one.kind, KINDS[Obligation.Kind.OTHER]))
    return Binding(kind, f"{day(one.on)} {one.on.year}", Foreign(place))


def say_made(at: datetime, ticket_set: TicketSet) -> str:
    """When the paper was made, on the centre's clock."""
    return moment(at, ticket_set.centre.zone)
