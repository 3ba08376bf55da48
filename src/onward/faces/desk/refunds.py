"""Unused value the carriers owe back: asked, received, refused (P4, P16)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from onward.apps.travel.actions import close_refund
from onward.apps.travel.models import RefundTask
from onward.apps.travel.queries import list_refunds
from onward.core.errors import NotFound, OnwardError, message
from onward.core.money import Money
from onward.faces.desk.journey_words import list_legs
from onward.faces.desk.money_fields import AmountField, MoneyForm, plain_amount
from onward.faces.desk.pages import now
from onward.faces.desk.payers import say_payer
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import walk_page
from onward.faces.formats import age, cash
from onward.faces.forms_look import show_error

State = RefundTask.State
STATES = {State.RECEIVED: _("came back"), State.REFUSED: _("refused by the carrier")}


class RefundForm(MoneyForm):
    """What came back from the carrier."""

    money_fields = ("received",)
    received = AmountField(label=_("Came back"), required=False)


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund in words. form: for those still owed."""

    refund: RefundTask
    label: str
    amount: str
    received: str
    carriers: str
    payer: str
    age: str
    state_word: str
    form: RefundForm | None


@walk_page
def refunds(request: StaffRequest) -> HttpResponse:
    """Refunds owed first, oldest first, then those closed."""
    return _page(request, None, 200)


@require_POST
@walk_page
def refund(request: StaffRequest, refund_id: int) -> HttpResponse:
    """The carrier's answer: how much came back, or that it refused."""
    found = RefundTask.objects.filter(pk=refund_id).first()
    if found is None:
        raise NotFound("refund.unknown", message("There is no such refund."))
    form = _form(found, request)
    state = request.POST.get("state", "")
    if form.is_valid():
        received = form.amounts["received"] if state == State.RECEIVED else None
        try:
            closed = close_refund(found.pk, state=state, received=received, actor=request.actor, now=now())
        except OnwardError as error:
            show_error(form, error)
        else:
            messages.success(request, _say_closed(closed))
            return HttpResponseRedirect(reverse("desk:refunds"))
    return _page(request, (found.pk, form), 422)


def _form(refund: RefundTask, request: StaffRequest | None = None) -> RefundForm:
    whole = plain_amount(Money(refund.amount_minor, refund.currency))
    data = request.POST if request is not None else None
    prefix = f"refund-{refund.pk}"
    return RefundForm(data, prefix=prefix, initial={"received": whole}, currency=refund.currency)


def _say_closed(refund: RefundTask) -> str:
    if refund.state == State.REFUSED:
        return gettext("Written down: the carrier refused. The money stays spent.")
    return gettext("Written down: %(amount)s came back.") % {
        "amount": cash(Money(refund.received_minor, refund.currency))
    }


def _page(request: StaffRequest, wrong: tuple[int, RefundForm] | None, status: int) -> HttpResponse:
    at = now()
    rows = [_row(one, at, wrong[1] if wrong and wrong[0] == one.pk else None) for one in list_refunds()]
    owed = [row for row in rows if row.form is not None]
    context = {
        "owed": owed,
        "closed": [row for row in rows if row.form is None],
        "together": say_together([row.refund for row in owed]),
        "form": wrong[1] if wrong else None,
    }
    return render(request, "desk/refunds.html", context, status=status)


def say_together(owed: list[RefundTask]) -> str:
    """All that is owed, by currency: "$148.00 and CA$20.00"."""
    sums: dict[str, int] = {}
    for one in owed:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount_minor
    return " + ".join(cash(Money(minor, currency)) for currency, minor in sorted(sums.items()))


def _row(one: RefundTask, at: datetime, form: RefundForm | None) -> RefundRow:
    ticket_set = one.ticket_set
    carriers = dict.fromkeys(leg.agency for leg in list_legs(ticket_set.offer.journey) if leg.agency)
    is_owed = one.state == State.OWED
    return RefundRow(
        one,
        ticket_set.party.label,
        cash(Money(one.amount_minor, one.currency)),
        cash(Money(one.received_minor, one.currency)),
        ", ".join(carriers),
        say_payer(ticket_set, ticket_set.fund),
        age(one.opened_at if is_owed else one.closed_at or one.opened_at, at),
        "" if is_owed else str(STATES[State(one.state)]),
        (form or _form(one)) if is_owed else None,
    )
