"""Boarding and alighting anywhere along the way (continuous_pickup, continuous_drop_off): said, not offered."""

from onward.engines.journeys.gtfs.archive import Table
from onward.engines.journeys.gtfs.findings import Findings

COLUMNS = ("continuous_pickup", "continuous_drop_off")
NOT_ANYWHERE = {"", "1", "1.0"}


def note_continuous(table: Table, findings: Findings) -> None:
    """One finding for each column of routes.txt or stop_times.txt by which vehicles stop wherever one asks."""
    there = [column for column in COLUMNS if column in table.columns]
    rows = [(line, values) for line, values in table.again().rows(*there)] if there else []
    for at, column in enumerate(there):
        lines = [(line, values[at]) for line, values in rows if values[at] not in NOT_ANYWHERE]
        if lines:
            why = (
                f"{len(lines):,} rows from here on let people on or off along the way: journeys begin and end at stops."
            )
            findings.note((table.file, lines[0][0]), (column, lines[0][1]), why)
