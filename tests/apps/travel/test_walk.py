"""A party's tickets from holding the money to leaving, with the books after each step."""

from onward.apps.cases.models import Consent
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Delivery, Notice
from onward.apps.people.models import Party
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import find_broken_link, list_entries
from onward.apps.travel import actions
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import find_live_set, open_confirmation, open_receipt
from tests.apps.travel.ready import LEAVES, Ready, say, usd
from tests.conftest import NOW, World

PDF = b"%PDF-1.7 a receipt"
PAID = {"fare": usd(9_500), "tax": usd(800), "fee": usd(200)}


def shown(fund: Fund) -> dict[str, int]:
    assert is_balanced()
    return {kind: money.minor for kind, money in balances(fund).items() if money.minor and kind != "granted"}


def test_a_family_goes_from_held_to_left(new_york: World, family: Ready, fund: Fund) -> None:
    by = {"actor": new_york.worker, "now": NOW}
    held = actions.hold_tickets(family.offer.pk, payer=actions.Payer.FUND, fund_id=fund.pk, **by)
    assert shown(fund) == {"available": 89_000, "held": 11_000}
    assert (held.state, held.heads, held.tickets.count()) == ("held", 3, 3)

    say(family.party, Consent.Step.PURCHASE, is_yes=True, worker=new_york.worker)
    bought = actions.record_purchase(
        held.pk, confirmation=" abc 123 ", receipt=PDF, media_type="application/pdf", **PAID, **by
    )
    assert shown(fund) == {"available": 89_500, "fare": 9_500, "tax": 800, "fee": 200}
    assert open_confirmation(bought, **by) == "ABC 123"
    assert open_receipt(bought, **by) == ("application/pdf", PDF)
    assert not Notice.objects.exists()

    issued = actions.issue(held.pk, **by)
    assert (issued.state, issued.is_told) == ("issued", True)
    assert Notice.objects.get().heads == 3
    assert Delivery.objects.count() == 1
    assert Party.objects.get(pk=family.party.pk).state == Party.State.TICKETED

    leaving = {"actor": new_york.worker, "now": LEAVES}
    say(family.party, Consent.Step.LEAVE, is_yes=True, worker=new_york.worker, now=LEAVES)
    left = actions.record_departure(held.pk, TicketSet.State.LEFT, **leaving)
    assert left.state == "left"
    assert Party.objects.get(pk=family.party.pk).state == Party.State.LEFT
    assert find_live_set(family.party.pk) is None
    acts = [entry.act for entry in list_entries(case_chain(family.party.pk)) if entry.act.startswith("tickets.")]
    assert acts == ["tickets.held", "tickets.bought", "tickets.issued", "tickets.departure"]
    assert find_broken_link(case_chain(family.party.pk)) is None
