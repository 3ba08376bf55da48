"""The relay sheet: who changes where on a day, for volunteers on the platform. It names nobody."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

from onward.apps.people.models import Known
from onward.apps.travel.relay import Hub, Passing, list_relays
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import walk_page
from onward.faces.formats import clock, day, duration, number, people

DAYS = ("today", "tomorrow")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What to look for. number: as on its front and on the board, "" where it has none. line: carrier and route."""

    number: str
    line: str


@dataclass(frozen=True, slots=True)
class Row:
    """A party at a change, in words."""

    comes_at: str
    comes_by: Vehicle
    goes_at: str
    goes_by: Vehicle
    goes_to: str
    wait: str
    heads: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A hub's rows. key: its place in the day's list, for its address."""

    key: int
    name: str
    heads: str
    rows: tuple[Row, ...]


@walk_page
def relay(request: StaffRequest) -> HttpResponse:
    """The hubs of today or tomorrow; ?sheet=N gives one hub's sheet to print."""
    which = request.GET.get("on", "today")
    which = which if which in DAYS else "today"
    on = now().astimezone(ZoneInfo(request.centre.zone)).date() + timedelta(days=DAYS.index(which))
    relays = list_relays(on)
    sheets = [_sheet(key, hub) for key, hub in enumerate(relays.hubs, start=1)]
    if "sheet" in request.GET:
        return _paper(request, sheets, on, which)
    names = {"today": gettext("Today"), "tomorrow": gettext("Tomorrow")}
    context = {
        "sheets": sheets,
        "left_off": _left_off(relays.left_off),
        "day": day(on),
        "which": which,
        "days": [(key, names[key]) for key in DAYS],
    }
    return render(request, "desk/relay.html", context)


def _paper(request: StaffRequest, sheets: list[Sheet], on: date, which: str) -> HttpResponse:
    sheet = next((one for one in sheets if str(one.key) == request.GET["sheet"]), None)
    if sheet is None:
        raise Http404
    context = {
        "sheet": sheet,
        "day": day(on),
        "centre": request.centre,
        "paper": "letter" if request.centre.currency in ("USD", "CAD", "MXN") else "a4",
        "tools": [(f"{reverse('desk:relay')}?on={which}", gettext("Back to the hubs"))],
        "print_word": gettext("Print"),
        "desk_language": get_language() or "en",
        "desk_dir": "rtl" if get_language_bidi() else "ltr",
    }
    return render(request, "paper/relay.html", context)


def _sheet(key: int, hub: Hub) -> Sheet:
    return Sheet(key, hub.name, people(hub.heads), tuple(_row(one) for one in hub.passing))


def _row(one: Passing) -> Row:
    comes_by = _vehicle(one.comes_by)
    if one.came_to != one.hub:
        line = gettext("%(vehicle)s, comes in at %(stop)s") % {"vehicle": comes_by.line, "stop": one.came_to}
        comes_by = Vehicle(comes_by.number, line)
    return Row(
        comes_at=_at(one.comes_at.date(), one.goes_at.date(), clock(one.comes_at)),
        comes_by=comes_by,
        goes_at=clock(one.goes_at),
        goes_by=_vehicle(one.goes_by),
        goes_to=one.goes_to,
        wait=duration(one.wait),
        heads=number(one.heads),
        needs=tuple(_needs(one)),
    )


def _vehicle(said: str) -> Vehicle:
    line, _, number = said.rpartition(" ")
    return Vehicle(number, line) if line and any(sign.isdigit() for sign in number) else Vehicle("", said)


def _at(comes_on: date, goes_on: date, said: str) -> str:
    """The time they come in, with its day where that is the day before."""
    return said if comes_on == goes_on else f"{day(comes_on)} {said}"


def _needs(one: Passing) -> list[str]:
    """What matters on the platform; what is not known is said as that."""
    found = []
    if one.children:
        said = ngettext("%(n)s child under 12", "%(n)s children under 12", one.children)
        found.append(said % {"n": number(one.children)})
    if one.step_free == Known.YES:
        found.append(gettext("a way without steps"))
    elif one.step_free != Known.NO:
        found.append(gettext("whether steps are hard for them is not known"))
    if one.phone == Known.NO:
        found.append(gettext("no phone"))
    return found


def _left_off(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(n)s party changes on this day and is on no sheet: they do not want others told of them.",
        "%(n)s parties change on this day and are on no sheet: they do not want others told of them.",
        count,
    )
    return said % {"n": number(count)}
