"""docs/validation.md from the outcomes of the experiments, good or bad: no skill is said first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isinf, isnan

from onward.engines.flows.conflicts import ConflictsOutcome
from onward.engines.flows.experiments import Event
from onward.engines.flows.likelihood import Count
from onward.engines.flows.rolling import NETWORK, POOL
from onward.engines.flows.scores import FEWEST_ORIGINS, LEVELS, Skill
from onward.engines.flows.validation import Line, Outcome
from onward.engines.flows.verdict import Verdict, Worth

HEAD = """# Validation: what the flows engine could and could not foretell

Written by `onward flow validate` from its own output; nothing here is typed by hand. The experiments are files
(`data/scenarios/experiments`), their priors were frozen before any score was computed, and what was tried since is in
[decision 11](decisions/0011-corridor.md). The same seed gives the same page. Since [decision
12](decisions/0012-forecasts-begin-at-readings.md) forecasts begin at the last reading. That was decided after scores of
the windows below had been seen, and tried on others: of that change this page is no test, only months kept aside are.

**How to read it.** CRPS is the mean distance between a forecast and what came, in the unit of the counts: less is
better, 0 is perfect; of a forecast without a band it is the plain error. A ratio below 1 is better than the plain rule
named. Its interval is a block bootstrap over the days on which forecasts were made. **No skill** stands where it
includes 1, or where there are fewer than {fewest} such days and no interval can be drawn. "Held" is the share of counts
that lay within the band: an honest 90 % band holds 90 in 100. A pool weighs the network and the plain rules by their
past scores. Encounters are events, not people, and fewer seen in one place are not fewer people.
"""


NOT_RUN = """## {title}

Not run: no folder of conflicts in Flee's layout was given (`onward flow validate --conflicts FOLDER`).
"""
type Tried = Outcome | ConflictsOutcome


@dataclass(frozen=True, slots=True)
class Page:
    """What the page tells beside the outcomes: the seed, the version, titles of experiments that were not run."""

    seed: int
    version: str
    not_run: tuple[str, ...] = ()


def as_markdown(outcomes: Sequence[Tried], page: Page) -> str:
    """The whole page."""
    sections = [line for outcome in outcomes for line in _section(outcome)]
    sections += [NOT_RUN.format(title=title) for title in page.not_run]
    head = HEAD.format(fewest=FEWEST_ORIGINS)
    made = f"Seed {page.seed}, Onward {page.version}."
    short = ["## In short", "", *(f"- {line}" for line in summary(outcomes)), ""]
    return "\n".join([head, made, "", *short, *sections]).rstrip() + "\n"


def summary(outcomes: Sequence[Tried]) -> Iterator[str]:
    """A sentence for each experiment, those without skill first."""
    for outcome in sorted(outcomes, key=lambda one: any(group.has_skill() for group in one.groups)):
        shown = [group.title for group in outcome.groups if group.has_skill()]
        said = f"skill beyond chance on {', '.join(shown)}" if shown else "**no skill shown**"
        yield f"{outcome.experiment.about.title}: {said}. {_held_in_words(outcome)}"


def _held_in_words(outcome: Tried) -> str:
    """How many of the counts the network's 90 % bands held, over all groups of an event or the first of many."""
    groups = outcome.groups if isinstance(outcome.experiment, Event) else outcome.groups[:1]
    network = [(group.counts, one.coverage[0.9]) for group in groups for one in group.worths if one.model == NETWORK]
    counts, held = sum(counts for counts, _ in network), sum(round(share * counts) for counts, share in network)
    return f"The network's 90 % bands held {held} of {counts} counts." if counts else "Nothing could be scored."


def _section(outcome: Tried) -> Iterator[str]:
    about = outcome.experiment.about
    yield f"## {about.title}"
    yield ""
    yield about.question
    yield ""
    if not any(group.has_skill() for group in outcome.groups):
        yield f"**No skill shown.** {_why_not(outcome)}"
        yield ""
    if about.warning:
        yield f"*{about.warning}*"
        yield ""
    yield from _left_out(outcome)
    yield from _parity(outcome) if isinstance(outcome, ConflictsOutcome) else _lines(outcome.lines)
    for group in outcome.groups:
        yield from _group(group)


def _left_out(outcome: Tried) -> Iterator[str]:
    if isinstance(outcome, ConflictsOutcome):
        gone = [f"{name}, {day}: {why}" for name, day, why in outcome.left_out]
    else:
        gone = [f"{day}: {why}" for day, why in outcome.left_out]
    yield from (f"- Could not be forecast: {one}" for one in gone)
    if gone:
        yield ""


def _parity(outcome: ConflictsOutcome) -> Iterator[str]:
    """Errors beside Flee's, with the plain rule that is told as much."""
    tolerance = outcome.experiment.tolerance
    within = sum(abs(one.ours - one.flee) <= tolerance for one in outcome.parity)
    yield (
        f"Averaged relative difference, every model told the true total each day: within {tolerance} of Flee on "
        f"{within} of {len(outcome.parity)} conflicts. The last column is no model: each camp's share 30 days before."
    )
    yield ""
    yield _row(
        ["conflict", "Flee", "Flee's rules on counts", "the same without Flee's faults", "shares 30 days before"]
    )
    yield _row(["---"] * 5)
    for one in outcome.parity:
        yield _row([one.name, *(f"{error:.3f}" for error in (one.flee, one.ours, one.mended, one.before))])
    yield ""


def _why_not(outcome: Tried) -> str:
    origins = max((group.origins for group in outcome.groups), default=0)
    if origins < FEWEST_ORIGINS:
        return "One event is one origin: it shows what the model says, and cannot show that it was not luck."
    return "No interval of the ratio to every plain rule lies below 1."


def _lines(lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    names = list(dict.fromkeys(name for line in lines for name in line.plain))
    yield _row(["count", "days", "came", "network, middle", "50 %", "90 %", *(f"{name}" for name in names)])
    yield _row(["---"] * (6 + len(names)))
    for line in lines:
        low, lower, middle, upper, high = (f"{value:,.0f}" for value in line.bands)
        plain = [f"{line.plain[name]:,.0f}" if name in line.plain else "" for name in names]
        came = _came(line.count)
        yield _row(
            [line.count.name, _days(line.count), came, middle, f"{lower} to {upper}", f"{low} to {high}", *plain]
        )
    yield ""


def _came(count: Count) -> str:
    if count.low == count.high:
        return f"{count.value:,.0f}"
    return f"{count.low:,.0f} to {count.high:,.0f}"


def _days(count: Count) -> str:
    start, end = count.first, count.end
    if start == end:
        return end.isoformat()
    return f"{end:%Y-%m}" if _is_month(start, end) else f"{start} to {end}"


def _is_month(start: date, end: date) -> bool:
    return start.day == 1 and (end + timedelta(days=1)).day == 1 and (end - start).days < 31


def _group(group: Verdict) -> Iterator[str]:
    if not group.worths:
        return
    yield f"**{group.title}**: {_many(group.counts, 'count')} from {_many(group.origins, 'forecast day')}"
    yield ""
    yield _row(
        ["model", "CRPS", "CRPS of the logarithm", "held by 50 %", "80 %", "90 %", "network / this", "pool / this"]
    )
    yield _row(["---"] * 8)
    skills = {(ours, skill.against): skill for ours, skill in group.skills}
    for worth in group.worths:
        yield _row(_worth(worth, skills))
    yield ""


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _worth(worth: Worth, skills: Mapping[tuple[str, str], Skill]) -> Iterable[str]:
    held = [f"{100 * worth.coverage[level]:.0f}" if worth.coverage else "" for level in LEVELS]
    against = [_ratio(skills.get((ours, worth.model))) for ours in (NETWORK, POOL)]
    return [worth.model, f"{worth.crps:,.1f}", f"{worth.log_crps:.3f}", *held, *against]


def _ratio(skill: Skill | None) -> str:
    if skill is None:
        return ""
    if isinf(skill.ratio):
        return "the rule was exact"
    if isnan(skill.low):
        return f"{skill.ratio:.2f}"
    said = f"{skill.ratio:.2f} ({skill.low:.2f} to {skill.high:.2f})"
    return said if skill.is_shown else f"{said}, no skill"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
