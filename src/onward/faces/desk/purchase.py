"""The record of the purchase made at the carrier: confirmation number, what was truly paid, the receipt (P16, P17)."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_consent
from onward.apps.cases.models import Consent
from onward.apps.people.models import Person
from onward.apps.people.queries import PersonWords, open_person
from onward.apps.people.sealing import log_look
from onward.apps.travel.actions import record_purchase
from onward.apps.travel.checks import require_purchase_consent
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import get_ticket_set, parts_of
from onward.core.errors import BadInput, OnwardError, Stopped, message
from onward.faces.desk.journey_words import LegWords, list_legs
from onward.faces.desk.money_fields import LABELS, AmountField, MoneyForm, plain_amount
from onward.faces.desk.offers import identify_here
from onward.faces.desk.pages import now
from onward.faces.desk.pay import YesNoField
from onward.faces.desk.payers import say_payer
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import SummaryRow, journey_rows, next_url, people_row, price_rows
from onward.faces.desk.walking import walk_page
from onward.faces.forms_look import show_error

State = TicketSet.State
TOO_LARGE = BadInput(
    "receipt.too_large",
    message("This file is larger than 10 MB."),
    remedy=message("Take a smaller picture, or save the receipt as PDF."),
    field="receipt",
)


class PurchaseForm(MoneyForm):
    """What the carrier's receipt says, the price prefilled from the quote."""

    money_fields = ("fare", "tax", "fee")
    confirmation = forms.CharField(
        label=_("Confirmation number"),
        help_text=_("As on the carrier's receipt. It is recorded once, however often this is sent."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "w12", "autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Copy it from the carrier's receipt.")},
    )
    fare = AmountField(label=LABELS["fare"], error_messages={"required": _("Write what was paid, or 0.")})
    tax = AmountField(label=LABELS["tax"], error_messages={"required": _("Write what was paid, or 0.")})
    fee = AmountField(label=LABELS["fee"], error_messages={"required": _("Write what was paid, or 0.")})
    receipt = forms.FileField(
        label=_("Receipt"),
        help_text=_("A picture (PNG, JPEG) or a PDF, up to 10 MB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,application/pdf"}),
    )

    def __init__(self, *args: object, asks_consent: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if asks_consent:
            self.fields["consent"] = YesNoField(
                label=_("Do they still want these tickets?"),
                help_text=_("Ask before you buy. A no costs them nothing."),
            )


@walk_page
def purchase(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """The purchase page of a held set; a set already bought leads on."""
    ticket_set, at = get_ticket_set(ticket_set_id), now()
    if request.method != "POST" and ticket_set.state != State.HELD:
        return HttpResponseRedirect(next_url(ticket_set))
    form = make_form(request, ticket_set, asks_consent=not _has_consent(ticket_set))
    if form.is_bound and _is_sound(request, form):
        try:
            return _record(request, form, ticket_set, at)
        except OnwardError as error:
            show_error(form, error)
    if form.errors and request.FILES:
        form.add_error("receipt", _("Choose the receipt again: a file cannot be kept while something else is wrong."))
    return _page(request, ticket_set, form, at)


def _has_consent(ticket_set: TicketSet) -> bool:
    """Whether they said yes to this purchase; asked again on the page where they did not."""
    try:
        require_purchase_consent(ticket_set)
    except Stopped:
        return False
    return True


def make_form(request: StaffRequest, ticket_set: TicketSet, *, asks_consent: bool) -> PurchaseForm:
    """The form with what was sent, else with the price the set was held at."""
    parts = parts_of(ticket_set)
    initial = {name: plain_amount(getattr(parts, name)) for name in PurchaseForm.money_fields}
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return PurchaseForm(*data, initial=initial, currency=ticket_set.currency, asks_consent=asks_consent)


def _is_sound(request: StaffRequest, form: PurchaseForm) -> bool:
    form.full_clean()
    if request.META.get("onward.too_large"):
        show_error(form, TOO_LARGE)
    return not form.errors


def _record(request: StaffRequest, form: PurchaseForm, ticket_set: TicketSet, at: datetime) -> HttpResponse:
    answer = form.cleaned_data.get("consent")
    if answer:
        record_consent(ticket_set.party_id, Consent.Step.PURCHASE, is_yes=answer == "yes", actor=request.actor, now=at)
    if answer == "no":
        messages.info(request, gettext("Written down: they do not want these tickets. Void them; it costs nothing."))
        return HttpResponseRedirect(next_url(ticket_set))
    fare, tax, fee = (form.amounts[name] for name in PurchaseForm.money_fields)
    assert fare is not None and tax is not None and fee is not None
    file = form.cleaned_data["receipt"]
    bought = record_purchase(
        ticket_set.pk,
        confirmation=form.cleaned_data["confirmation"],
        fare=fare,
        tax=tax,
        fee=fee,
        receipt=file.read() if file else None,
        actor=request.actor,
        now=at,
    )
    return HttpResponseRedirect(next_url(bought))


def open_persons(request: StaffRequest, ticket_set: TicketSet, *, what: str, at: datetime) -> list[PersonWords]:
    """The party's people by name; leaves one look."""
    log_look(ticket_set.party, what, actor=request.actor, now=at)
    rows = Person.objects.filter(party=ticket_set.party_id).order_by("position")
    return [open_person(ticket_set.party, one) for one in rows]


def at_hand(ticket_set: TicketSet) -> TicketSet:
    """The set with its party's centre filled in from its own: one query less."""
    ticket_set.party.centre = ticket_set.centre
    ticket_set.offer.place = ticket_set.place
    return ticket_set


def _page(request: StaffRequest, ticket_set: TicketSet, form: PurchaseForm, at: datetime) -> HttpResponse:
    at_hand(ticket_set)
    persons = open_persons(request, ticket_set, what="purchase_page", at=at)
    paid_by = SummaryRow(gettext("Who pays"), say_payer(ticket_set, ticket_set.fund))
    carriers: list[LegWords] = [leg for leg in list_legs(ticket_set.offer.journey) if not leg.is_walk]
    context = {
        "party": ticket_set.party,
        "identity": identify_here(ticket_set.party, ticket_set),
        "ticket_set": ticket_set,
        "form": form,
        "rows": [
            people_row(persons, ticket_set.heads),
            *journey_rows(ticket_set.offer, ticket_set.centre),
            *price_rows(ticket_set),
            paid_by,
        ],
        "legs": carriers,
    }
    return render(request, "desk/purchase.html", context, status=422 if form.errors else 200)
