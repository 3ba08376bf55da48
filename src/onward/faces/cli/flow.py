"""onward flow: how many people will be where, and when; what would change if. Engines are named inside the commands."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.faces.cli.asking import read_date
from onward.faces.cli.flow_options import Given, Known, Out, Sampled, SampledOften, Scores, Until, spread
from onward.faces.cli.flow_showing import Answer, progress, show, workers
from onward.faces.cli.flow_validate import validate_flow

if TYPE_CHECKING:
    from onward.engines.flows.chart import Panel
    from onward.engines.flows.parameters import Floats
    from onward.engines.flows.scenario import Scenario
    from onward.engines.flows.verdict import Record

app = typer.Typer(no_args_is_help=True, help="Flows: forecasts with bands, their scores, and what-ifs.")
app.command("validate")(validate_flow)

Days = Annotated[int, typer.Option("--days", metavar="N", min=1, help="Days summed in the sentences.")]
Draws = Annotated[int, typer.Option("--draws", metavar="N", min=20, help="Draws of the parameters.")]
KEPT = ("inflow", "arrivals", "present", "stranded", "unmet", "settled", "left")


@app.callback()
def flow() -> None:
    """Flows: forecasts with bands, their scores, and what-ifs."""


@app.command("simulate")
@spread
def simulate_flow(
    scenario: Given, known: Known, sampled: Sampled, out: Out, scores: Scores = None, days: Days = 14
) -> None:
    """Sample futures, and say each place's arrivals with their bands."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.discrepancy import begin_at_readings
    from onward.engines.flows.rhythm import ask_ahead
    from onward.engines.flows.simulation import simulate
    from onward.faces.cli import flow_tables

    read = _read(scenario, known.known_until)
    record = _record(scores)
    draws = _draws(known.fit, read, sampled)
    asked = ask_ahead(read)
    with workers(sampled, 1, "Sampling") as executor:
        run = simulate(asked, members=sampled.members, draws=draws, seed=sampled.seed, executor=executor, keep=KEPT)
    run = begin_at_readings(run, asked, run.seed)
    lines = summary.forecast_lines(run, read, days, record)
    unfitted = [] if known.fit else [summary.NOT_FITTED]
    show(
        out,
        Answer(
            read.title,
            [*unfitted, *lines],
            [summary.BANDS, *unfitted, *summary.worth_lines(record)],
            values=lambda: values.run_values(run, read),
            columns=lambda: (values.run_columns(run), values.about(run)),
            panels=lambda: panels.run_panels(run, read, out.of or ()),
            table=lambda: flow_tables.reported_table(run, read),
        ),
    )


@app.command("mean")
@spread
def mean_flow(scenario: Given, known: Known, out: Out) -> None:
    """Pass expectations through the network once: exact and quick, without bands, and so no forecast."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.rhythm import ask_ahead
    from onward.engines.flows.simulation import mean
    from onward.faces.cli import flow_tables

    read = _read(scenario, known.known_until)
    theta = _draws(known.fit, read, Sampled()).mean(axis=0) if known.fit else None
    run = mean(ask_ahead(read), theta)
    show(
        out,
        Answer(
            read.title,
            [summary.NO_BANDS, *summary.mean_lines(run, read)],
            [summary.NO_BANDS],
            values=lambda: values.run_values(run, read),
            columns=lambda: (values.run_columns(run), values.about(run)),
            panels=lambda: panels.run_panels(run, read, out.of or ()),
            table=lambda: flow_tables.reported_table(run, read),
        ),
    )


@app.command("fit")
@spread
def fit_flow(
    scenario: Given,
    sampled: Sampled,
    out: Out,
    known_until: Annotated[str | None, typer.Option(metavar="DATE", help="Only what was out by that day.")] = None,
    draws: Draws = 1_000,
) -> None:
    """Fit the parameters to what was published, or say what was tried."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.discrepancy import begin_at_readings
    from onward.engines.flows.fit import fit
    from onward.engines.flows.rhythm import ask_ahead
    from onward.engines.flows.simulation import simulate
    from onward.faces.cli import flow_tables

    read = _read(scenario, known_until)
    with progress("Fitting", None) as tell, ThreadPoolExecutor(sampled.threads) as executor:
        found = fit(read, draws=draws, seed=sampled.seed, executor=executor, tell=tell)

    def drawn() -> list["Panel"]:
        asked = ask_ahead(read)
        with workers(sampled, 1, "Sampling") as executor:
            run = simulate(
                asked,
                members=sampled.members,
                draws=found.draws,
                seed=sampled.seed,
                executor=executor,
                keep=("present",),
            )
        return panels.run_panels(begin_at_readings(run, asked, run.seed), read, out.of or ())

    show(
        out,
        Answer(
            read.title,
            [*summary.fit_lines(found), summary.NOT_SCORED],
            [summary.BANDS, summary.NOT_SCORED, *summary.fit_lines(found)[:1]],
            values=lambda: values.fit_values(found),
            columns=lambda: (
                values.fit_columns(found),
                {"inputs_sha256": found.inputs_sha256, "seed": str(found.seed)},
            ),
            panels=drawn,
            table=lambda: flow_tables.fit_table(found),
        ),
    )


@app.command("score")
@spread
def score_flow(
    scenario: Given,
    sampled: SampledOften,
    out: Out,
    later: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Observations that came later.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="The first day forecast from.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day forecast from.")] = None,
    every: Annotated[
        int | None, typer.Option(metavar="DAYS", min=1, help="Days from one forecast to the next.")
    ] = None,
    ahead: Annotated[int | None, typer.Option(metavar="DAYS", min=1, help="How many days ahead.")] = None,
) -> None:
    """Forecast again from earlier days with what was out by then, and score that on what came."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.later import with_later
    from onward.engines.flows.scoring import Asked, score_scenario
    from onward.faces.cli import flow_tables

    read = _read(scenario, None)
    for path in later or ():
        read = with_later(read, path)
    seed = read.seed if sampled.seed is None else sampled.seed
    asked = Asked(_day(since), _day(until), every, ahead, sampled.members, seed)
    with progress("Forecasting", None) as tell, ThreadPoolExecutor(sampled.threads) as executor:
        rolled, record = score_scenario(read, asked, tell, executor)
    show(
        out,
        Answer(
            read.title,
            summary.record_lines(record),
            [summary.BANDS, *summary.worth_lines(record)],
            values=lambda: values.record_values(record),
            columns=lambda: (values.scored_columns(rolled), {"inputs_sha256": record.inputs_sha256}),
            panels=lambda: panels.scored_panels(rolled, read, out.of or ()),
            table=lambda: flow_tables.record_table(record),
        ),
    )


@app.command("whatif")
@spread
def what_if(
    scenario: Given,
    what_if: Annotated[Path, typer.Argument(metavar="WHATIF", help="A what-if's file.", show_default=False)],
    known: Known,
    sampled: Sampled,
    out: Out,
    scores: Scores = None,
    until: Until = None,
) -> None:
    """Try a change, and its opposite beside it: paired differences with bands, displacement and stranding."""
    from onward.engines.flows.reading import opposite_of

    read = _read(scenario, known.known_until)
    _compare(_Asked(read, known.fit, scores, until), (what_if, opposite_of(what_if, read)), sampled, out)


@app.command("compare")
@spread
def compare_flows(
    scenario: Given,
    what_ifs: Annotated[list[Path], typer.Argument(metavar="WHATIF...", help="What-ifs' files.", show_default=False)],
    known: Known,
    sampled: Sampled,
    out: Out,
    scores: Scores = None,
    until: Until = None,
) -> None:
    """Several what-ifs against the same run of the scenario as it is."""
    read = _read(scenario, known.known_until)
    _compare(_Asked(read, known.fit, scores, until), what_ifs, sampled, out)


@app.command("import-flee")
def import_flee_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A conflict in Flee's layout.", show_default=False)],
    out: Annotated[Path | None, typer.Argument(metavar="OUT", help="The scenario's folder to write.")] = None,
    named: Annotated[Path | None, typer.Option("--out", "-o", metavar="OUT", help="The same, as an option.")] = None,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Flee's simsetting.yml.")] = None,
    counts: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The camps' counts; else source_data.")] = None,
    movement: Annotated[
        str | None, typer.Option(metavar="RULE", help="choice, or flee for Flee's own rules.", show_default="choice")
    ] = None,
    quirk: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A behaviour of Flee's to follow.")] = None,
) -> None:
    """Read a conflict in Flee's layout and write it as a scenario that can be fitted and scored."""
    from onward.engines.flows.flee.importing import import_flee

    wanted = _one_of(out, named)
    quirks = tuple(quirk or ())
    rule = movement or ("flee" if quirks else "choice")
    made = import_flee(folder, wanted, settings=settings, counts=counts, quirks=quirks, movement=rule)
    for note in made.notes:
        typer.echo(f"  {note}", err=True)
    read = made.scenario
    typer.echo(
        f"{read.title}: {len(read.places)} places, {len(read.links)} links, {len(read.observations)} observations."
    )
    typer.echo(f"Written to {made.folder}. Next: onward flow score {made.folder}")


def _one_of(out: Path | None, named: Path | None) -> Path:
    """Where to write, given as an argument or as an option, once."""
    if (out is None) == (named is None):
        raise typer.BadParameter("Name the folder to write once: OUT, or --out OUT.", param_hint="OUT")
    return out or named or Path()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What two commands ask: the scenario, a fit and scores made before, the last day compared."""

    read: "Scenario"
    fit: Path | None
    scores: Path | None
    until: str | None


def _compare(asked: _Asked, files: Sequence[Path], sampled: Sampled, out: Out) -> None:
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.compare import Pairing, compare
    from onward.engines.flows.reading import read_what_if
    from onward.faces.cli import flow_tables

    read = asked.read
    what_ifs = [read_what_if(path, read) for path in files]
    draws = _draws(asked.fit, read, sampled)
    record = _record(asked.scores)
    with workers(sampled, 1 + len(files), "Sampling pairs") as executor:
        chances = read.seed if sampled.seed is None else sampled.seed
        daily = tuple(out.of or ()) or tuple(f"arrivals:{place.id}" for place in read.places if out.svg)
        pairing = Pairing(draws, sampled.members, chances, _day(asked.until), daily, executor)
        compared = compare(read, what_ifs, pairing)
    wanted = tuple(out.of or ()) or summary.most_changed(compared)
    above = [*([] if asked.fit else [summary.NOT_FITTED]), *summary.worth_lines(record)]
    show(
        out,
        Answer(
            read.title,
            [*above, *summary.what_ifs_lines(compared)],
            [summary.BANDS, *above, *summary.heading_lines(compared)],
            values=lambda: values.comparison_values(compared),
            columns=lambda: (values.comparison_columns(compared), {"inputs_sha256": compared[0].as_is_sha256}),
            panels=lambda: [panel for one in compared for panel in panels.what_if_panels(one, wanted)],
            table=lambda: flow_tables.what_ifs_table(compared),
        ),
    )


def _read(path: Path, known_until: str | None) -> "Scenario":
    """A scenario, as known on another day where one is given."""
    from onward.engines.flows.reading import read_scenario

    read = read_scenario(path)
    if known_until is None:
        return read
    return replace(read, period=replace(read.period, known_until=read_date(known_until)))


def _draws(fit: Path | None, scenario: "Scenario", sampled: Sampled) -> "Floats":
    """The draws of a fit, else of the priors."""
    import numpy as np

    from onward.engines.flows.earlier import read_draws
    from onward.engines.flows.parameters import draw_prior

    if fit is not None:
        return read_draws(fit, scenario)
    rng = np.random.default_rng(scenario.seed if sampled.seed is None else sampled.seed)
    return draw_prior(scenario.parameters, sampled.members, rng)


def _record(scores: Path | None) -> "Record | None":
    if scores is None:
        return None
    from onward.engines.flows.earlier import read_record

    return read_record(scores)


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None
