"""How each duty of today is written: whose, what, since when, the one next act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from onward.apps.accounts.models import Centre
from onward.apps.notices.models import Answer, Notice
from onward.apps.people.models import Known, Party
from onward.apps.travel.models import RefundTask, TicketSet
from onward.core.money import Money
from onward.engines.journeys import FeedSummary
from onward.faces.desk.languages import name_of
from onward.faces.desk.walking import place_name
from onward.faces.desk.words import park_word
from onward.faces.formats import cash, clock, day, duration, moment, people


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of parts/duty_list.html. posts: the act is a POST."""

    number: str
    what: str
    detail: str
    when: str
    status: str
    url: str
    act: str
    posts: bool = False


def address(name: str, *args: object) -> str:
    """The address of a page of the desk."""
    return reverse(f"desk:{name}", args=args)


def whom(party: Party) -> str:
    """A party at a glance: "4 people, Spanish"."""
    return gettext("%(people)s, %(language)s") % {"people": people(party.heads), "language": name_of(party.language)}


def of_waiting(parties: Sequence[Party], at: datetime) -> list[Duty]:
    """The queue."""
    return [_waiting(one, at) for one in parties]


def _waiting(party: Party, at: datetime) -> Duty:
    length = duration(at - party.arrived_at)
    if party.is_urgent:
        when, status = gettext("Urgent, %(length)s") % {"length": length}, "warn"
    else:
        when, status = length, "waiting"
    bed = gettext("needs a bed tonight") if party.bed_tonight == Known.YES else ""
    url = address("explain", party.pk)
    return Duty(str(party.number), whom(party), bed, when, status, url, gettext("Begin"))


def of_interviews(parties: Sequence[Party], at: datetime) -> list[Duty]:
    """Interviews begun."""
    return [
        Duty(
            str(one.number),
            whom(one),
            "",
            gettext("last touched %(length)s ago") % {"length": duration(at - one.changed_at)},
            "",
            address("interview", one.pk),
            gettext("Go on"),
        )
        for one in parties
    ]


def of_mine(parties: Sequence[Party], centre: Centre, at: datetime) -> list[Duty]:
    """Parked cases, and those to be asked again."""
    return [_parked(one, centre, at) if one.state == Party.State.PARKED else _asking(one) for one in parties]


def _parked(party: Party, centre: Centre, at: datetime) -> Duty:
    until = party.parked_until or at
    local, today = until.astimezone(ZoneInfo(centre.zone)), at.astimezone(ZoneInfo(centre.zone)).date()
    when = clock(local) if local.date() == today else moment(until, centre.zone)
    values = {"why": park_word(party.parked_why), "owner": party.parked_for.name if party.parked_for else ""}
    detail = gettext("%(why)s; for %(owner)s") % values
    status = "late" if until <= at else "parked"
    url = address("resume", party.pk)
    return Duty(str(party.number), whom(party), detail, when, status, url, gettext("Take up again"), posts=True)


def _asking(party: Party) -> Duty:
    on = getattr(party, "ask_again_on", None)
    detail, when = gettext("wanted to decide later"), day(on) if on else ""
    return Duty(str(party.number), whom(party), detail, when, "", address("party", party.pk), gettext("Ask again"))


def of_choosing(parties: Sequence[Party]) -> list[Duty]:
    """Journeys to choose from, and tickets to finish."""
    return [_choosing(one) for one in parties]


def _choosing(party: Party) -> Duty:
    state, ticket_set = getattr(party, "ticket_state", None), getattr(party, "ticket_set", None)
    match state:
        case TicketSet.State.HELD:
            what, url, act = gettext("money set aside"), address("purchase", ticket_set), gettext("Record the purchase")
        case TicketSet.State.BOUGHT:
            what, url, act = gettext("bought, not issued"), address("issue", ticket_set), gettext("Issue")
        case _ if party.state == Party.State.ACCEPTED:
            what, url, act = gettext("journey chosen"), address("pay", party.pk), gettext("Check and pay")
        case _:
            what, url, act = gettext("journeys found"), address("offers", party.pk), gettext("Choose")
    return Duty(str(party.number), whom(party), what, "", "", url, act)


def of_sets(ticket_sets: Sequence[TicketSet], zone: str) -> list[Duty]:
    """Who leaves today."""
    return [_set(one, zone, "") for one in ticket_sets]


def of_late(ticket_sets: Sequence[TicketSet], zone: str) -> list[Duty]:
    """Whose hour has gone by."""
    return [_set(one, zone, "late") for one in ticket_sets]


def _set(ticket_set: TicketSet, zone: str, status: str) -> Duty:
    detail = gettext("to %(place)s") % {"place": place_name(ticket_set.place)}
    when, act = moment(ticket_set.depart_at, zone), gettext("Did they leave?") if status else gettext("Departures")
    url = address("departure", ticket_set.pk) if status else address("departures")
    return Duty(str(ticket_set.party.number), whom(ticket_set.party), detail, when, status, url, act)


def of_unanswered(notices: Sequence[Notice]) -> list[Duty]:
    """Notices no place has answered."""
    return [
        Duty(
            str(one.ticket_set.party.number),
            place_name(one.place),
            gettext("coming %(day)s") % {"day": day(one.day)},
            gettext("seen, no answer") if one.first_seen_at else gettext("not opened yet"),
            "told" if one.first_seen_at else "waiting",
            address("party", one.ticket_set.party_id),
            gettext("Open the case"),
        )
        for one in notices
    ]


def of_unread(answers: Sequence[Answer]) -> list[Duty]:
    """Answers the family has not heard yet."""
    return [
        Duty(
            str(one.notice.ticket_set.party.number),
            place_name(one.notice.place),
            gettext("answered, not yet read to the family"),
            "",
            "",
            address("tickets", one.notice.ticket_set_id),
            gettext("Read it out"),
        )
        for one in answers
    ]


def of_owed(refunds: Sequence[RefundTask], zone: tzinfo | None) -> list[Duty]:
    """Money carriers owe, since a day on the centre's clock."""
    return [
        Duty(
            str(one.ticket_set.party.number),
            cash(Money(one.amount_minor, one.currency)),
            gettext("unused, to be asked back from the carrier"),
            gettext("since %(day)s") % {"day": day(one.opened_at.astimezone(zone).date())},
            "",
            address("refunds"),
            gettext("Ask for it"),
        )
        for one in refunds
    ]


def of_feeds(feeds: Sequence[FeedSummary]) -> list[Duty]:
    """Timetables about to end; the operator adds the next one."""
    return [
        Duty(
            "",
            feed.title,
            gettext("ask the operator for the next one"),
            gettext("ends %(day)s") % {"day": day(feed.last_on)},
            "warn",
            "",
            "",
        )
        for feed in feeds
    ]
