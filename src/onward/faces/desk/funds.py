"""Funds and their statements, read like a bank's: granted, held, spent, given back, left (P15, P16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.funds.actions import grant, open_fund
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import Balances, StatementLine, balances, get_fund, list_balances, list_funds, statement
from onward.apps.people.rules import WALKERS
from onward.apps.travel.models import TicketSet
from onward.core.actor import Role
from onward.core.errors import OnwardError
from onward.core.money import MINOR_DIGITS, Money
from onward.faces.desk.journey_words import MODES, mode_word
from onward.faces.desk.money_fields import AmountField, MoneyForm
from onward.faces.desk.pages import View, now, staff_page
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.walking import act_once, once_token
from onward.faces.formats import cash, clock, day
from onward.faces.forms_look import DateBox, show_error

READERS = (*WALKERS, Role.AUDITOR)
LINES_MOST = 200


def fund_page(view: View) -> View:
    """A page on money: those who do the walk, and the auditor."""

    @staff_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cast(StaffRequest, request).actor.require(*READERS)
        return view(request, *args, **kwargs)

    return wrapped


@dataclass(frozen=True, slots=True)
class Sums:
    """A fund's balances as written on pages; spent: fares, taxes and fees together."""

    granted: str
    held: str
    spent: str
    asked_back: str
    left: str
    parts: str


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line of the statement. number, url: the case it was for, where there is one."""

    when: str
    what: str
    number: str
    url: str
    came: str
    held: str
    spent: str
    back: str
    left: str


def say_sums(found: Balances) -> Sums:
    """A fund's balances in words."""
    spent = found["fare"] + found["tax"] + found["fee"]
    parts = gettext("fares %(fare)s, taxes %(tax)s, fees %(fee)s") % {
        "fare": cash(found["fare"]),
        "tax": cash(found["tax"]),
        "fee": cash(found["fee"]),
    }
    left, held = cash(found["available"]), cash(found["held"])
    return Sums(cash(found["granted"]), held, cash(spent), cash(found["refund_due"]), left, parts)


def say_rules(fund: Fund) -> list[str]:
    """What the payer's rules let it pay for, in words."""
    rules = fund.rules
    said = []
    if rules.get("max_per_head_minor"):
        most = Money(rules["max_per_head_minor"], fund.currency)
        said.append(gettext("at most %(most)s a head") % {"most": cash(most)})
    if rules.get("countries"):
        said.append(gettext("journeys within %(countries)s") % {"countries": ", ".join(rules["countries"])})
    if rules.get("modes"):
        said.append(gettext("by %(modes)s") % {"modes": ", ".join(mode_word(one) for one in rules["modes"])})
    if rules.get("until"):
        said.append(gettext("departures up to %(until)s") % {"until": rules["until"]})
    return said


@fund_page
def funds(request: StaffRequest) -> HttpResponse:
    """All funds of the centre with what each has left."""
    listed = list_funds()
    found = list_balances(listed) if listed else {}
    context = {
        "rows": [(fund, say_sums(found[fund.pk]), say_rules(fund)) for fund in listed],
        "is_coordinator": Role.COORDINATOR in request.actor.roles,
    }
    return render(request, "desk/funds.html", context)


class GrantForm(MoneyForm):
    """Money the payer gives. cause: the payer's own reference, which can be granted only once."""

    money_fields = ("amount",)
    amount = AmountField(label=_("Amount"), error_messages={"required": _("Write the amount granted.")})
    cause = forms.CharField(
        label=_("The payer's reference"),
        help_text=_("A grant with the same reference is recorded once, however often it is sent."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w12", "autocomplete": "off"}),
        error_messages={"required": _("Write the reference on the payer's letter or transfer.")},
    )


@fund_page
def fund(request: StaffRequest, fund_id: int) -> HttpResponse:
    """A fund's statement; a coordinator records a grant on it."""
    found = get_fund(fund_id)
    is_coordinator = Role.COORDINATOR in request.actor.roles
    form = GrantForm(request.POST or None, currency=found.currency)
    if form.is_bound and form.is_valid():
        amount = form.amounts["amount"]
        try:
            assert amount is not None
            grant(found.pk, amount, cause=form.cleaned_data["cause"], actor=request.actor, now=now())
        except OnwardError as error:
            show_error(form, error)
        else:
            messages.success(request, gettext("Granted: %(amount)s.") % {"amount": cash(amount)})
            return HttpResponseRedirect(reverse("desk:fund", args=[found.pk]))
    lines = statement(found, limit=LINES_MOST)
    context = {
        "fund": found,
        "sums": say_sums(balances(found)),
        "rules": say_rules(found),
        "lines": _say_lines(request, lines),
        "is_cut": len(lines) == LINES_MOST,
        "form": form if is_coordinator and found.is_open else None,
    }
    return render(request, "desk/fund.html", context, status=422 if form.errors else 200)


def _say_lines(request: StaffRequest, lines: Sequence[StatementLine]) -> list[LineWords]:
    """Statement lines with the cases they were for, in one query; only those who do the walk get a way there."""
    ids = {int(parts[1]) for line in lines if (parts := line.cause.split(":"))[0] == "ticket_set"}
    sets = {one.pk: one for one in TicketSet.objects.filter(pk__in=ids).select_related("party")} if ids else {}
    may_open = bool(request.actor.roles.intersection(WALKERS))
    return [_say_line(request, line, sets, may_open=may_open) for line in lines]


def _say_line(request: StaffRequest, line: StatementLine, sets: dict[int, TicketSet], *, may_open: bool) -> LineWords:
    parts = line.cause.split(":")
    reference = line.cause.split(":", 3)[-1]  # the payer's own, which may hold colons
    ticket_set = sets.get(int(parts[1])) if parts[0] == "ticket_set" else None
    at = line.at.astimezone(ZoneInfo(request.centre.zone))
    column = _column(line)
    amount = {name: cash(line.amount) if name == column else "" for name in ("came", "held", "spent", "back")}
    url = reverse("desk:tickets", args=[ticket_set.pk]) if ticket_set and may_open else ""
    what = SAID[(line.act, line.debit)] if (line.act, line.debit) in SAID else SAID_ACT.get(line.act, line.act)
    return LineWords(
        when=f"{day(at.date())} {clock(at)}",
        what=str(what) if line.act != "grant" else gettext("Granted, %(reference)s") % {"reference": reference},
        number=ticket_set.party.label if ticket_set else "",
        url=url,
        left=cash(line.left),
        **amount,
    )


def _column(line: StatementLine) -> str:
    if line.credit == "granted":
        return "came"
    if line.debit == "held":
        return "held"
    if line.debit == "available":
        return "back"
    return "spent" if line.act in ("spend", "write_off") else "back"


SAID = {
    ("spend", "held"): _("Set aside: dearer than quoted"),
    ("spend", "fare"): _("Spent: fare"),
    ("spend", "tax"): _("Spent: tax"),
    ("spend", "fee"): _("Spent: fee"),
    ("spend", "available"): _("Given back: cheaper than quoted"),
    ("ask_back", "refund_due"): _("Asked back from the carrier"),
}
SAID_ACT = {
    "hold": _("Set aside"),
    "release": _("Given back: nothing was bought"),
    "receive_back": _("Came back from the carrier"),
    "write_off": _("Refused by the carrier: stays spent"),
}


class OpenForm(MoneyForm):
    """A new fund and its payer's rules; a rule left empty does not bind. The amount is read in the currency chosen."""

    money_fields = ("most",)

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write what this fund is called here.")}
    )
    payer = forms.CharField(
        label=_("Who gives the money"), max_length=120, error_messages={"required": _("Write who gives it.")}
    )
    kept_in = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in sorted(MINOR_DIGITS)])
    most = AmountField(label=_("At most a head"), required=False)
    countries = forms.CharField(
        label=_("Only within these countries"),
        help_text=_("Two letters each, with a space between: US CA."),
        max_length=60,
        required=False,
    )
    modes = forms.MultipleChoiceField(
        label=_("Only by these"),
        choices=[(mode, word) for mode, word in MODES.items() if mode != "walk"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    until = forms.DateField(
        label=_("Last day of departure"),
        widget=DateBox,
        required=False,
        error_messages={"invalid": _("Write the day as year, month and day, such as 2027-06-30.")},
    )

    def clean(self) -> dict[str, object]:
        """Read the amount in the fund's own currency."""
        self.currency = str(self.cleaned_data.get("kept_in") or self.currency)
        return super().clean()


@fund_page
def open_new(request: StaffRequest) -> HttpResponse:
    """A coordinator opens a fund."""
    request.actor.require(Role.COORDINATOR)
    form = OpenForm(
        request.POST or None, initial={"kept_in": request.centre.currency}, currency=request.centre.currency
    )
    if form.is_bound and form.is_valid():
        try:
            (made,) = act_once(request, lambda: [_open(request, form)])
        except OnwardError as error:
            show_error(form, error, fields={"max_per_head_minor": "most", "currency": "kept_in"})
        else:
            messages.success(request, gettext("The fund is open. Record what the payer granted."))
            return HttpResponseRedirect(reverse("desk:fund", args=[made]))
    context = {"form": form, "once": once_token(request)}
    return render(request, "desk/fund_open.html", context, status=422 if form.errors else 200)


def _open(request: StaffRequest, form: OpenForm) -> int:
    given = form.cleaned_data
    made = open_fund(given["name"], given["payer"], given["kept_in"], _rules(form), actor=request.actor, now=now())
    return made.pk


def _rules(form: OpenForm) -> dict[str, object]:
    most, until = form.amounts["most"], form.cleaned_data["until"]
    countries = form.cleaned_data["countries"].replace(",", " ").upper().split()
    return {
        "max_per_head_minor": most.minor if most else None,
        "countries": countries or None,
        "modes": form.cleaned_data["modes"] or None,
        "until": until.isoformat() if until else None,
    }
