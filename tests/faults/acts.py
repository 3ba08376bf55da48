"""Acts as another process does them: everything by id, the actor found afresh."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from onward.apps.accounts.models import Account
from onward.apps.accounts.queries import find_actor
from onward.apps.accounts.scopes import centre_scope, place_scope
from onward.apps.notices.actions import Carrier, deliver_due, mark_seen, record_will
from onward.apps.notices.actions import answer as answer_notice
from onward.apps.notices.channels import Folder, Letter
from onward.apps.notices.models import Notice
from onward.apps.people.actions import leave_party, remove_person
from onward.apps.travel import actions
from onward.core.actor import Actor, ActorKind
from onward.core.money import Money
from tests.conftest import NOW


def _actor(centre_id: int, account_id: str) -> Actor:
    found = find_actor(Account.objects.get(pk=int(account_id)), centre_id)
    assert found is not None
    return found


def _usd(minor: int) -> Money:
    return Money(minor, "USD")


def hold(centre_id: int, account_id: str, offer_id: int, fund_id: int | None = None) -> int:
    """Hold tickets on an offer, paid by a fund, or by themselves where none is named; the set's id."""
    actor = _actor(centre_id, account_id)
    payer = actions.Payer.THEMSELVES if fund_id is None else actions.Payer.FUND
    with centre_scope(centre_id):
        return actions.hold_tickets(offer_id, payer=payer, fund_id=fund_id, actor=actor, now=NOW).pk


def purchase(centre_id: int, account_id: str, ticket_set_id: int, confirmation: str = "ABC123") -> str:
    """Record a purchase of 95.00 fare, 8.00 tax, 2.00 fee with a receipt; the set's state."""
    actor = _actor(centre_id, account_id)
    price: dict[str, Any] = {"fare": _usd(9_500), "tax": _usd(800), "fee": _usd(200)}
    with centre_scope(centre_id):
        return actions.record_purchase(
            ticket_set_id,
            confirmation=confirmation,
            receipt=b"%PDF-1.7 receipt",
            media_type="application/pdf",
            actor=actor,
            now=NOW,
            **price,
        ).state


def issue(centre_id: int, account_id: str, ticket_set_id: int) -> str:
    """Issue a set; its state."""
    actor = _actor(centre_id, account_id)
    with centre_scope(centre_id):
        return actions.issue(ticket_set_id, actor=actor, now=NOW).state


def void(centre_id: int, account_id: str, ticket_set_id: int) -> str:
    """Void a set; its state."""
    actor = _actor(centre_id, account_id)
    with centre_scope(centre_id):
        return actions.void(ticket_set_id, why=actions.Why.CHANGED_MIND, actor=actor, now=NOW).state


def change(centre_id: int, account_id: str, ticket_set_id: int, offer_id: int) -> int:
    """Change a set to another offer; the new set's id."""
    actor = _actor(centre_id, account_id)
    with centre_scope(centre_id):
        return actions.change(ticket_set_id, offer_id=offer_id, actor=actor, now=NOW).pk


def remove(centre_id: int, account_id: str, person_id: int) -> int:
    """Take a person out of a party; its heads."""
    actor = _actor(centre_id, account_id)
    with centre_scope(centre_id):
        return remove_person(person_id, actor=actor, now=NOW).heads


def leave(centre_id: int, account_id: str, person_id: int) -> int:
    """Give a person a case of their own; its id."""
    actor = _actor(centre_id, account_id)
    with centre_scope(centre_id):
        return leave_party(person_id, actor=actor, now=NOW).pk


def refuse_telling(centre_id: int, account_id: str, ticket_set_id: int) -> int:
    """The traveller does not want the place told; how many notices were written."""
    actor = _actor(centre_id, account_id)
    with centre_scope(centre_id):
        return len(record_will(ticket_set_id, may_tell=False, actor=actor, now=NOW))


def walk(centre_id: int, account_id: str, offer_id: int, fund_id: int) -> str:
    """Hold, buy and issue in one go; the state at the end."""
    ticket_set_id = hold(centre_id, account_id, offer_id, fund_id)
    purchase(centre_id, account_id, ticket_set_id)
    return issue(centre_id, account_id, ticket_set_id)


def issue_and_deliver(centre_id: int, account_id: str, ticket_set_id: int, folder: str) -> int:
    """Issue a set and run the outbox at once; how many letters were tried."""
    issue(centre_id, account_id, ticket_set_id)
    return deliver(folder)


def deliver(folder: str, after_min: int = 0) -> int:
    """Run the outbox once, writing letters into a folder; how many were tried."""

    def compose(notice: Notice, to: str) -> Letter:
        return Letter(notice.reference, to, notice.kind, f"{notice.heads} people", "en", notice.issued_at)

    carrier = Carrier({"file": Folder(Path(folder), "onward@example.org")}, compose)
    return deliver_due(carrier, now=NOW + timedelta(minutes=after_min))


def answer(centre_id: int, account_id: str, notice_id: int, reference: str, place_key: str) -> str:
    """Open a notice by its link and answer "can"; the code kept. centre_id and account_id: as every act, unused."""
    actor = Actor(ActorKind.RECEIVER, reference)
    with place_scope(place_key):
        mark_seen(notice_id, actor=actor, now=NOW)
        return answer_notice(notice_id, "can", "", actor=actor, now=NOW).code
