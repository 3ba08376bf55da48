"""A ticket set in words: where it stands, where to go on, its people, its price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from onward.apps.accounts.models import Centre
from onward.apps.cases.models import Offer
from onward.apps.cases.stops import Stop
from onward.apps.people.models import AgeBand
from onward.apps.people.queries import PersonWords
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import parts_of
from onward.core.money import Money
from onward.faces.desk.journey_words import list_changes, list_legs, say_changes, say_modes
from onward.faces.desk.walking import place_name
from onward.faces.desk.words import BANDS, word
from onward.faces.formats import cash, cash_for, moment, people

State = TicketSet.State
NEXT = {State.HELD: "desk:purchase", State.BOUGHT: "desk:issue"}


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One row of parts/summary_list.html."""

    label: str
    value: str
    url: str = ""


def next_url(ticket_set: TicketSet) -> str:
    """The page on which a set's next step is taken, or which shows it."""
    return reverse(NEXT.get(State(ticket_set.state), "desk:tickets"), args=[ticket_set.pk])


def total_of_set(ticket_set: TicketSet) -> Money:
    """Fare, tax and fee of a set."""
    return parts_of(ticket_set).total


def say_persons(persons: Sequence[PersonWords]) -> SafeString:
    """Every person on a line: name and age group."""
    lines = []
    for one in persons:
        name = one.name or gettext("Person %(position)s") % {"position": one.position}
        lines.append(format_html("<bdi>{}</bdi>, {}", name, word(BANDS, one.age_band)))
    return format_html_join("\n", "{}", ((line,) for line in lines))


def say_bands(bands: dict[str, int]) -> str:
    """How many of each age group, grown people first: "2 adults, 1 child"."""
    counts = {band: bands.get(band, 0) for band in reversed(AgeBand.values)}
    words = {
        AgeBand.ADULT: ngettext("%(count)s adult", "%(count)s adults", counts["adult"]),
        AgeBand.YOUTH: ngettext("%(count)s youth", "%(count)s youths", counts["youth"]),
        AgeBand.CHILD: ngettext("%(count)s child", "%(count)s children", counts["child"]),
        AgeBand.INFANT: ngettext("%(count)s infant", "%(count)s infants", counts["infant"]),
    }
    return ", ".join(words[AgeBand(band)] % {"count": count} for band, count in counts.items() if count)


def bidi(text: str) -> SafeString:
    """A foreign name kept together in any direction of text."""
    return format_html("<bdi>{}</bdi>", text)


def journey_rows(offer: Offer, centre: Centre) -> list[SummaryRow]:
    """Where, when and by what, for the check pages."""
    legs, place = list_legs(offer.journey), place_name(offer.place)
    start, end = (datetime.fromisoformat(offer.journey[name]) for name in ("depart_at", "arrive_at"))
    carriers = list(dict.fromkeys(leg.carrier for leg in legs if not leg.is_walk))
    return [
        SummaryRow(gettext("To"), bidi(place)),
        SummaryRow(gettext("Leave"), moment(start, centre.zone, centre.name)),
        SummaryRow(gettext("Arrive"), moment(end, offer.place.zone, place)),
        SummaryRow(
            gettext("By"),
            format_html("{}: {}", say_modes(legs), format_html_join("; ", "<bdi>{}</bdi>", ((c,) for c in carriers))),
        ),
        SummaryRow(gettext("Changes"), say_changes(list_changes(legs))),
    ]


def price_rows(ticket_set: TicketSet) -> list[SummaryRow]:
    """Fare, tax and fee apart (P16), then together."""
    parts = parts_of(ticket_set)
    rows = [
        SummaryRow(gettext("Fare"), cash(parts.fare)),
        SummaryRow(gettext("Tax"), cash(parts.tax)),
        SummaryRow(gettext("Fee"), cash(parts.fee)),
    ]
    return [*rows, SummaryRow(gettext("Together"), cash_for(parts.total, ticket_set.heads))]


def people_row(persons: Sequence[PersonWords], heads: int) -> SummaryRow:
    """Who travels, and how many."""
    return SummaryRow(people(heads), say_persons(persons))


def say_stops(stops: Sequence[Stop]) -> list[str]:
    """What stops the tickets and what to do about each, in the language in force (P6)."""
    return [" ".join(gettext(part) % stop.values for part in (stop.text, stop.remedy) if part) for stop in stops]
