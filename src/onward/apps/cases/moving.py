"""What follows from moving for each person with a date that binds (P7): a list to do, never advice. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from onward.apps.cases.models import Obligation
from onward.core.errors import message

AFTER_MOVING: dict[str, str] = {
    "court_address": message(
        "Tell the court the new address, on a form of their own for each person, with a street address."
    ),
    "court_place": message(
        "The hearing stays where and when it is until the court says otherwise in writing. A lawyer can ask it to."
    ),
    "agency_before": message(
        "Ask the agency of the check-in before leaving: it may forbid moving, or move the check-in."
    ),
    "agency_address": message("Tell the agency of the check-in the new address."),
    "other_date": message("Ask whoever set this date whether it can be kept elsewhere."),
}
"""The English of each task, by its code. The law issue's cards add which form, within how many days, with source."""

_BY_KIND: dict[str, tuple[str, ...]] = {
    Obligation.Kind.HEARING: ("court_address", "court_place"),
    Obligation.Kind.CHECK_IN: ("agency_before", "agency_address"),
    Obligation.Kind.OTHER: ("other_date",),
}


@dataclass(frozen=True, slots=True)
class MovingTask:
    """Something one person has to see to. position: theirs in the party."""

    position: int
    code: str


def list_moving_tasks(dates: Sequence[tuple[str, int | None]], positions: Sequence[int]) -> list[MovingTask]:
    """Each person's tasks, each once. dates: (kind, position of the person, None for the whole party's)."""
    owed = [
        MovingTask(position, code)
        for kind, whose in dates
        for position in (positions if whose is None else [whose])
        for code in _BY_KIND[kind]
    ]
    return sorted(dict.fromkeys(owed), key=lambda task: task.position)
