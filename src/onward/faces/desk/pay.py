"""Check answers, ask for their yes, choose who pays, and set the money aside (P4, P5, P6, P16)."""

from collections.abc import Sequence
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import record_consent
from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.cases.queries import CaseView, get_case
from onward.apps.cases.stops import NO_PURCHASE_CONSENT
from onward.apps.travel.actions import hold_tickets
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import find_live_set
from onward.core.errors import OnwardError
from onward.faces.desk.journey_words import list_short_changes, say_warning
from onward.faces.desk.money_fields import LABELS, AmountField, MoneyForm
from onward.faces.desk.offer_cards import say_quoted, total_of
from onward.faces.desk.pages import now
from onward.faces.desk.payers import Payers, has_price, list_choices, read_payer
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.ticket_words import SummaryRow, journey_rows, next_url, people_row, say_stops
from onward.faces.desk.walking import draw_identity, place_name, walk_page
from onward.faces.formats import cash_for, moment
from onward.faces.forms_look import Answers, show_error
from onward.faces.problems import sentence

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
NOT_ANSWERED = {"required": _("Ask them and choose their answer.")}


class YesNoField(forms.ChoiceField):
    """A yes or no that has to be asked; both weigh the same."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(choices=YES_NO, widget=Answers, error_messages=NOT_ANSWERED, **kwargs)  # type: ignore[arg-type]


class CheckForm(MoneyForm):
    """What is asked before money is set aside. warnings: sentences each of which they must have heard."""

    money_fields = ("fare", "tax", "fee")
    offer = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, warnings: Sequence[str], payers: Payers, priced: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if warnings:
            self.fields["heard"] = forms.MultipleChoiceField(
                label=_("They heard each of these, and still want this journey"),
                choices=[(str(number), text) for number, text in enumerate(warnings)],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Tell them each of these, and mark it.")},
            )
            self.most_heard = len(warnings)
        if not priced:
            hint = _("The price is not on file. Ask the carrier what the whole party pays.")
            self.fields["fare"] = AmountField(label=LABELS["fare"], help_text=hint, error_messages=FARE_MISSING)
            self.fields["tax"] = AmountField(label=LABELS["tax"], required=False)
            self.fields["fee"] = AmountField(label=LABELS["fee"], required=False)
        self.fields["payer"] = forms.ChoiceField(
            label=_("Who pays"),
            choices=payers.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose who pays.")},
        )
        self.fields["consent"] = YesNoField(
            label=_("Do they want these tickets bought now?"),
            help_text=_("They may still change their mind until departure, and it costs them nothing."),
        )
        self.fields["notice"] = YesNoField(
            label=_("May the place that receives them be told?"),
            help_text=_("It hears the day, a six-hour window, how many people, and what they need. No names, no stop."),
        )

    def clean_heard(self) -> list[str]:
        """Every warning has to be marked, not only one."""
        heard: list[str] = self.cleaned_data["heard"]
        if len(heard) < self.most_heard:
            raise forms.ValidationError(_("Tell them each of these, and mark it."))
        return heard


FARE_MISSING = {"required": _("Write the fare the carrier quotes.")}


@walk_page
def pay(request: StaffRequest, party_id: int) -> HttpResponse:
    """The check page of the journey the party chose; a post sets the money aside."""
    at = now()
    case = get_case(party_id, actor=request.actor, now=at, what="check_page")
    live = find_live_set(party_id)
    if live is not None:
        return HttpResponseRedirect(next_url(live))
    offer = case.decision.offer if case.decision and case.decision.kind == Decision.Kind.ACCEPT else None
    if offer is None:
        messages.info(request, gettext("They have not chosen a journey yet. Ask them which one."))
        return HttpResponseRedirect(reverse("desk:offers", args=[party_id]))
    if request.POST.get("offer", str(offer.pk)) != str(offer.pk):
        # Nothing of what was said there is written down: it was said of another journey.
        messages.warning(
            request, gettext("Another journey was chosen since, on another page. Check this one with them.")
        )
        return HttpResponseRedirect(reverse("desk:pay", args=[party_id]))
    payers = list_choices(offer, case.party.heads)
    form = CheckForm(
        request.POST or None,
        initial={"offer": offer.pk},
        warnings=list_heard(offer),
        payers=payers,
        priced=has_price(offer),
        currency=offer.currency or case.party.centre.currency,
    )
    if form.is_bound and form.is_valid():
        answer = _submit(request, form, case, at)
        if answer is not None:
            return answer
    return _page(request, case, offer, payers, form=form, at=at)


def list_heard(offer: Offer) -> list[str]:
    """Everything hard about a journey, in the words to be read to them."""
    places = {offer.place.name: place_name(offer.place)}
    return list_short_changes(offer.journey) + [
        say_warning(warned, places) for warned in offer.warnings if warned["code"] != "fare_unknown"
    ]


def _submit(request: StaffRequest, form: CheckForm, case: CaseView, at: datetime) -> HttpResponse | None:
    party_id = case.party.pk
    if form.cleaned_data["consent"] == "no":
        record_consent(party_id, Consent.Step.PURCHASE, is_yes=False, actor=request.actor, now=at)
        messages.success(request, gettext("Written down: they do not want these tickets. Nothing was bought."))
        return HttpResponseRedirect(reverse("desk:offers", args=[party_id]))
    try:
        ticket_set = _hold(request, form, case, at)
    except OnwardError as error:
        live = find_live_set(party_id)
        if live is not None:
            messages.error(request, sentence(error))
            return HttpResponseRedirect(next_url(live))
        show_error(form, error, fields={"fund_id": "payer"})
        return None
    return HttpResponseRedirect(next_url(ticket_set))


def _hold(request: StaffRequest, form: CheckForm, case: CaseView, at: datetime) -> TicketSet:
    """Keep what they said, each answer saved as it was given, then hold. Said before: not written twice."""
    for step, name in ((Consent.Step.PURCHASE, "consent"), (Consent.Step.NOTICE, "notice")):
        said, is_yes = case.facts.find_consent(step), form.cleaned_data[name] == "yes"
        if said is None or said.is_yes != is_yes:
            record_consent(case.party.pk, step, is_yes=is_yes, actor=request.actor, now=at)
    payer, fund_id = read_payer(form.cleaned_data["payer"])
    return hold_tickets(
        form.cleaned_data["offer"],
        payer=payer,
        fund_id=fund_id,
        fare=form.amounts["fare"],
        tax=form.amounts["tax"],
        fee=form.amounts["fee"],
        actor=request.actor,
        now=at,
    )


def _page(
    request: StaffRequest, case: CaseView, offer: Offer, payers: Payers, *, form: CheckForm, at: datetime
) -> HttpResponse:
    party, price = case.party, total_of(offer)
    leaves = moment(offer.depart_at, party.centre.zone, party.centre.name)
    back = reverse("desk:offers", args=[party.pk])
    rows = [people_row(case.persons, party.heads), *journey_rows(offer, party.centre)]
    rows[1] = SummaryRow(rows[1].label, rows[1].value, back)
    if price:
        quoted = say_quoted(offer.quoted_on, at)
        rows.append(SummaryRow(gettext("Price"), f"{cash_for(price, party.heads)}\n{quoted}".strip()))
    else:
        rows.append(SummaryRow(gettext("Price"), gettext("fare not known: ask the carrier")))
    context = {
        "party": party,
        "identity": draw_identity(party, going=place_name(offer.place), following=leaves),
        "form": form,
        "rows": rows,
        "stops": say_stops([stop for stop in case.stops if stop.code != NO_PURCHASE_CONSENT]),
        "refusing": payers.refusing,
        "price": price,
        "is_gone": offer.depart_at <= at,
    }
    return render(request, "desk/pay.html", context, status=422 if form.errors else 200)
