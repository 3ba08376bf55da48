"""How a case ends: closed, kept on a court's demand, or erased because the traveller asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_consent
from onward.apps.cases.models import Consent
from onward.apps.people.actions.closing import close_case, erase_case, hold_case, lift_hold
from onward.apps.people.models import Party
from onward.apps.people.queries import get_party, has_explanation
from onward.core.actor import Actor, Role
from onward.core.errors import NotFound, OnwardError, message
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import identify, walk_page
from onward.faces.problems import sentence


def _take_yes_back(party_id: int, *, actor: Actor, now: datetime) -> None:
    record_consent(party_id, Consent.Step.RECORD, is_yes=False, actor=actor, now=now)


ENDINGS: dict[str, tuple[Callable[..., Any], Any]] = {
    "no-more": (
        _take_yes_back,
        _("Written down: they take their yes back. Nothing more is asked."),
    ),
    "close": (close_case, _("Closed. If they come back within 90 days, the interview opens it again.")),
    "hold": (hold_case, _("Kept: nothing of this case is erased until the demand is over.")),
    "lift": (lift_hold, _("The demand is over; the schedule goes on where it stood.")),
    "erase": (erase_case, _("Erased: the names and words cannot be read by anybody any more.")),
}


@walk_page
def end(request: HttpRequest, party_id: int) -> HttpResponse:
    """The page of a case's end; each button is one act, and an act refused says why."""
    staff, party = cast(StaffRequest, request), get_party(party_id)
    if request.method == "POST":
        act, done = ENDINGS.get(request.POST.get("act", ""), (None, ""))
        if act is None:
            raise NotFound("ending.unknown", message("There is no such act."))
        try:
            act(party_id, actor=staff.actor, now=now())
        except OnwardError as error:
            messages.error(request, sentence(error))
            return HttpResponseRedirect(reverse("desk:end", args=[party_id]))
        messages.success(request, done)
        return HttpResponseRedirect(reverse("desk:party", args=[party_id]))
    context = {
        "party": party,
        "identity": identify(party),
        "is_closed": party.state == Party.State.CLOSED,
        "is_erased": party.erased_at is not None,
        "is_explained": has_explanation(party),
        "is_held": party.on_hold_since is not None,
        "is_coordinator": Role.COORDINATOR in staff.actor.roles,
    }
    return render(request, "desk/end.html", context)
