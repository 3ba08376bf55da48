"""The picture of a place: who is known to come in the next 14 days, how much of it is known, and its room."""

from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from onward.apps.notices.coming import list_day_counts
from onward.apps.notices.rules import STANDING_KINDS
from onward.apps.notices.showing import is_cut_to_totals
from onward.apps.places.actions import state_capacity
from onward.apps.places.queries import find_capacity, find_receiving
from onward.core.errors import BadInput
from onward.faces import formats
from onward.faces.forms_look import show_error
from onward.faces.receiver import wording
from onward.faces.receiver.chart import draw_columns
from onward.faces.receiver.days import DAYS, Day, list_days
from onward.faces.receiver.door import Visit, by_link
from onward.faces.receiver.forms import RoomForm
from onward.faces.receiver.spreadsheet import write_csv

COVERAGE = "not known"
"""What the file says of its coverage while nobody has counted arrivals."""


@by_link
def picture(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The next 14 days from all senders."""
    return _page(request, visit, None)


@by_link
def capacity(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take what the place says of its room."""
    form = RoomForm(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            state_capacity(
                visit.notice.place_id,
                form.cleaned_data["code"],
                form.cleaned_data["words"],
                actor=visit.actor,
                now=visit.now,
            )
        except BadInput as problem:
            show_error(form, problem)
    if request.method == "POST" and form.errors:
        return _page(request, visit, form)
    return HttpResponseRedirect(reverse("receiver:picture", args=[visit.token]) + "#room")


@by_link
def picture_csv(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same days as a file: counts only."""
    if is_cut_to_totals(visit.notice):
        header = ["day", "people", "coverage"]
        rows: list[list[object]] = [[day.on.isoformat(), day.heads, COVERAGE] for day in _days(visit)]
    else:
        header = ["day", "sender", "people", "parties", "bed_yes", "step_free_yes", "interpreter_yes", "coverage"]
        rows = [
            [
                one.day.isoformat(),
                one.sender,
                one.heads,
                one.parties,
                one.heads_bed,
                one.heads_step_free,
                one.heads_interpreter,
                COVERAGE,
            ]
            for one in list_day_counts(visit.notice.place_id, _today(visit), DAYS)
        ]
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    name = f"onward-{visit.notice.place_id}-{_today(visit).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _today(visit: Visit) -> date:
    return visit.now.astimezone(ZoneInfo(visit.notice.place.zone)).date()


def _days(visit: Visit) -> list[Day]:
    first = _today(visit)
    return list_days(list_day_counts(visit.notice.place_id, first, DAYS), first)


def _sentence(days: list[Day]) -> str:
    """How many are known to come, and on which day most; always followed by the coverage."""
    total, fullest = sum(day.heads for day in days), max(days, key=lambda day: day.heads)
    if not total:
        return gettext("Nobody is known to come in the next 14 days.")
    return ngettext(
        "%(total)s person is known to come in the next 14 days, on %(day)s.",
        "%(total)s people are known to come in the next 14 days, most on %(day)s: %(most)s.",
        total,
    ) % {"total": formats.number(total), "day": formats.day(fullest.on), "most": formats.number(fullest.heads)}


def _page(request: HttpRequest, visit: Visit, form: RoomForm | None) -> HttpResponse:
    place = visit.notice.place
    days = _days(visit)
    said = find_capacity(place, now=visit.now)
    context = {
        **visit.here,
        "form": form or RoomForm(),
        "sentence": _sentence(days),
        "days": [day for day in days if day.heads],
        "columns": draw_columns(days),
        "is_cut": is_cut_to_totals(visit.notice),
        "is_open": visit.notice.superseded_by_id is None and visit.notice.kind in STANDING_KINDS,
        "has_desk": find_receiving(place) is not None,
        "said": said,
        "said_word": wording.ROOM[said.code] if said else "",
    }
    return render(request, "receiver/picture.html", context, status=422 if form is not None else 200)
