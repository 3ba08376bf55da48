"""Whether the tables of a scenario fit each other: links to nowhere, unknown cohorts, rows outside the period."""

from collections.abc import Iterable

from onward.engines.flows.faults import Faults
from onward.engines.flows.scenario import STOCKS, Observation, Scenario


def list_sites(scenario: Scenario) -> list[str]:
    """Every site's name in order: "place" where a place has one stage without a name, else "place/stage"."""
    return [f"{place.id}/{s.name}" if s.name else place.id for place in scenario.places for s in place.stages]


def check(scenario: Scenario, faults: Faults) -> None:
    """Note every fault between tables."""
    _check_places(scenario, faults)
    _check_cohorts(scenario, faults)
    _check_links(scenario, faults)
    _check_inflows(scenario, faults)
    _check_dated(scenario, faults)
    _check_observations(scenario, faults)


def _check_places(scenario: Scenario, faults: Faults) -> None:
    if not scenario.places:
        faults.note(("places",), "There is no place.", "Add [[places]].")
    for place in scenario.places:
        path = faults.path_of("places", place.id)
        names = [stage.name for stage in place.stages]
        if len(set(names)) < len(names):
            faults.note((*path, "stages"), f"Two stages of “{place.id}” have one name.", "Rename one.")
        if any(stage.stay_days.value <= 0 for stage in place.stages):
            faults.note((*path, "stay_days"), f"A stay at “{place.id}” is of no days.", "Write more than 0.")


def _check_cohorts(scenario: Scenario, faults: Faults) -> None:
    total = sum(cohort.share for cohort in scenario.cohorts)
    if abs(total - 1.0) > 1e-6:
        faults.note(("cohorts", 0), f"The shares of the cohorts sum to {total:g}, not to 1.", "Correct one of them.")
    places = {place.id for place in scenario.places}
    for cohort in scenario.cohorts:
        path = faults.path_of("cohorts", cohort.id)
        _known(faults, (*path, "attraction"), "place", (name for name, _ in cohort.attraction), places)


def _known(faults: Faults, path: tuple[str | int, ...], kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Note each name that is not among the known of its kind."""
    for name in names:
        if name and name not in known:
            faults.note(path, f"There is no {kind} “{name}”.", f"Check the name, or add the {kind}.")


def _sites(scenario: Scenario) -> set[str]:
    return {*list_sites(scenario), *(place.id for place in scenario.places)}


def _check_links(scenario: Scenario, faults: Faults) -> None:
    sites, cohorts = _sites(scenario), {cohort.id for cohort in scenario.cohorts}
    features = {name for name, _ in scenario.effects}
    for link in scenario.links:
        path = faults.path_of("links", link.id)
        _known(faults, (*path, "from"), "place", (link.start,), sites)
        _known(faults, (*path, "to"), "place", (link.end,), sites)
        _known(faults, (*path, "cohorts"), "cohort", link.cohorts, cohorts)
        _known(faults, (*path, "features"), "effect", (name for name, _ in link.features), features)
        if link.start == link.end:
            faults.note((*path, "to"), f"“{link.id}” ends where it starts.", "Correct one end.")
        if link.days + len(link.day_shares) > 120:
            faults.note((*path, "days"), "A link takes at most 120 days.", "Add a place on the way.")


def _check_inflows(scenario: Scenario, faults: Faults) -> None:
    cohorts = {cohort.id for cohort in scenario.cohorts}
    for inflow in scenario.inflows:
        path = faults.path_of("inflows", inflow.id)
        _known(faults, (*path, "place"), "place", (inflow.place,), _sites(scenario))
        _known(faults, (*path, "cohorts"), "cohort", (name for name, _ in inflow.cohorts), cohorts)
        total = sum(share for _, share in inflow.cohorts)
        if inflow.cohorts and abs(total - 1.0) > 1e-6:
            faults.note((*path, "cohorts"), f"The shares sum to {total:g}, not to 1.", "Correct them.")
        days = [day for day, _ in inflow.knots]
        if days != sorted(set(days)):
            faults.note((*path, "knots"), "The knots are not in the order of their days.", "Sort them.")
        if inflow.record and not any(r.published_on <= scenario.period.known_until for r in inflow.record):
            until = scenario.period.known_until
            faults.note((*path, "record"), f"Nothing of it was published by {until}.", "Move known_until.")


def _check_dated(scenario: Scenario, faults: Faults) -> None:
    links = {link.id: link for link in scenario.links}
    places = {place.id for place in scenario.places}
    inflows = {inflow.id for inflow in scenario.inflows}
    cohorts = {cohort.id for cohort in scenario.cohorts}
    for kind in ("programmes", "returns"):
        for record in getattr(scenario, kind):
            _known(faults, (*faults.path_of(kind, record.id), "link"), "link", (record.link,), links)
    for programme in scenario.programmes:
        link = links.get(programme.link)
        if link and not link.programme_only and link.seats is None:
            path = faults.path_of("programmes", programme.id)
            what = f"“{link.id}” has no seats to count: it is open to all without a programme."
            faults.note((*path, "link"), what, "Give the link programme_only = true, or seats.")
    for closure in scenario.closures:
        path = faults.path_of("closures", closure.id)
        _known(faults, (*path, "links"), "link", closure.links, links)
        _known(faults, (*path, "substitute"), "link", (closure.substitute,), links)
        starts = {links[link].start for link in closure.links if link in links}
        if closure.substitute in links and starts != {links[closure.substitute].start}:
            what = f"“{closure.substitute}” does not start where the closed links start."
            faults.note((*path, "substitute"), what, "Choose a link from the same place.")
    for rule in scenario.rules:
        path = faults.path_of("rules", rule.id)
        _known(faults, (*path, "links"), "link", rule.links, links)
        _known(faults, (*path, "places"), "place", rule.places, _sites(scenario))
        _known(faults, (*path, "inflows"), "inflow", rule.inflows, inflows)
        _known(faults, (*path, "cohorts"), "cohort", rule.cohorts, cohorts)
    for change in scenario.capacities:
        path = faults.path_of("capacities", change.id)
        _known(faults, (*path, "place"), "place", (change.place,), places)


def _check_observations(scenario: Scenario, faults: Faults) -> None:
    first = scenario.period.start
    waits = {f"{p.id}/{stage.name}" for p in scenario.places for stage in p.stages if stage.seats}
    links = {link.id for link in scenario.links}
    for seen in scenario.observations:
        path = faults.path_of("observations", seen.id)
        of_links = seen.measure in ("departures", "waiting")
        of_places = seen.measure in ("unmet", "settled", "left", "inflow")
        known = links | (waits if seen.measure == "waiting" else set()) if of_links else _sites(scenario)
        _known(faults, (*path, "of"), "link" if of_links else "place", seen.of, known)
        if of_places and any("/" in name for name in seen.of):
            faults.note((*path, "of"), f"“{seen.measure}” is counted by place, not by stage.", "Name the place.")
        if not seen.of:
            faults.note((*path, "of"), "Nothing is counted.", "Name places or links in “of”.")
        if seen.measure in STOCKS and seen.window == "cumulative":
            faults.note((*path, "window"), f"“{seen.measure}” is a stock; it does not add up.", 'Use "day".')
        if seen.measure in STOCKS and seen.unit == "events":
            faults.note((*path, "unit"), f"“{seen.measure}” counts people, not events.", 'Use unit = "people".')
        if seen.since and seen.since < first:
            faults.note((*path, "since"), f"It counts from {seen.since}, before the period.", f"Start at {first}.")
        _check_rows(scenario, seen, faults)


def _check_rows(scenario: Scenario, seen: Observation, faults: Faults) -> None:
    """Rows outside the period are a fault, on their own line; so are rows in another unit."""
    period = scenario.period
    for row in seen.rows:
        if row.start < period.start or row.end > period.end:
            what = f"{row.start}..{row.end} of “{seen.id}” is outside the period {period.start}..{period.end}."
            faults.note_in(row.file, row.line, what, "Widen the period, or leave it out with “first” and “last”.")
        if row.unit and row.unit != seen.unit:
            what = f"The unit is “{row.unit}”, but “{seen.id}” is in “{seen.unit}”."
            faults.note_in(row.file, row.line, what, "Correct whichever is wrong.")
