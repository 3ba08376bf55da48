"""Whether the tables of a scenario fit each other: links to nowhere, unknown cohorts, rows outside the period."""

from collections.abc import Iterable

from onward.engines.flows.faults import File
from onward.engines.flows.fields import is_whole
from onward.engines.flows.scenario import KINDS, STOCKS, Observation, Scenario
from onward.engines.flows.written import list_written

MOST_DAYS = 120
"""The longest way under way; the arrays hold a column for each of its days."""


def check(scenario: Scenario, file: File) -> None:
    """Note every fault between tables."""
    _check_names(scenario, file)
    _check_places(scenario, file)
    _check_links(scenario, file)
    _check_inflows(scenario, file)
    _check_dated(scenario, file)
    _check_observations(scenario, file)


def _known(file: File, path: tuple[str | int, ...], kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Note each name that is not among the known of its kind."""
    for name in names:
        if name and name not in known:
            file.note(path, f"There is no {kind} “{name}”.", f"Check the name, or add the {kind}.")


def _sites(scenario: Scenario) -> set[str]:
    return {*scenario.sites, *(place.id for place in scenario.places)}


def _check_names(scenario: Scenario, file: File) -> None:
    """What a field is marked to name must be there."""
    known = {
        "place": {place.id for place in scenario.places},
        "site": _sites(scenario),
        "link": {link.id for link in scenario.links},
        "inflow": {inflow.id for inflow in scenario.inflows},
        "cohort": {cohort.id for cohort in scenario.cohorts},
        "effect": {name for name, _ in scenario.effects},
    }
    for kind in ("cohorts", "links", "inflows", *KINDS):
        for record in getattr(scenario, kind):
            for field in (field for field in list_written(type(record)) if field.mark.names):
                path = (*file.path_of(kind, record.id), field.key)
                value, named = getattr(record, field.name), field.mark.names
                names = (
                    [value] if isinstance(value, str) else [one if isinstance(one, str) else one[0] for one in value]
                )
                _known(file, path, "place" if named == "site" else named, names, known[named])


def _check_places(scenario: Scenario, file: File) -> None:
    if not scenario.places:
        file.note(("places",), "There is no place.", "Add [[places]].")
    for place in scenario.places:
        path = file.path_of("places", place.id)
        names = [stage.name for stage in place.stages]
        if len(set(names)) < len(names):
            file.note((*path, "stages"), f"Two stages of “{place.id}” have one name.", "Rename one.")
        if any(stage.stay_days.value <= 0 for stage in place.stages):
            file.note((*path, "stay_days"), f"A stay at “{place.id}” is of no days.", "Write more than 0.")
    shares = tuple(cohort.share for cohort in scenario.cohorts)
    if not is_whole(shares):
        what = f"The shares of the cohorts sum to {sum(shares):g}, not to 1."
        file.note(("cohorts", 0), what, "Correct one of them.")


def _check_links(scenario: Scenario, file: File) -> None:
    for link in scenario.links:
        path = file.path_of("links", link.id)
        if link.start == link.end:
            file.note((*path, "to"), f"“{link.id}” ends where it starts.", "Correct one end.")
        if link.days + len(link.day_shares) > MOST_DAYS:
            file.note((*path, "days"), f"A link takes at most {MOST_DAYS} days.", "Add a place on the way.")


def _check_inflows(scenario: Scenario, file: File) -> None:
    until = scenario.period.known_until
    for inflow in scenario.inflows:
        path = file.path_of("inflows", inflow.id)
        shares = tuple(share for _, share in inflow.cohorts)
        if shares and not is_whole(shares):
            file.note((*path, "cohorts"), f"The shares sum to {sum(shares):g}, not to 1.", "Correct them.")
        days = [day for day, _ in inflow.knots]
        if days != sorted(set(days)):
            file.note((*path, "knots"), "The knots are not in the order of their days.", "Sort them.")
        if inflow.record and not any(row.published_on <= until for row in inflow.record):
            file.note((*path, "record"), f"Nothing of it was published by {until}.", "Move known_until.")


def _check_dated(scenario: Scenario, file: File) -> None:
    links = {link.id: link for link in scenario.links}
    for programme in scenario.programmes:
        link = links.get(programme.link)
        if link and not link.programme_only and link.seats is None:
            what = f"“{link.id}” has no seats to count: it is open to all without a programme."
            path = (*file.path_of("programmes", programme.id), "link")
            file.note(path, what, "Give the link programme_only = true, or seats.")
    for closure in scenario.closures:
        starts = {links[link].start for link in closure.links if link in links}
        if closure.substitute in links and starts != {links[closure.substitute].start}:
            what = f"“{closure.substitute}” does not start where the closed links start."
            path = (*file.path_of("closures", closure.id), "substitute")
            file.note(path, what, "Choose a link from the same place.")


def _check_observations(scenario: Scenario, file: File) -> None:
    for seen in scenario.observations:
        path = file.path_of("observations", seen.id)
        _check_counted(scenario, seen, file)
        if seen.measure in STOCKS and seen.window == "cumulative":
            file.note((*path, "window"), f"“{seen.measure}” is a stock; it does not add up.", 'Use "day".')
        if seen.measure in STOCKS and seen.unit == "events":
            file.note((*path, "unit"), f"“{seen.measure}” counts people, not events.", 'Use unit = "people".')
        first = scenario.period.start
        if seen.since and seen.since < first:
            file.note((*path, "since"), f"It counts from {seen.since}, before the period.", f"Start at {first}.")
        _check_rows(scenario, seen, file)


def _check_counted(scenario: Scenario, seen: Observation, file: File) -> None:
    """Links are counted as links, places as places, and some measures by whole place only."""
    path = (*file.path_of("observations", seen.id), "of")
    if seen.measure in ("departures", "waiting"):
        waits = {f"{place.id}/{stage.name}" for place in scenario.places for stage in place.stages if stage.seats}
        links = {link.id for link in scenario.links}
        _known(file, path, "link", seen.of, links | waits if seen.measure == "waiting" else links)
    else:
        _known(file, path, "place", seen.of, _sites(scenario))
    if seen.measure in ("unmet", "settled", "left", "inflow") and any("/" in name for name in seen.of):
        file.note(path, f"“{seen.measure}” is counted by place, not by stage.", "Name the place.")
    if not seen.of:
        file.note(path, "Nothing is counted.", "Name places or links in “of”.")


def _check_rows(scenario: Scenario, seen: Observation, file: File) -> None:
    """Rows outside the period are a fault, on their own line; so are rows in another unit."""
    period = scenario.period
    for row in seen.rows:
        if row.start < period.start or row.end > period.end:
            what = f"{row.start}..{row.end} of “{seen.id}” is outside the period {period.start}..{period.end}."
            file.note_in(row.file, row.line, what, "Widen the period, or leave it out with “first” and “last”.")
        if row.unit and row.unit != seen.unit:
            what = f"The unit is “{row.unit}”, but “{seen.id}” is in “{seen.unit}”."
            file.note_in(row.file, row.line, what, "Correct whichever is wrong.")
