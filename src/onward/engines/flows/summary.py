"""Forecasts, scores and what-ifs in plain sentences: bands before middles, "no skill" before anything else."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from onward.engines.flows.compare import LEVELS, Assumed, Change, Comparison
from onward.engines.flows.fit import Fit
from onward.engines.flows.parameters import Floats
from onward.engines.flows.results import Run
from onward.engines.flows.rolling import POOL
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.scores import FEWEST_ORIGINS, Skill
from onward.engines.flows.verdict import Record, Verdict

LOW, MIDDLE, HIGH = LEVELS.index(0.1), LEVELS.index(0.5), LEVELS.index(0.9)
NOT_SCORED = "Not scored yet: nothing shows how far to trust these bands. See “onward flow score”."
NOT_FITTED = "From the priors alone: nothing published was fitted. See “onward flow fit”."
NO_BANDS = "Expectations without bands, to check a scenario by: no forecast. See “onward flow simulate”."
BANDS = "Bands of 50, 80 and 90 %, dark to light, and the middle; black bars are published numbers, dashed if later."
FEWEST_SHOWN = 1
"""People in a middle forecast below which a place is not worth a sentence."""


def count(number: float) -> str:
    """A whole number with separators."""
    return f"{round(number):,}"


def percent(share: float) -> str:
    """88 %"""
    return f"{100 * share:.0f} %"


def forecast_lines(run: Run, scenario: Scenario, days: int, record: Record | None) -> list[str]:
    """A sentence for each place's arrivals over the days after the origin; what the forecast is worth comes first."""
    first = _first_day(run, scenario)
    span = slice(first, min(first + days, run.counts.shape[1]))
    told = [] if span.start >= span.stop else _place_lines(run, scenario, span, record)
    return [*worth_lines(record), *told]


def _first_day(run: Run, scenario: Scenario) -> int:
    """The day after the origin, or the first day where the origin lies before it."""
    return max((scenario.period.known_until - run.start).days + 1, 0)


def _place_lines(run: Run, scenario: Scenario, span: slice, record: Record | None) -> list[str]:
    days = span.stop - span.start
    lines = []
    for place in scenario.places:
        name = f"arrivals:{place.id}"
        if name not in run.series:
            continue
        summed = run.of(name)[:, span].sum(axis=1)
        low, middle, high = np.quantile(summed, (0.1, 0.5, 0.9))
        if middle >= FEWEST_SHOWN:
            band = f"{count(low)} to {count(high)} arrivals, most likely {count(middle)}"
            lines.append(f"{place.title}, {days} days: {band}{_lately(scenario, place.id, record)}.")
    return lines


def _lately(scenario: Scenario, place: str, record: Record | None) -> str:
    """How last month's bands did on the place's own arrivals; nothing where those were not scored."""
    counted = [one.id for one in scenario.observations if one.measure == "arrivals" and place in one.of]
    verdicts = [record.of(name) for name in counted] if record else []
    found = next((one for one in verdicts if one), None)
    return f"; last month's bands held {percent(found.lately[0])} of {found.lately[1]} counts" if found else ""


def worth_lines(record: Record | None) -> list[str]:
    """What stands above every forecast: no skill first, then what the bands held and the last score."""
    if record is None or not record.verdicts:
        return [NOT_SCORED]
    verdict = record.verdicts[0]
    return [verdict_line(verdict), held_line(verdict), f"Scored on {_days(record.since, record.until)}."]


def verdict_line(verdict: Verdict) -> str:
    """Whether the forecast as it is published (the pool) beat every naive rule, with the closest of them."""
    skills = [skill for model, skill in verdict.skills if model == POOL]
    if not skills:
        return f"No skill shown on {verdict.title}: its past is too short for any naive rule to be held against."
    closest = max(skills, key=lambda one: one.ratio)
    if verdict.has_skill(POOL):
        return f"Skill on {verdict.title}: {skill_words(closest)}, and better than every other naive rule."
    return f"No skill on {verdict.title}: {skill_words(closest)}."


def skill_words(skill: Skill) -> str:
    """0.82 (0.70 to 0.95) of the error of “drift”"""
    if skill.origins < FEWEST_ORIGINS:
        few = f"{skill.origins} forecast {'day' if skill.origins == 1 else 'days'}, too few for an interval"
        return f"{skill.ratio:.2f} of the error of “{skill.against}”, from {few}"
    return f"{skill.ratio:.2f} ({skill.low:.2f} to {skill.high:.2f}) of the error of “{skill.against}”"


def held_line(verdict: Verdict) -> str:
    """50, 80, 90 % bands held 47, 79, 92 % of 212 counts, from 18 days."""
    held = next(one for one in verdict.worths if one.model == POOL).coverage
    levels = ", ".join(f"{100 * level:.0f}" for level in held)
    shares = ", ".join(f"{100 * share:.0f}" for share in held.values())
    days = f"{verdict.origins} day{'' if verdict.origins == 1 else 's'}"
    return f"{levels} % bands held {shares} % of {count(verdict.counts)} counts, forecast from {days}."


def fit_lines(fit: Fit) -> list[str]:
    """What was fitted to what, what was learned and what was not."""
    kept = len(fit.parameters) - len(fit.learned)
    arrived = [one for one in fit.climbs if one.has_arrived]
    apart = max(one.height for one in arrived) - min(one.height for one in arrived)
    agree = (
        "and agree" if apart < 0.5 else f"and differ by {apart:.1f} in log-probability: there is more than one answer"
    )
    tops = (
        f"{len(arrived)} of {len(fit.climbs)} starts reached a top {agree}"
        if len(fit.climbs) > 1
        else "One start reached a top"
    )
    used, later = count(len(fit.used)), count(len(fit.held_back))
    return [
        f"{used} counts published by {fit.known_until} fitted; {later} later ones held back.",
        f"{len(fit.learned)} parameters learned from them; {kept} stand at their priors.",
        f"{tops}.",
    ]


def what_if_lines(comparison: Comparison, most: int = 6) -> list[str]:
    """What changes where, then who is stranded or without a bed, then what was assumed. Nothing without its band."""
    lines = [comparison.question or comparison.title]
    arrivals = [one for one in comparison.of("arrivals") if "/" not in one.of and _differs(one)]
    days = _days(comparison.since, comparison.until)
    lines.append(f"Arrivals, {days}, 80 % bands of {count(comparison.members)} pairs:")
    lines += [f"  {one.title}: {difference_words(one.difference)}." for one in arrivals[:most]]
    if not arrivals:
        lines.append("  No difference anywhere.")
    lines += list(_hardship(comparison))
    if any(one.difference[MIDDLE] < 0 for one in arrivals):
        lines.append("Fewer seen in one place is not fewer people: look where the others are, and who is stranded.")
    lines += [assumed_line(one) for one in comparison.assumed]
    return lines


def _differs(one: Change) -> bool:
    return bool(np.any(one.difference != 0))


def _hardship(comparison: Comparison) -> Iterator[str]:
    """Stranding and unmet need of all places, said even where they are nothing."""
    for measure, words in (
        ("stranded", "Days stranded, all people together"),
        ("unmet", "Without a bed on the last day"),
    ):
        found = [one for one in comparison.of(measure) if "/" not in one.of and _differs(one)]
        told = [f"{one.title} {difference_words(one.difference)}" for one in found[:3]]
        yield f"{words}: {'; '.join(told) or 'no difference'}."


def difference_words(bands: Floats) -> str:
    """The 80 % band of a paired difference and its middle; a sign that is not known is said."""
    low, middle, high = (round(float(bands[place])) for place in (LOW, MIDDLE, HIGH))
    if low >= 0 and high > 0:
        return f"{count(low)} to {count(high)} more, most likely {count(middle)}"
    if high <= 0 and low < 0:
        return f"{count(-high)} to {count(-low)} fewer seen here, most likely {count(-middle)}"
    if low == high == 0:
        return "no difference to speak of"
    return f"between {count(-low)} fewer seen here and {count(high)} more: which of the two is not known"


def assumed_line(one: Assumed) -> str:
    """An effect the record has no precedent for."""
    return f"Assumed, without a precedent: {one.title}{': ' if one.numbers else ''}{'; '.join(one.numbers)}."


def _days(since: date | None, until: date | None) -> str:
    if since is None or until is None:
        return "no day"
    return f"{since:%-d %b %Y} to {until:%-d %b %Y}"


def mean_lines(run: Run, scenario: Scenario) -> list[str]:
    """Where people are expected to be on the last day, and that nobody is lost."""
    parts = ("entered", "present", "travelling", "settled", "left")
    entered, present, travelling, settled, left = (float(run.of(name)[0, -1]) for name in parts)
    where = f"{count(present)} present, {count(travelling)} under way, {count(settled)} settled, {count(left)} left"
    return [f"By {scenario.period.end:%-d %b %Y}: {count(entered)} entered; {where}."]


def record_lines(record: Record) -> list[str]:
    """Series without skill first, each with what its bands held; then the origins that could not be forecast."""
    worst_first = sorted(record.verdicts, key=lambda one: one.has_skill(POOL))
    lines = [f"Forecast up to {record.ahead} days ahead, scored on {_days(record.since, record.until)}."]
    for one in worst_first:
        lines += [verdict_line(one), f"  {held_line(one)}"]
    lines += [f"Not forecast from {origin}: {why}" for origin, why in record.left_out]
    return lines


def what_ifs_lines(comparisons: Sequence[Comparison]) -> list[str]:
    """Each what-if in turn, named with its opposite."""
    lines: list[str] = []
    for one in comparisons:
        lines += ["", f"{one.title} (opposite: {one.opposite})", *what_if_lines(one)]
    return lines[1:]


def heading_lines(comparisons: Sequence[Comparison]) -> list[str]:
    """What must stand above a chart of what-ifs: each with its opposite, and what was assumed for it."""
    named = [f"{one.title}: its opposite is {one.opposite}." for one in comparisons]
    return [*named, *(assumed_line(one) for comparison in comparisons for one in comparison.assumed)]


def most_changed(comparisons: Sequence[Comparison], most: int = 2) -> tuple[str, ...]:
    """The places whose arrivals change most in any of the what-ifs, as series."""
    size: dict[str, float] = {}
    for comparison in comparisons:
        for one in comparison.of("arrivals"):
            if "/" not in one.of:
                size[one.of] = max(size.get(one.of, 0.0), abs(float(one.difference[MIDDLE])))
    return tuple(f"arrivals:{of}" for of in sorted(size, key=lambda of: -size[of])[:most])
