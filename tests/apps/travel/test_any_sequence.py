"""After any sequence of acts on funds and tickets: the books balance, and each account is what the tickets say."""

from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.actions import decide
from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.funds.actions import grant
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Notice
from onward.apps.people.models import AgeBand
from onward.apps.travel import actions
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.payment import parts_of
from onward.core.errors import BrokenPromise, OnwardError
from tests.apps.travel.ready import Ready, make_fund, make_ready, say, usd
from tests.conftest import NOW, World

PRICES = st.sampled_from([0, 1, 400, 9_999, 10_500, 12_000, 60_000])
PARTIES = st.integers(0, 1)
SPENT = ("bought", "issued", "not_confirmed", "left")


class Desk(RuleBasedStateMachine):
    """Two parties and one fund; every rule is a press of a button, refused or not."""

    world: ClassVar[World]

    @initialize(granted=st.sampled_from([11_000, 25_000, 200_000]))
    def open(self, granted: int) -> None:
        """A fund and two parties ready for tickets, an hour of pressing ahead."""
        self.now, self.pressed = NOW, 0
        self.fund: Fund = make_fund(self.world.coordinator, granted)
        bands = (AgeBand.ADULT,)
        self.parties: list[Ready] = [make_ready(self.world.new_york, self.world.worker, bands) for _ in range(2)]

    def press(self, act: Any, *args: Any, **given: Any) -> None:
        """Press; a refusal is an answer, a broken promise is not."""
        try:
            act(*args, **given, actor=self.world.worker, now=self.now)
        except BrokenPromise:
            raise
        except OnwardError:
            pass

    def newest(self, party: int) -> TicketSet | None:
        """The party's newest set."""
        return TicketSet.objects.filter(party=self.parties[party].party).order_by("-pk").first()

    @rule(minor=st.integers(1, 30_000))
    def grant_more(self, minor: int) -> None:
        """The payer gives more."""
        self.pressed += 1
        grant(self.fund.pk, usd(minor), cause=f"letter {self.pressed} more", actor=self.world.coordinator, now=self.now)

    @rule(minutes=st.sampled_from([1, 61, 600]))
    def wait(self, minutes: int) -> None:
        """Time goes by and the job runs."""
        self.now += timedelta(minutes=minutes)
        actions.settle_changes(now=self.now)

    @rule(party=PARTIES)
    def wait_for_departure(self, party: int) -> None:
        """It is the minute at which the party's newest tickets leave."""
        if (ticket_set := self.newest(party)) is not None:
            self.now = max(self.now, ticket_set.depart_at)

    @rule(party=PARTIES, steps=st.integers(1, 4))
    def go_on(self, party: int, steps: int) -> None:
        """The walk goes on as it should, some steps further."""
        for _ in range(steps):
            newest = self.newest(party)
            state = newest.state if newest else "none"
            if state == "held":
                self.buy(party, 9_999, 400, 1, "AAA")
            elif state == "bought":
                self.issue(party)
            elif state == "issued":
                self.depart(party, "left")
            else:
                self.hold(party, 0, has_fund=True)

    @rule(party=PARTIES, which=st.integers(0, 2), has_fund=st.booleans())
    def hold(self, party: int, which: int, *, has_fund: bool) -> None:
        """The party decides for a journey and tickets are held."""
        offer = self.offer(party, which)
        payer = {"payer": "fund", "fund_id": self.fund.pk} if has_fund else {"payer": "relative"}
        self.press(decide, self.parties[party].party.pk, Decision.Kind.ACCEPT, offer_id=offer.pk)
        self.press(actions.hold_tickets, offer.pk, **payer)

    def offer(self, party: int, which: int) -> Offer:
        """One of the party's three offers."""
        ready = self.parties[party]
        return (ready.offer, ready.other, ready.elsewhere)[which]

    @rule(party=PARTIES, fare=PRICES, tax=PRICES, fee=PRICES, number=st.sampled_from(["AAA", "BBB"]))
    def buy(self, party: int, fare: int, tax: int, fee: int, number: str) -> None:
        """A yes, and a purchase at whatever the carrier took."""
        ticket_set = self.newest(party)
        if ticket_set is not None:
            say(ticket_set.party, Consent.Step.PURCHASE, is_yes=True, worker=self.world.worker, now=self.now)
            price = {"fare": usd(fare), "tax": usd(tax), "fee": usd(fee)}
            self.press(actions.record_purchase, ticket_set.pk, confirmation=number, **price)

    @rule(party=PARTIES)
    def issue(self, party: int) -> None:
        """Issue."""
        if (ticket_set := self.newest(party)) is not None:
            self.press(actions.issue, ticket_set.pk)

    @rule(party=PARTIES)
    def void(self, party: int) -> None:
        """Void."""
        if (ticket_set := self.newest(party)) is not None:
            self.press(actions.void, ticket_set.pk, why="mistake")

    @rule(party=PARTIES, which=st.integers(0, 2))
    def change(self, party: int, which: int) -> None:
        """Change to another journey, of this party or not."""
        if (ticket_set := self.newest(party)) is not None:
            self.press(actions.change, ticket_set.pk, offer_id=self.offer(party, which).pk)

    @rule(party=PARTIES, which=st.integers(1, 2), steps=st.integers(0, 2))
    def change_what_is_issued(self, party: int, which: int, steps: int) -> None:
        """Issued tickets are changed, and the new ones come so far."""
        self.go_on(party, 3)
        self.change(party, which)
        self.go_on(party, steps)

    @rule(party=PARTIES, outcome=st.sampled_from(["left", "not_confirmed", "missed", "cancelled"]))
    def depart(self, party: int, outcome: str) -> None:
        """Something becomes of the departure."""
        if (ticket_set := self.newest(party)) is not None:
            say(ticket_set.party, Consent.Step.LEAVE, is_yes=True, worker=self.world.worker, now=self.now)
            self.press(actions.record_departure, ticket_set.pk, outcome)

    @rule(state=st.sampled_from(["received", "refused"]), share=st.integers(0, 10))
    def answer_refund(self, state: str, share: int) -> None:
        """The carrier answers for the newest refund."""
        refund = RefundTask.objects.filter(ticket_set__party__in=[one.party for one in self.parties]).last()
        if refund is not None:
            received = usd(refund.amount_minor * share // 10) if share else None
            self.press(actions.close_refund, refund.pk, state=state, received=received)

    @invariant()
    def books_and_tickets_agree(self) -> None:
        """Held, spent and asked back are what the sets and refunds say, to the cent."""
        if not hasattr(self, "fund"):
            return
        assert is_balanced()
        left = {kind: money.minor for kind, money in balances(self.fund).items()}
        sets = list(TicketSet.objects.filter(fund=self.fund))
        refunds = RefundTask.objects.filter(ticket_set__fund=self.fund)
        lost = sum(one.amount_minor - one.received_minor for one in refunds if one.state != "owed")
        spent = sum(parts_of(one).total.minor for one in sets if one.state in SPENT)
        assert left["held"] == sum(parts_of(one).total.minor for one in sets if one.state == "held")
        assert left["fare"] + left["tax"] + left["fee"] == spent + lost
        assert left["refund_due"] == sum(one.amount_minor for one in refunds if one.state == "owed")
        assert left["available"] == left["granted"] - sum(left[kind] for kind in left if kind not in EITHER)

    @invariant()
    def one_story_a_party(self) -> None:
        """At most one live set, and a place expects exactly the sets it was told of."""
        for ready in getattr(self, "parties", ()):
            sets = TicketSet.objects.filter(party=ready.party)
            assert sets.filter(state__in=("held", "bought", "issued")).count() <= 1
            standing = Notice.objects.filter(
                ticket_set__party=ready.party, superseded_by=None, kind__in=("coming", "changed")
            )
            assert standing.count() == sets.filter(is_told=True).count()
            assert not sets.filter(is_told=True, state__in=("held", "bought", "missed", "cancelled")).exists()


EITHER = ("granted", "available")


def test_books_and_tickets_agree_after_any_sequence_of_acts(world: World) -> None:
    Desk.world = world
    with centre_scope(world.new_york.pk):
        run_state_machine_as_test(
            Desk,
            settings=settings(
                max_examples=10,
                stateful_step_count=25,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
