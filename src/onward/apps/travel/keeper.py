"""What tickets mean when a party changes: whether seats stand that were taken for these people."""

from onward.apps.people.keepers import Keeper
from onward.apps.travel.models import RefundTask, TicketSet
from onward.apps.travel.rules import LIVE


class TravelKeeper(Keeper):
    """The travel room's part. A seat of somebody who goes stays in its set without them, as evidence (P5, P18), and the
    check before issue finds that tickets and people no longer agree."""

    def has_live_tickets(self, party_id: int) -> bool:
        """Whether seats are held, bought or issued for the party."""
        return TicketSet.objects.filter(party_id=party_id, state__in=LIVE).exists()

    def keeps_open(self, party_id: int) -> bool:
        """Live tickets, or money still to be asked back: the confirmation number is needed for that."""
        owed = RefundTask.objects.filter(ticket_set__party_id=party_id, state=RefundTask.State.OWED)
        return self.has_live_tickets(party_id) or owed.exists()
