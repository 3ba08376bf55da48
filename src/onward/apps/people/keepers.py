"""What later rooms keep of a party: each hands in one keeper, so that people need not know those rooms."""

from datetime import datetime

from onward.apps.people.models import Explanation, Person
from onward.core.actor import Actor
from onward.core.errors import BrokenPromise, message

ROOMS = ("cases", "travel")
"""Rooms without whose keeper no party is taken apart."""


class Keeper:
    """A later room's part when a party changes. Each method is called inside the act's transaction."""

    def has_live_tickets(self, party_id: int) -> bool:
        """Whether seats are held, bought or issued for the party."""
        return False

    def keeps_open(self, party_id: int) -> bool:
        """Whether something is still owed for the party, so that its case may not close yet."""
        return self.has_live_tickets(party_id)

    def case_erased(self, party_id: int) -> None:
        """The case's key is destroyed: answers and dates that stand uncovered in rows go with the words."""

    def explained(self, explanation: Explanation, *, actor: Actor, now: datetime) -> None:
        """The purpose was read out, understood, and answered with yes."""

    def person_moves(self, old: Person, new: Person, *, actor: Actor, now: datetime) -> None:
        """`new` stands for `old` in another party; what hangs on `old` moves, sealed anew, or goes."""

    def person_goes(self, person: Person, *, actor: Actor, now: datetime) -> None:
        """The person is no longer of the party; what hangs on them goes, or the room refuses."""


_keepers: dict[str, Keeper] = {}


def hand_in(room: str, keeper: Keeper) -> None:
    """Give a room's keeper; the room does so when it is ready."""
    _keepers[room] = keeper


def list_keepers() -> list[Keeper]:
    """Every room's keeper; BrokenPromise while one of ROOMS has not handed in its own."""
    missing = [room for room in ROOMS if room not in _keepers]
    if missing:
        raise BrokenPromise(
            "keepers.missing", message("The room “%(room)s” was left out."), values={"room": missing[0]}
        )
    return list(_keepers.values())


def has_live_tickets(party_id: int) -> bool:
    """Whether seats are held, bought or issued for the party."""
    return any(keeper.has_live_tickets(party_id) for keeper in list_keepers())


def keeps_open(party_id: int) -> bool:
    """Whether any room still owes something for the party."""
    return any(keeper.keeps_open(party_id) for keeper in list_keepers())
