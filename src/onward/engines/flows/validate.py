"""All experiments in turn, and the page written from what they gave: whole, or not at all."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from onward import __version__
from onward.engines.flows.conflicts import ConflictsOutcome, run_conflicts
from onward.engines.flows.experiments import Conflicts, Event, Experiment, Rolling, read_experiments
from onward.engines.flows.scores import LEVELS
from onward.engines.flows.validation import Outcome, Sampling, run_event, run_rolling
from onward.engines.flows.validation_page import Page, as_markdown, summary
from onward.engines.flows.values import columns_of, skill_values
from onward.engines.flows.verdict import Verdict, Worth
from onward.engines.flows.writing import write_text

type Told = Callable[[str, int, int], None]
"""Progress: the experiment's title, how many of its origins or conflicts are done, of how many."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What every experiment gave, the titles of those not run, and the page."""

    outcomes: tuple[Outcome | ConflictsOutcome, ...]
    not_run: tuple[str, ...]
    page: str


def validate(
    experiments: Path, conflicts: Path | None, sampling: Sampling, told: Told, *, workers: int = 1
) -> Validation:
    """Run every experiment of a folder. conflicts: a folder of folders in Flee's layout; None leaves those out.

    workers: experiments that run at once, each in a process of its own where there are several; progress is then told
    as each ends. The same files and seed give the same page. Raises BadInput or ScenarioRefused; then nothing is
    written anywhere.
    """
    found = read_experiments(experiments)
    not_run = tuple(one.about.title for one in found if isinstance(one, Conflicts) and conflicts is None)
    wanted = [one for one in found if one.about.title not in not_run]
    if min(workers, len(wanted)) > 1:
        outcomes = _run_at_once(wanted, conflicts, sampling, (told, workers))
    else:
        outcomes = [_run(one, conflicts, sampling, told) for one in wanted]
    page = as_markdown(outcomes, Page(sampling.seed, __version__, not_run))
    return Validation(tuple(outcomes), not_run, page)


def _run_at_once(
    wanted: Sequence[Experiment], conflicts: Path | None, sampling: Sampling, how: tuple[Told, int]
) -> list[Outcome | ConflictsOutcome]:
    """Each in a process of its own, the longest first: conflicts, then those of many forecast days."""
    told, workers = how
    longest = sorted(wanted, key=lambda one: (isinstance(one, Event), isinstance(one, Rolling)))
    with ProcessPoolExecutor(workers, get_context("spawn")) as processes:
        going = {one.about.id: processes.submit(_run, one, conflicts, sampling, _silent) for one in longest}
        titles = {going[one.about.id]: one.about.title for one in longest}
        for ended in as_completed(titles):
            told(titles[ended], 1, 1)
        return [going[one.about.id].result() for one in wanted]


def _silent(_title: str, _done: int, _of: int) -> None:
    """Nothing is told from another process."""


def _run(experiment: Experiment, conflicts: Path | None, sampling: Sampling, told: Told) -> Outcome | ConflictsOutcome:
    def tell(done: int, of: int) -> None:
        told(experiment.about.title, done, of)

    if isinstance(experiment, Event):
        return run_event(experiment, sampling, tell)
    if isinstance(experiment, Conflicts):
        return run_conflicts(experiment, conflicts or Path(), sampling, tell)
    return run_rolling(experiment, sampling, tell)


def as_values(validation: Validation) -> dict[str, object]:
    """The scores as plain values, for programs: experiment, group, model, scores, skills."""
    return {"experiments": [_values(one) for one in validation.outcomes], "not_run": list(validation.not_run)}


def _values(outcome: Outcome | ConflictsOutcome) -> dict[str, object]:
    about, groups = outcome.experiment.about, [_group_values(group) for group in outcome.groups]
    values: dict[str, object] = {"id": about.id, "title": about.title, "groups": groups}
    return (
        values | {"parity": [asdict(one) for one in outcome.parity]}
        if isinstance(outcome, ConflictsOutcome)
        else values
    )


def _group_values(group: Verdict) -> dict[str, object]:
    scores = [{"model": worth.model, **_scores(group, worth), "held": worth.coverage} for worth in group.worths]
    skills = [{"model": ours, **skill_values(skill)} for ours, skill in group.skills]
    return {"title": group.title, "has_skill": group.has_skill(), "scores": scores, "skills": skills}


def _scores(group: Verdict, worth: Worth) -> dict[str, object]:
    return {"counts": group.counts, "origins": group.origins, "crps": worth.crps, "log_crps": worth.log_crps}


def as_columns(validation: Validation) -> dict[str, object]:
    """Every score as a row of a table: experiment, group, model, counts, origins, crps, log_crps, held_50, _80, _90."""
    return columns_of(
        {
            "experiment": outcome.experiment.about.id,
            "group": group.title,
            "model": worth.model,
            **_scores(group, worth),
            **{f"held_{100 * level:.0f}": worth.coverage.get(level) for level in LEVELS},
        }
        for outcome in validation.outcomes
        for group in outcome.groups
        for worth in group.worths
    )


def in_short(validation: Validation) -> str:
    """A sentence for each experiment, those without skill first."""
    return "\n".join(line.replace("**", "") for line in summary(validation.outcomes))


def write_page(validation: Validation, path: Path) -> None:
    """Write the page, whole or not at all."""
    write_text(path, validation.page)
