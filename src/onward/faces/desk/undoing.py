"""Taking tickets back, and changing them for another journey: free of penalty until departure (P4)."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_consent
from onward.apps.cases.models import Consent
from onward.apps.cases.queries import list_offers
from onward.apps.travel.actions import change as change_tickets
from onward.apps.travel.actions import void as void_tickets
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import get_ticket_set
from onward.apps.travel.rules import Why
from onward.core.errors import OnwardError
from onward.faces.desk.money_fields import LABELS, AmountField, MoneyForm
from onward.faces.desk.offer_cards import Card, make_card, read_ends
from onward.faces.desk.offers import draw_strip, identify_here
from onward.faces.desk.pages import now
from onward.faces.desk.pay import YesNoField
from onward.faces.desk.purchase import at_hand
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import journey_rows, next_url, price_rows, total_of_set
from onward.faces.desk.tickets import CAN_VOID
from onward.faces.desk.walking import place_name, walk_page
from onward.faces.formats import cash
from onward.faces.forms_look import ChoiceLabel, show_error

State = TicketSet.State
REASONS = [
    (Why.CHANGED_MIND, _("They changed their mind")),
    (Why.CONSENT_WITHDRAWN, _("They take their yes back")),
    (Why.PEOPLE_CHANGED, _("Other people travel now")),
    (Why.MISTAKE, _("Something was written down wrongly")),
    (Why.NOT_SAID, _("They would rather not say")),
]


class WhyForm(forms.Form):
    """Why the tickets are taken back; a code, no words."""

    why = forms.ChoiceField(
        label=_("Why"),
        choices=REASONS,
        widget=forms.RadioSelect,
        initial=Why.NOT_SAID.value,
        error_messages={"required": _("Choose why the tickets are voided.")},
    )


@walk_page
def void(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """What voiding does, and the one button that does it."""
    ticket_set, at = at_hand(get_ticket_set(ticket_set_id)), now()
    form = WhyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            was = ticket_set.state
            gone = void_tickets(ticket_set.pk, why=form.cleaned_data["why"], actor=request.actor, now=at)
        except OnwardError as error:
            show_error(form, error)
        else:
            messages.success(request, _say_void(gone, State(was)))
            return HttpResponseRedirect(reverse("desk:offers", args=[gone.party_id]))
    if ticket_set.state not in CAN_VOID and not form.errors:
        return HttpResponseRedirect(next_url(ticket_set))
    context = {
        "party": ticket_set.party,
        "identity": identify_here(ticket_set.party, ticket_set),
        "ticket_set": ticket_set,
        "form": form,
        "rows": [*journey_rows(ticket_set.offer, ticket_set.centre), *price_rows(ticket_set)],
        "act": say_void_act(ticket_set),
        "is_told": ticket_set.is_told,
        "place": place_name(ticket_set.place),
    }
    return render(request, "desk/tickets_void.html", context, status=422 if form.errors else 200)


def say_void_act(ticket_set: TicketSet) -> str:
    """The button: what happens to the money."""
    amount = {"amount": cash(total_of_set(ticket_set))}
    if ticket_set.state == State.HELD and ticket_set.fund_id is not None:
        return gettext("Void: %(amount)s goes back to the fund") % amount
    if ticket_set.state == State.HELD or not total_of_set(ticket_set).minor:
        return gettext("Void: nothing was paid")
    return gettext("Void: %(amount)s will be asked back") % amount


def _say_void(ticket_set: TicketSet, was: TicketSet.State) -> str:
    if was == State.VOID:
        return gettext("These tickets were void already. Nothing more was done.")
    if was == State.HELD:
        return gettext("The tickets are void. Nothing was bought. They may choose again.")
    text = gettext("The tickets are void. %(amount)s is now a refund to be asked for. They may choose again.")
    return text % {"amount": cash(total_of_set(ticket_set))}


class ChangeForm(MoneyForm):
    """Another journey instead, and their yes to it."""

    money_fields = ("fare", "tax", "fee")

    def __init__(self, *args: object, cards: list[Card], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(str(card.offer.pk), ChoiceLabel(_name(card), f"{card.depart} · {card.price}")) for card in cards]
        self.fields["offer"] = forms.ChoiceField(
            label=_("Which journey instead"),
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose another journey.")},
        )
        if any(card.offer.fare_minor is None for card in cards):
            hint = _("Only for a journey whose fare is not on file: ask the carrier what the whole party pays.")
            self.fields["fare"] = AmountField(label=LABELS["fare"], required=False, help_text=hint)
            self.fields["tax"] = AmountField(label=LABELS["tax"], required=False)
            self.fields["fee"] = AmountField(label=LABELS["fee"], required=False)
        self.fields["consent"] = YesNoField(
            label=_("Do they want this journey instead?"), help_text=_("A no leaves their tickets as they are.")
        )


def _name(card: Card) -> str:
    return f"{card.number}. {card.title}"


@walk_page
def change(request: StaffRequest, ticket_set_id: int) -> HttpResponse:
    """Other journeys found last; a post voids the old set and holds the new one, both or neither."""
    ticket_set, at = at_hand(get_ticket_set(ticket_set_id)), now()
    if ticket_set.state not in CAN_VOID and request.method != "POST":
        return HttpResponseRedirect(next_url(ticket_set))
    found = list_offers(ticket_set.party_id)
    ends = read_ends(found, [])
    cards = [
        make_card(one, ticket_set.centre, ends, heads=ticket_set.heads, now=at, chosen_id=ticket_set.offer_id)
        for one in found
    ]
    free = [card for card in cards if card.is_open and not card.is_chosen]
    wanted = request.GET.get("offer", "")
    form = ChangeForm(request.POST or None, initial={"offer": wanted}, cards=free, currency=ticket_set.currency)
    if form.is_bound and form.is_valid():
        answer = _change(request, form, ticket_set, at)
        if answer is not None:
            return answer
    context = {
        "party": ticket_set.party,
        "identity": identify_here(ticket_set.party, ticket_set),
        "ticket_set": ticket_set,
        "form": form,
        "cards": free,
        "strip": draw_strip(free, ends, ticket_set.party),
        "rows": [*journey_rows(ticket_set.offer, ticket_set.centre), *price_rows(ticket_set)],
    }
    return render(request, "desk/tickets_change.html", context, status=422 if form.errors else 200)


def _change(request: StaffRequest, form: ChangeForm, ticket_set: TicketSet, at: datetime) -> HttpResponse | None:
    if form.cleaned_data["consent"] == "no":
        messages.info(request, gettext("Nothing was changed: their tickets stand as they were."))
        return HttpResponseRedirect(next_url(ticket_set))
    try:
        made = _hold_instead(request, form, ticket_set, at)
    except OnwardError as error:
        known = {"fund_id": "offer", **({} if "fare" in form.fields else {"fare": "offer"})}
        show_error(form, error, fields=known)
        return None
    return HttpResponseRedirect(next_url(made))


def _hold_instead(request: StaffRequest, form: ChangeForm, old: TicketSet, at: datetime) -> TicketSet:
    """Their yes is kept as it was given, then both sets change hands or neither."""
    if old.state in CAN_VOID:
        record_consent(old.party_id, Consent.Step.PURCHASE, is_yes=True, actor=request.actor, now=at)
    return change_tickets(
        old.pk,
        offer_id=int(form.cleaned_data["offer"]),
        fare=form.amounts["fare"],
        tax=form.amounts["tax"],
        fee=form.amounts["fee"],
        actor=request.actor,
        now=at,
    )
