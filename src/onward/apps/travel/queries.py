"""Reading tickets: a party's set, departures of a day, refunds owed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onward.apps.cases.models import Offer
from onward.apps.funds.rules import Parts, Purchase
from onward.apps.people.rules import WALKERS
from onward.apps.people.sealing import log_look, ring, unseal
from onward.apps.travel.given import CONFIRMATION
from onward.apps.travel.models import Receipt, RefundTask, TicketSet
from onward.apps.travel.payment import parts_of, price_of, purchase_of
from onward.apps.travel.receipts import RECEIPT
from onward.apps.travel.rules import LIVE, State
from onward.core.actor import Actor
from onward.core.errors import NotFound, message
from onward.core.keys import KeyId
from onward.core.money import Money

__all__ = [
    "find_live_set",
    "find_newest_set",
    "find_told_set",
    "get_purchase",
    "get_ticket_set",
    "list_departures",
    "list_refunds",
    "open_confirmation",
    "open_receipt",
    "parts_of",
]


def get_ticket_set(ticket_set_id: int) -> TicketSet:
    """A set with its party, offer, place and fund; raises NotFound."""
    rows = TicketSet.objects.select_related("party", "offer", "place", "fund", "centre")
    found = rows.filter(pk=ticket_set_id).first()
    if found is None:
        raise NotFound("ticket_set.unknown", message("There are no such tickets."))
    return found


def find_live_set(party_id: int) -> TicketSet | None:
    """The party's set that is held, bought or issued: at most one."""
    rows = TicketSet.objects.select_related("party", "offer", "place", "fund", "centre")
    return rows.filter(party_id=party_id, state__in=LIVE).first()


def find_newest_set(party_id: int) -> TicketSet | None:
    """The party's newest set, whatever became of it."""
    rows = TicketSet.objects.select_related("party", "offer", "place", "fund", "centre")
    return rows.filter(party_id=party_id).order_by("-pk").first()


def find_told_set(party_id: int) -> TicketSet | None:
    """The void set of a party that its receiving place still counts on, until it is told: at most one."""
    return TicketSet.objects.filter(party_id=party_id, state=State.VOID, is_told=True).first()


def list_departures(on: date, zone: str) -> list[TicketSet]:
    """The sets issued for a departure on this day of this zone's clock, by time, with what became of them."""
    start = datetime.combine(on, time(), ZoneInfo(zone))
    end = datetime.combine(on + timedelta(days=1), time(), ZoneInfo(zone))
    shown = (State.ISSUED, State.LEFT, State.NOT_CONFIRMED, State.MISSED, State.CANCELLED)
    rows = TicketSet.objects.select_related("party", "place", "offer")
    return list(rows.filter(depart_at__gte=start, depart_at__lt=end, state__in=shown).order_by("depart_at", "pk"))


def list_refunds() -> list[RefundTask]:
    """Refund tasks of the centre: those owed first, oldest first."""
    rows = RefundTask.objects.select_related(*(f"ticket_set__{one}" for one in ("party", "fund", "place", "offer")))
    owed = list(rows.filter(state=RefundTask.State.OWED).order_by("opened_at", "pk"))
    return owed + list(rows.exclude(state=RefundTask.State.OWED).order_by("-closed_at", "-pk")[:100])


def get_purchase(
    offer_id: int, *, fare: Money | None = None, tax: Money | None = None, fee: Money | None = None
) -> Purchase | None:
    """What a fund would be asked to pay for this offer, at its price or the quoted one; None while no price is known.

    For funds.queries.list_payers. Raises NotFound.
    """
    offer = Offer.objects.select_related("place", "party").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound("offer.unknown", message("There is no such journey."), field="offer")
    nothing = Money(0, fare.currency) if fare else None
    quoted = Parts(fare, tax or nothing, fee or nothing) if fare and nothing else None
    if quoted is None and offer.fare_minor is None:
        return None
    return purchase_of(offer, price_of(offer, quoted), offer.party.heads)


def open_confirmation(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> str:
    """The carrier's confirmation number, "" before the purchase; leaves a look. NotAllowed for who does no walk."""
    _require_walker(ticket_set, actor)
    if not ticket_set.confirmation:
        return ""
    log_look(ticket_set.party, "confirmation", actor=actor, now=now)
    return unseal(ticket_set.party, CONFIRMATION, ticket_set.confirmation)


def _require_walker(ticket_set: TicketSet, actor: Actor) -> None:
    actor.require(*WALKERS)
    actor.require_centre(ticket_set.centre_id)


def open_receipt(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> tuple[str, bytes] | None:
    """The receipt's media type and bytes, None where there is none; leaves a look. NotAllowed as for the number."""
    _require_walker(ticket_set, actor)
    receipt = Receipt.objects.filter(ticket_set=ticket_set).first()
    if receipt is None:
        return None
    log_look(ticket_set.party, "receipt", actor=actor, now=now)
    content = ring().unseal_bytes(KeyId(ticket_set.party.key_id), RECEIPT, receipt.content)
    return receipt.media_type, content
