"""Today: who waits, what is owed, one next act a row; nothing about who did how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from onward.apps.accounts.models import Account
from onward.apps.accounts.queries import list_centres_of
from onward.apps.notices.models import Notice
from onward.apps.notices.queries import list_unanswered, list_unread
from onward.apps.people.rules import WALKERS
from onward.faces.desk import duties, duty_rows
from onward.faces.desk.duties import SHOWN, Counts, Leaving
from onward.faces.desk.duty_rows import Duty
from onward.faces.desk.pages import now, staff_page
from onward.faces.desk.scope import StaffRequest
from onward.faces.formats import duration


@dataclass(frozen=True, slots=True)
class Duties:
    """One list of the page. count: all there are; the rows beyond those drawn are `more`."""

    id: str
    title: str
    rows: Sequence[Duty]
    count: int
    empty: str = ""

    @property
    def more(self) -> int:
        """How many are not drawn."""
        return self.count - len(self.rows)


def summarise(counts: Counts, leaving: int, unanswered: int, at: datetime) -> str:
    """The sentence at the top: "31 waiting, the longest 1 h 10; 2 leave today; 5 notices unanswered."."""
    if counts.waiting and counts.waiting_since:
        values = {"waiting": counts.waiting, "longest": duration(at - counts.waiting_since)}
        parts = [gettext("%(waiting)s waiting, the longest %(longest)s") % values]
    else:
        parts = [gettext("Nobody is waiting")]
    if leaving:
        parts.append(ngettext("%(n)s party leaves today", "%(n)s parties leave today", leaving) % {"n": leaving})
    if unanswered:
        parts.append(ngettext("%(n)s notice unanswered", "%(n)s notices unanswered", unanswered) % {"n": unanswered})
    return gettext("; ").join(parts) + gettext(".")


@staff_page
def today(request: HttpRequest) -> HttpResponse:
    """The first page of a shift."""
    staff = cast(StaffRequest, request)
    at, centre = now(), staff.centre
    local = at.astimezone(ZoneInfo(centre.zone))
    context: dict[str, object] = {"on": local.date(), "centres": list_centres_of(cast(Account, request.user))}
    if staff.actor.roles.intersection(WALKERS):
        counts, leaving, unanswered = duties.count_parties(), duties.list_leaving(centre, now=at), list_unanswered()
        mine = duties.list_mine(int(staff.actor.id), now=at, today=local.date())
        context["sentence"] = summarise(counts, len(leaving.today), len(unanswered), at)
        context["lists"] = [
            *_urgent(leaving, duty_rows.of_mine(mine, centre, at), centre.zone),
            *_walking(counts, at),
            Duties(
                "leaving",
                gettext("Leaving today"),
                duty_rows.of_sets(leaving.today[:SHOWN], centre.zone),
                len(leaving.today),
            ),
            *_outside(unanswered, local),
        ]
    return render(request, "desk/today.html", context)


def _urgent(leaving: Leaving, mine: list[Duty], zone: str) -> list[Duties]:
    late = duty_rows.of_late(leaving.late[:SHOWN], zone)
    return [
        Duties("late", gettext("Late: did they leave?"), late, len(leaving.late)),
        Duties("mine", gettext("Parked for me, or due"), mine[:SHOWN], len(mine)),
    ]


def _walking(counts: Counts, at: datetime) -> list[Duties]:
    empty = gettext("Whoever comes in is listed here, the urgent and the longest waiting first.")
    waiting, begun = duty_rows.of_waiting(duties.list_waiting(), at), duties.list_in_interview()
    choosing = duty_rows.of_choosing(duties.list_choosing())
    return [
        Duties("waiting", gettext("Waiting to be seen"), waiting, counts.waiting, empty),
        Duties("interview", gettext("In interview"), duty_rows.of_interviews(begun, at), counts.in_interview),
        Duties("choosing", gettext("Choosing, paying"), choosing, counts.choosing),
    ]


def _outside(unanswered: Sequence[Notice], local: datetime) -> list[Duties]:
    unread, owed = list_unread(), duties.list_owed()
    feeds = duties.list_expiring(local.date())
    return [
        Duties("answers", gettext("Answers to read out"), duty_rows.of_unread(unread[:SHOWN]), len(unread)),
        Duties(
            "notices",
            gettext("Notices without an answer"),
            duty_rows.of_unanswered(unanswered[:SHOWN]),
            len(unanswered),
        ),
        Duties("refunds", gettext("Refunds to ask for"), duty_rows.of_owed(owed[:SHOWN], local.tzinfo), len(owed)),
        Duties("timetables", gettext("Timetables that end soon"), duty_rows.of_feeds(feeds), len(feeds)),
    ]
