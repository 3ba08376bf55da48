"""agency.txt: who runs the trips, and in which zone their times are."""

from dataclasses import dataclass

from onward.core.errors import BadInput, message
from onward.engines.journeys.gtfs.archive import Archive, printable
from onward.engines.journeys.gtfs.findings import Findings
from onward.engines.journeys.gtfs.zones import is_zone

FILE = "agency.txt"


@dataclass(frozen=True, slots=True)
class Agency:
    """A carrier as its feed names it; zone is the one its stop times are written in."""

    name: str
    zone: str


def read_agencies(archive: Archive, findings: Findings, zone: str | None) -> dict[str, Agency]:
    """Agencies by agency_id; empty where the feed has no agency.txt.

    zone: stands in where an agency's own zone is missing or unknown. Raises BadInput where neither is there.
    """
    table = archive.table(FILE)
    agencies: dict[str, Agency] = {}
    for line, (key, name, named_zone) in table.rows("agency_id", "agency_name", "agency_timezone") if table else ():
        name = printable(name)
        if is_zone(named_zone):
            agencies[key] = Agency(name, named_zone)
        elif zone:
            findings.note((FILE, line), ("agency_timezone", named_zone), f"No such zone; {zone} was used instead.")
            agencies[key] = Agency(name, zone)
        else:
            raise zone_unknown(named_zone, f"{FILE}, line {line}")
    _note_differing_zones(agencies, findings)
    return agencies


def _note_differing_zones(agencies: dict[str, Agency], findings: Findings) -> None:
    zones = sorted({agency.zone for agency in agencies.values()})
    if len(zones) > 1:
        consequence = "GTFS wants one zone in a feed; each agency's own was used for its trips."
        findings.note((FILE, 0), ("agency_timezone", ", ".join(zones)), consequence)


def zone_missing(example: str) -> BadInput:
    """The question for a zone, where the feed has no agency.txt."""
    return BadInput(
        "feed.zone_missing",
        message("The feed has no agency.txt, so nothing says in which time zone its times are."),
        remedy=message("Add it again and name the zone, for example --zone %(example)s."),
        field="zone",
        values={"example": example},
    )


def zone_unknown(zone: str, where: str) -> BadInput:
    """The answer to a zone name nobody knows."""
    return BadInput(
        "feed.zone_unknown",
        message("“%(zone)s” (%(where)s) is not a time zone."),
        remedy=message("Name one like America/New_York with --zone."),
        field="zone",
        values={"zone": zone[:60], "where": where},
    )
