"""The fares in a GTFS zip, whichever version it speaks. A feed never fails to load because of its fares."""

from collections.abc import Mapping

from onward.core.errors import BadInput
from onward.engines.journeys.fares.read_attributes import FILE as ATTRIBUTES
from onward.engines.journeys.fares.read_attributes import read_attributes
from onward.engines.journeys.fares.read_products import LEG_RULES, Known, read_products
from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.findings import Findings
from onward.engines.journeys.gtfs.routes import Route


def read_fares(
    archive: Archive, findings: Findings, routes: Mapping[str, Route], *, stops: frozenset[str], days: Mapping[str, int]
) -> FareTables:
    """The fares of a feed; empty where it has none that can be used, with findings that say why.

    routes, stops: what the feed has; days: of each service, as bits. Where a feed speaks both versions the second
    counts, as the reference wants it (Fares v1 and v2 are not to be mixed).
    """
    try:
        second = read_products(archive, findings, Known(stops, frozenset(routes), days))
    except BadInput as error:
        findings.note((LEG_RULES, 0), ("", ""), f"{_said(error)} Its fares are left out.")
        second = FareTables()
    if not second.is_empty:
        _note_first_unused(archive, findings)
        return second
    try:
        agencies = frozenset(route.agency_id for route in routes.values())
        return read_attributes(archive, findings, agencies, frozenset(routes))
    except BadInput as error:
        findings.note((ATTRIBUTES, 0), ("", ""), f"{_said(error)} Its fares are left out.")
        return FareTables()


def _said(error: BadInput) -> str:
    return error.text % error.values


def _note_first_unused(archive: Archive, findings: Findings) -> None:
    try:
        both = archive.table(ATTRIBUTES) is not None
    except BadInput:
        both = True
    if both:
        findings.note((ATTRIBUTES, 0), ("", ""), f"Not read: {LEG_RULES} says what rides cost.")
