"""Breaking off an interview with an owner and a time, and taking it up again."""

from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from onward.apps.accounts.models import Account
from onward.apps.people.actions import park as park_case
from onward.apps.people.actions import resume as resume_case
from onward.apps.people.models import Party
from onward.apps.people.queries import get_party, has_explanation
from onward.apps.people.rules import PARK_REASONS, WALKERS
from onward.core.errors import OnwardError
from onward.faces.desk.arrival import choices_of
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import identify, walk_page
from onward.faces.formats import moment
from onward.faces.forms_look import ChoiceLabel, DateBox, TimeBox, show_error

AT = "at"
MORNING, EVENING = time(8), time(18)


class ParkForm(forms.Form):
    """Until when, for whom, why."""

    until = forms.ChoiceField(
        label=_("Until when?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when the case comes back.")},
    )
    on = forms.DateField(
        label=_("Another day"),
        required=False,
        widget=DateBox,
        error_messages={"invalid": _("Choose a day, such as 2026-03-02.")},
    )
    at = forms.TimeField(
        label=_("At"), required=False, widget=TimeBox, error_messages={"invalid": _("Choose a time, such as 14:30.")}
    )
    why = forms.ChoiceField(
        label=_("Why?"), widget=forms.RadioSelect, error_messages={"required": _("Choose why it is parked.")}
    )
    owner_id = forms.TypedChoiceField(
        label=_("Who takes it up again?"),
        coerce=int,
        error_messages={"required": _("Choose who takes it up again.")},
    )

    def __init__(self, *args: Any, zone: str, colleagues: list[Account], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.moments = list_moments(at, zone)
        quick = [(key, ChoiceLabel(label, moment(instant, zone))) for key, (label, instant) in self.moments.items()]
        choices_of(self, "until", [*quick, (AT, gettext("Another time"))])
        choices_of(self, "why", [(code, gettext(text)) for code, text in PARK_REASONS.items()])
        choices_of(self, "owner_id", [(str(one.pk), one.name) for one in colleagues])

    def clean(self) -> dict[str, Any]:
        """The instant the case comes back, on the centre's clock."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = given.get("until") or (AT if given.get("on") else None)
        if chosen == AT:
            self.errors.pop("until", None)
            if given.get("on") is None and "on" not in self.errors:
                self.add_error("on", gettext("Choose the day."))
            elif given.get("on"):
                clock = given.get("at") or MORNING
                given["until_at"] = datetime.combine(given["on"], clock, ZoneInfo(self.zone))
        elif chosen in self.moments:
            given["until_at"] = self.moments[chosen][1]
        return given


def list_moments(at: datetime, zone: str) -> dict[str, tuple[str, datetime]]:
    """The times a case is mostly parked until: in an hour, this evening while it is day, tomorrow morning."""
    local = at.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    found = {"hour": (gettext("In an hour"), local + timedelta(hours=1))}
    evening = datetime.combine(local.date(), EVENING, ZoneInfo(zone))
    if evening > local + timedelta(hours=1):
        found["evening"] = (gettext("This evening"), evening)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), MORNING, ZoneInfo(zone))
    return found | {"morning": (gettext("Tomorrow morning"), tomorrow)}


def list_colleagues(centre_id: int) -> list[Account]:
    """Who does the walk at a centre, by name."""
    roles = [role.value for role in WALKERS]
    rows = Account.objects.filter(memberships__centre=centre_id, memberships__role__in=roles, is_active=True)
    return list(rows.distinct().order_by("name", "pk"))


@walk_page
def park(request: HttpRequest, party_id: int) -> HttpResponse:
    """The page that asks until when, for whom and why."""
    staff, party, at = cast(StaffRequest, request), get_party(party_id), now()
    form = ParkForm(
        request.POST or None,
        zone=party.centre.zone,
        colleagues=list_colleagues(party.centre_id),
        at=at,
        initial={"owner_id": staff.actor.id},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            park_case(
                party_id,
                until=given["until_at"],
                owner_id=given["owner_id"],
                why=given["why"],
                actor=staff.actor,
                now=at,
            )
        except OnwardError as error:
            show_error(form, error, fields={"until": "on" if given["until"] == AT else "until"})
        else:
            words = gettext("%(number)s is parked until %(moment)s. Everything said so far is kept.")
            until = moment(given["until_at"], party.centre.zone)
            messages.success(request, words % {"number": party.label, "moment": until})
            return HttpResponseRedirect(reverse("desk:today"))
    context = {"party": party, "identity": identify(party), "form": form}
    return render(request, "desk/park.html", context, status=422 if form.errors else 200)


@require_POST
@walk_page
def resume(request: HttpRequest, party_id: int) -> HttpResponse:
    """Take a parked case up where it was, and go where its work is."""
    party = resume_case(party_id, actor=cast(StaffRequest, request).actor, now=now())
    if not has_explanation(party):
        return HttpResponseRedirect(reverse("desk:explain", args=[party_id]))
    is_talking = party.state == Party.State.IN_INTERVIEW
    return HttpResponseRedirect(reverse("desk:interview" if is_talking else "desk:party", args=[party_id]))
