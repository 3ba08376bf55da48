"""Results as plain values for JSON and as columns for tables; docs/reference/flow.md names every one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date

import numpy as np

from onward.engines.flows.compare import LEVELS, Comparison
from onward.engines.flows.fit import Fit
from onward.engines.flows.likelihood import gather
from onward.engines.flows.parameters import Floats, natural
from onward.engines.flows.results import Run
from onward.engines.flows.rhythm import stocks
from onward.engines.flows.rolling import Rolled
from onward.engines.flows.scenario import Scenario
from onward.engines.flows.scores import Skill, inside_bands
from onward.engines.flows.scores import crps as crps_of
from onward.engines.flows.scores import log_crps as log_crps_of
from onward.engines.flows.verdict import Record, Verdict

NAMES = tuple(f"q{round(100 * level):02d}" for level in LEVELS)
"""Names of the quantiles: q05 to q95."""


def run_values(run: Run, scenario: Scenario) -> dict[str, object]:
    """A run: how it was made, the quantiles of every series by day, and of every published or asked number."""
    return {
        "kind": "mean" if run.members == 1 else "ensemble",
        "title": scenario.title,
        **_made(run),
        "start": run.days[0],
        "end": run.days[-1],
        "known_until": scenario.period.known_until,
        "quantiles": LEVELS if run.members > 1 else None,
        "days": run.days,
        "series": {name: _spread(run.of(name).astype(np.float64)) for name in run.series},
        "reported": _reported(run, scenario),
    }


def _made(run: Run) -> dict[str, object]:
    return {
        "members": run.members,
        "seed": run.seed,
        "version": run.version,
        "inputs_sha256": run.inputs_sha256,
        "draws_sha256": run.draws_sha256,
    }


def _spread(members: Floats) -> Mapping[str, object]:
    """Mean and quantiles over members (member, day); the one pass alone where there is but one."""
    if len(members) == 1:
        return {"mean": np.round(members[0], 3)}
    quantiles = np.quantile(members, LEVELS, axis=0)
    return {"mean": np.round(members.mean(axis=0), 3), **dict(zip(NAMES, np.round(quantiles, 1), strict=True))}


def _reported(run: Run, scenario: Scenario) -> list[dict[str, object]]:
    """Each count of each observation: what was published (null where only asked), and what the run says of it."""
    evidence = gather(run.rows, stocks(scenario), date.max)
    said = evidence.expected(run.reported)
    return [
        {
            "observation": one.name,
            "start": one.start,
            "end": one.end,
            "published": one.value,
            "published_on": None if one.published_on == date.max else one.published_on,
            **{name: float(value[0]) for name, value in _spread(said[:, n : n + 1]).items()},  # type: ignore[index]
        }
        for n, one in enumerate(evidence.counts)
    ]


def run_columns(run: Run) -> dict[str, object]:
    """A row for each member and day, a column for each series."""
    members, days = run.counts.shape[:2]
    at: dict[str, object] = {
        "member": np.repeat(np.arange(members, dtype=np.int32), days),
        "date": list(run.days) * members,
    }
    return at | {name: run.of(name).reshape(-1) for name in run.series}


def about(run: Run) -> dict[str, str]:
    """How a run was made, to be kept in its file."""
    return {name: str(value) for name, value in _made(run).items()}


def fit_values(fit: Fit) -> dict[str, object]:
    """A fit: every parameter's prior and what became of it, how it was found, and the draws that runs take."""
    quantiles = fit.quantiles(LEVELS)
    at_mode = natural(fit.parameters, fit.mode)
    learned = set(fit.learned)
    return {
        "kind": "fit",
        "known_until": fit.known_until,
        "seed": fit.seed,
        "version": fit.version,
        "inputs_sha256": fit.inputs_sha256,
        "counts_used": len(fit.used),
        "held_back": [asdict(row) for row in fit.held_back],
        "log_probability": fit.log_probability,
        "starts": [{"outcome": one.outcome, "steps": one.steps, "log_probability": one.height} for one in fit.climbs],
        "parameters": [
            {
                "name": one.name,
                "prior": one.prior,
                "prior_centre": one.centre,
                "prior_sd": one.sd,
                "learned": one.name in learned,
                "mode": float(at_mode[n]),
                **{name: float(value) for name, value in zip(NAMES, quantiles[:, n], strict=True)},
            }
            for n, one in enumerate(fit.parameters)
        ],
        "covariance": fit.covariance,
        "draws": fit.draws,
    }


def fit_columns(fit: Fit) -> dict[str, object]:
    """A row for each draw, a column for each parameter in its own unit."""
    drawn = natural(fit.parameters, fit.draws)
    return {one.name: drawn[:, n] for n, one in enumerate(fit.parameters)}


def record_values(record: Record) -> dict[str, object]:
    """A score: the verdict on everything first where there are several series, then on each."""
    return {
        "kind": "score",
        "title": record.title,
        "since": record.since,
        "until": record.until,
        "ahead_days": record.ahead,
        "inputs_sha256": record.inputs_sha256,
        "left_out": [{"origin": origin, "why": why} for origin, why in record.left_out],
        "verdicts": [_verdict_values(one) for one in record.verdicts],
    }


def _verdict_values(one: Verdict) -> dict[str, object]:
    return {
        "series": one.series,
        "title": one.title,
        "counts": one.counts,
        "origins": one.origins,
        "lately_held": one.lately[0],
        "lately_counts": one.lately[1],
        "models": {
            worth.model: {
                "crps": worth.crps,
                "log_crps": worth.log_crps,
                "tail_crps": worth.tail_crps,
                "held": {f"{level:g}": share for level, share in worth.coverage.items()},
                "has_skill": one.has_skill(worth.model),
            }
            for worth in one.worths
        },
        "skill": [{"model": model, **skill_values(skill)} for model, skill in one.skills],
    }


def skill_values(skill: Skill) -> dict[str, object]:
    """A relative skill and its interval."""
    return {"against": skill.against, "ratio": skill.ratio, "low": skill.low, "high": skill.high}


def scored_columns(rolled: Rolled) -> dict[str, object]:
    """A row for each count, origin and model: quantiles of what was said, what came, and the scores."""
    return columns_of(_scored_rows(rolled))


def _scored_rows(rolled: Rolled) -> Iterator[dict[str, object]]:
    for one in rolled.said:
        for model, members in one.members.items():
            seen, said = np.array([one.count.value]), members[None, :]
            yield {
                "observation": one.count.name,
                "origin": one.origin,
                "start": one.count.start,
                "end": one.count.end,
                "seen": one.count.value,
                "model": model,
                "weight": one.weights.get(model),
                **dict(zip(NAMES, map(float, np.quantile(members, LEVELS)), strict=True)),
                "crps": float(crps_of(seen, said)[0]),
                "log_crps": float(log_crps_of(seen, said)[0]),
                **dict(zip(("in_50", "in_80", "in_90"), map(bool, inside_bands(seen, said)[:, 0]), strict=True)),
            }


def comparison_values(comparisons: Sequence[Comparison]) -> dict[str, object]:
    """What-ifs: each with its opposite's file, its changes with bands, and what was assumed."""
    return {"kind": "what-ifs", "quantiles": LEVELS, "what_ifs": [asdict(one) for one in comparisons]}


def comparison_columns(comparisons: Sequence[Comparison]) -> dict[str, object]:
    """A row for each what-if and series: quantiles as it is, as if, and of the paired difference."""
    return columns_of(
        {
            "what_if": one.id,
            "since": one.since,
            "until": one.until,
            "measure": change.measure,
            "of": change.of,
            "on_last_day": change.is_end,
            **_named("as_is", change.as_is),
            **_named("as_if", change.as_if),
            **_named("difference", change.difference),
            "share_less": change.less,
            "share_more": change.more,
        }
        for one in comparisons
        for change in one.changes
    )


def columns_of(rows: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Rows that are alike as columns by name; none where there is no row."""
    held = list(rows)
    return {name: [row[name] for row in held] for name in held[0]} if held else {}


def _named(what: str, bands: Floats) -> dict[str, object]:
    return {f"{what}_{name}": float(value) for name, value in zip(NAMES, bands, strict=True)}
