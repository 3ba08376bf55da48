"""transfers.txt: what the feed says about changing between stops."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.findings import Findings

FILE = "transfers.txt"
MOST_NAMED = 250
"""Trips and routes that rules may name at one stop and be told apart for sure."""
RECOMMENDED, TIMED, MINIMUM, FORBIDDEN, IN_SEAT, NOT_IN_SEAT = range(6)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One rule. from_stop, to_stop: stop numbers, a station's standing for all its stops; -1 where a rule names none.

    seconds: the least time, None where not given. The trips and routes are ids, "" for any: a rule that names one
    holds for that one only.
    """

    from_stop: int
    to_stop: int
    kind: int
    seconds: int | None
    from_trip: str
    to_trip: str
    from_route: str
    to_route: str

    @property
    def is_general(self) -> bool:
        """Whether the rule holds for every trip between the two stops."""
        return not (self.from_trip or self.to_trip or self.from_route or self.to_route)


_WANTED = (
    "from_stop_id",
    "to_stop_id",
    "transfer_type",
    "min_transfer_time",
    "from_trip_id",
    "to_trip_id",
    "from_route_id",
    "to_route_id",
)


def read_transfers(archive: Archive, findings: Findings, stop_numbers: dict[str, int]) -> dict[int, Transfer]:
    """Every rule that can be read, by its line; the others are findings."""
    table = archive.table(FILE)
    transfers: dict[int, Transfer] = {}
    for line, row in table.rows(*_WANTED) if table else ():
        transfer = _transfer(row, stop_numbers)
        if isinstance(transfer, tuple):
            findings.note((FILE, line), transfer, _WHY[transfer[0]])
            continue
        transfers[line] = transfer
    _note_crowded(transfers, findings)
    return transfers


def _note_crowded(transfers: Mapping[int, Transfer], findings: Findings) -> None:
    """Say where rules name so many trips and routes that not all may be told apart (stands.py)."""
    named: dict[int, set[str]] = {}
    for line, rule in transfers.items():
        ends = ((rule.from_stop, rule.from_trip or rule.from_route), (rule.to_stop, rule.to_trip or rule.to_route))
        for stop, name in ends if rule.kind < IN_SEAT else ():
            names = named.setdefault(stop, set())
            if name and name not in names:
                names.add(name)
                if len(names) == MOST_NAMED + 1:
                    findings.note((FILE, line), ("from_trip_id, to_trip_id", name), _CROWDED)


_CROWDED = (
    f"Rules for more than {MOST_NAMED} trips and routes at one stop: where they ask for something else than what holds "
    "there in general, those past the limit change there by its general rules."
)


def without_unknown(
    transfers: Mapping[int, Transfer], findings: Findings, known: tuple[Container[str], Container[str]]
) -> dict[int, Transfer]:
    """The rules less those that name a trip or route that is not there. known: the trip ids and the route ids."""
    kept: dict[int, Transfer] = {}
    for line, rule in transfers.items():
        named = (
            ("from_trip_id", rule.from_trip, known[0]),
            ("to_trip_id", rule.to_trip, known[0]),
            ("from_route_id", rule.from_route, known[1]),
            ("to_route_id", rule.to_route, known[1]),
        )
        missing = [(field, value) for field, value, ids in named if value and value not in ids]
        if missing and missing[0][1] not in findings.left_out:
            findings.note((FILE, line), missing[0], "Not in the feed: the rule is passed over.")
        elif not missing:
            kept[line] = rule
    return kept


_NO_SUCH_STOP = "No such stop in stops.txt: the rule is passed over."
_WHY = {
    "from_stop_id": _NO_SUCH_STOP,
    "to_stop_id": _NO_SUCH_STOP,
    "transfer_type": "Not a known type: the rule is passed over.",
    "min_transfer_time": "Not a number of seconds: the rule is passed over.",
    "from_trip_id": "Staying seated is a matter of two trips: the rule is passed over.",
}


def _transfer(row: list[str], stop_numbers: dict[str, int]) -> Transfer | tuple[str, str]:
    """The rule, or the (field, value) it cannot be read for."""
    from_id, to_id, kind_text, seconds_text, *narrowed = row
    kind = {"": "0"}.get(kind_text, kind_text.removesuffix(".0"))
    seconds = seconds_text.removesuffix(".0")
    if kind not in ("0", "1", "2", "3", "4", "5"):
        return "transfer_type", kind_text
    if seconds and not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 6):
        return "min_transfer_time", seconds_text
    in_seat = kind in ("4", "5")
    for field, stop_id in (("from_stop_id", from_id), ("to_stop_id", to_id)):
        if stop_id not in stop_numbers and not (in_seat and not stop_id):
            return field, stop_id
    places = stop_numbers.get(from_id, -1), stop_numbers.get(to_id, -1)
    from_trip, to_trip, from_route, to_route = narrowed
    if in_seat and not (from_trip and to_trip):
        return "from_trip_id", from_trip
    least = int(seconds) if seconds else None
    return Transfer(*places, int(kind), least, from_trip, to_trip, from_route, to_route)
