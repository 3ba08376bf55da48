"""Who pays: funds that may with what they have left, funds that may not with why, a relative, themselves."""

from dataclasses import dataclass

from django.utils.translation import gettext

from onward.apps.cases.models import Offer
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import find_reason, list_balances, list_funds
from onward.apps.travel.models import TicketSet
from onward.apps.travel.payment import price_of, purchase_of
from onward.faces.formats import cash
from onward.faces.forms_look import ChoiceLabel
from onward.faces.problems import sentence

Payer = TicketSet.Payer
FUND = "fund:"


@dataclass(frozen=True, slots=True)
class Payers:
    """choices: for a RadioSelect. refusing: (fund's name, why it may not pay for this)."""

    choices: list[tuple[str, str]]
    refusing: list[tuple[str, str]]


def list_choices(offer: Offer, heads: int) -> Payers:
    """Who may pay for an offer, in three queries; while its price is unknown every open fund may be tried."""
    funds = [fund for fund in list_funds() if fund.is_open]
    left = {pk: balance["available"] for pk, balance in list_balances(funds).items()} if funds else {}
    purchase = None if offer.fare_minor is None else purchase_of(offer, price_of(offer, None), heads)
    choices: list[tuple[str, str]] = []
    refusing: list[tuple[str, str]] = []
    for fund in funds:
        reason = find_reason(fund, purchase, left[fund.pk]) if purchase else None
        if reason is not None:
            refusing.append((fund.name, sentence(reason)))
            continue
        hint = gettext("%(left)s left; %(payer)s pays") % {"left": cash(left[fund.pk]), "payer": fund.payer}
        choices.append((f"{FUND}{fund.pk}", ChoiceLabel(fund.name, hint)))
    choices.append((Payer.RELATIVE, ChoiceLabel(gettext("A relative"), gettext("They pay the carrier themselves."))))
    own = ChoiceLabel(gettext("They themselves"), gettext("Nobody is asked for money here."))
    choices.append((Payer.THEMSELVES, own))
    return Payers(choices, refusing)


def read_payer(value: str) -> tuple[Payer, int | None]:
    """A chosen value as hold_tickets takes it: the payer and, for a fund, its id."""
    if value.startswith(FUND) and value.removeprefix(FUND).isdigit():
        return Payer.FUND, int(value.removeprefix(FUND))
    return Payer(value), None


def say_payer(ticket_set: TicketSet, fund: Fund | None) -> str:
    """Who pays for a set, in words."""
    if fund is not None:
        return fund.name
    return gettext("A relative") if ticket_set.payer == Payer.RELATIVE else gettext("They themselves")


def has_price(offer: Offer) -> bool:
    """Whether the offer carries its price."""
    return offer.fare_minor is not None and bool(offer.currency)
