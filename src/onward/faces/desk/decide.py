"""What the party decided, in one press: a journey, or to stay, decide later, say no (P2)."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from onward.apps.cases.actions import decide as keep_decision
from onward.apps.cases.models import Decision
from onward.apps.cases.queries import find_decision
from onward.apps.cases.rules import DECIDED
from onward.apps.people.models import Party
from onward.apps.people.queries import get_party
from onward.core.errors import BadInput, OnwardError, message
from onward.faces.desk.pages import now, read_id
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import walk_page
from onward.faces.formats import day
from onward.faces.problems import sentence

Kind = Decision.Kind
KEPT = {
    Kind.STAY: _("Written down: they stay for now. Nothing else changes, and they can ask again any day."),
    Kind.LATER: _("Written down: they decide later. Nothing else changes."),
    Kind.DECLINE: _("Written down: they said no to travelling. It is never counted against anyone."),
}


@require_POST
@walk_page
def decide(request: StaffRequest, party_id: int) -> HttpResponse:
    """Keep the decision pressed on the offers page; a refusal comes back there as a sentence."""
    kind, offer_id = request.POST.get("kind", ""), request.POST.get("offer", "")
    try:
        again = _read_day(request.POST.get("ask_again_on", "")) if kind == Kind.LATER else None
        chosen = read_id(offer_id)
        if not _is_kept(get_party(party_id), kind, chosen, again):
            keep_decision(party_id, kind, offer_id=chosen, ask_again_on=again, actor=request.actor, now=now())
    except OnwardError as error:
        messages.error(request, sentence(error))
        return HttpResponseRedirect(reverse("desk:offers", args=[party_id]))
    if kind == Kind.ACCEPT:
        return HttpResponseRedirect(reverse("desk:pay", args=[party_id]))
    messages.success(request, _say_kept(Kind(kind), again))
    return HttpResponseRedirect(reverse("desk:party", args=[party_id]))


def _is_kept(party: Party, kind: str, offer_id: int | None, again: date | None) -> bool:
    """Whether this very decision stands already: a second press, the back button, another tab."""
    newest = find_decision(party.pk)
    if newest is None or party.state != DECIDED[Kind(newest.kind)]:
        return False
    return (newest.kind, newest.offer_id, newest.ask_again_on) == (kind, offer_id, again)


def _say_kept(kind: Decision.Kind, again: date | None) -> str:
    if kind is Kind.LATER and again:
        return gettext("Written down: they decide later. Ask again on %(day)s.") % {"day": day(again)}
    return str(KEPT[kind])


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as problem:
        raise BadInput(
            "decision.ask_again_unreadable",
            message("“%(text)s” is not a day."),
            remedy=message("Write it as year, month and day, such as 2025-06-11, or leave it empty."),
            field="ask_again_on",
            values={"text": text[:40]},
        ) from problem
