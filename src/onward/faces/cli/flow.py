"""onward flow: how many people will be where, and when; what would change if. Engines are named inside the commands."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.faces.cli.asking import read_date
from onward.faces.cli.flow_showing import Answer, Out, progress, show, workers
from onward.faces.cli.flow_validate import validate_flow

if TYPE_CHECKING:
    from onward.engines.flows.chart import Panel
    from onward.engines.flows.parameters import Floats
    from onward.engines.flows.scenario import Scenario
    from onward.engines.flows.verdict import Record

app = typer.Typer(no_args_is_help=True, help="Flows: forecasts with bands, their scores, and what-ifs.")
app.command("validate")(validate_flow)

Given = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario's folder or file.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Parquet = Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="Write the numbers as Parquet.")]
Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw a chart with its bands.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="Else the scenario's.")]
Workers = Annotated[int, typer.Option("--workers", metavar="N", min=1, help="How many compute at once.")]
Known = Annotated[str | None, typer.Option("--known-until", metavar="DATE", help="Only what was out by that day.")]
FitFile = Annotated[Path | None, typer.Option("--fit", metavar="FILE", help="A fit, as “flow fit --json” wrote it.")]
ScoreFile = Annotated[Path | None, typer.Option("--scores", metavar="FILE", help="What “flow score --json” wrote.")]
Of = Annotated[list[str] | None, typer.Option("--of", metavar="NAME", help="An observation, or a MEASURE:PLACE.")]
Members = Annotated[int, typer.Option("--members", metavar="N", min=2, help="Sampled futures.")]
Days = Annotated[int, typer.Option("--days", metavar="N", min=1, help="Days summed in the sentences.")]
Draws = Annotated[int, typer.Option("--draws", metavar="N", min=20, help="Draws of the parameters.")]
KEPT = ("inflow", "arrivals", "present", "stranded", "unmet", "settled", "left")


@app.callback()
def flow() -> None:
    """Flows: forecasts with bands, their scores, and what-ifs."""


@app.command("simulate")
def simulate_flow(  # noqa: PLR0913 - one parameter for each word of the command
    scenario: Given,
    known_until: Known = None,
    fit: FitFile = None,
    scores: ScoreFile = None,
    members: Members = 500,
    seed: Seed = None,
    workers_: Workers = 1,
    days: Days = 14,
    of: Of = None,
    as_json: AsJson = False,  # noqa: FBT002 - how typer takes a switch
    parquet: Parquet = None,
    svg: Svg = None,
) -> None:
    """Sample futures, and say each place's arrivals with their bands."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.rhythm import ask_ahead
    from onward.engines.flows.simulation import simulate
    from onward.faces.cli import flow_tables

    read = _read(scenario, known_until)
    record = _record(scores)
    draws = _draws(fit, read, members, seed)
    with workers(workers_, -(-members // 25), "Sampling") as executor:
        run = simulate(ask_ahead(read), members=members, draws=draws, seed=seed, executor=executor, keep=KEPT)
    lines = summary.forecast_lines(run, read, days, record)
    unfitted = [] if fit else [summary.NOT_FITTED]
    show(
        Out(as_json, parquet, svg),
        Answer(
            read.title,
            [*unfitted, *lines],
            [summary.BANDS, *unfitted, *summary.worth_lines(record)],
            values=lambda: values.run_values(run, read),
            columns=lambda: (values.run_columns(run), values.about(run)),
            panels=lambda: panels.run_panels(run, read, of or ()),
            table=lambda: flow_tables.reported_table(run, read),
        ),
    )


@app.command("mean")
def mean_flow(  # noqa: PLR0913
    scenario: Given,
    known_until: Known = None,
    fit: FitFile = None,
    of: Of = None,
    as_json: AsJson = False,  # noqa: FBT002
    parquet: Parquet = None,
    svg: Svg = None,
) -> None:
    """Pass expectations through the network once: exact and quick, without bands, and so no forecast."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.rhythm import ask_ahead
    from onward.engines.flows.simulation import mean
    from onward.faces.cli import flow_tables

    read = _read(scenario, known_until)
    theta = _draws(fit, read, 1, None).mean(axis=0) if fit else None
    run = mean(ask_ahead(read), theta)
    show(
        Out(as_json, parquet, svg),
        Answer(
            read.title,
            [summary.NO_BANDS, *summary.mean_lines(run, read)],
            [summary.NO_BANDS],
            values=lambda: values.run_values(run, read),
            columns=lambda: (values.run_columns(run), values.about(run)),
            panels=lambda: panels.run_panels(run, read, of or ()),
            table=lambda: flow_tables.reported_table(run, read),
        ),
    )


@app.command("fit")
def fit_flow(  # noqa: PLR0913
    scenario: Given,
    known_until: Known = None,
    draws: Draws = 1_000,
    members: Members = 300,
    seed: Seed = None,
    workers_: Workers = 1,
    of: Of = None,
    as_json: AsJson = False,  # noqa: FBT002
    parquet: Parquet = None,
    svg: Svg = None,
) -> None:
    """Fit the parameters to what was published, or say what was tried."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.fit import fit
    from onward.engines.flows.rhythm import ask_ahead
    from onward.engines.flows.simulation import simulate
    from onward.faces.cli import flow_tables

    read = _read(scenario, known_until)
    with progress("Fitting", None):
        found = fit(read, draws=draws, seed=seed)

    def drawn() -> list["Panel"]:
        with workers(workers_, -(-members // 25), "Sampling") as executor:
            run = simulate(
                ask_ahead(read), members=members, draws=found.draws, seed=seed, executor=executor, keep=("present",)
            )
        return panels.run_panels(run, read, of or ())

    show(
        Out(as_json, parquet, svg),
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
def score_flow(  # noqa: PLR0913
    scenario: Given,
    later: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Observations that came later.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="The first day forecast from.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day forecast from.")] = None,
    every: Annotated[int, typer.Option(metavar="DAYS", min=1, help="Days from one forecast to the next.")] = 28,
    ahead: Annotated[int, typer.Option(metavar="DAYS", min=1, help="How many days ahead.")] = 35,
    members: Members = 300,
    seed: Seed = None,
    workers_: Workers = 1,
    of: Of = None,
    as_json: AsJson = False,  # noqa: FBT002
    parquet: Parquet = None,
    svg: Svg = None,
) -> None:
    """Forecast again from earlier days with what was out by then, and score that on what came."""
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.scoring import Asked, score_scenario
    from onward.faces.cli import flow_tables

    read = _read(scenario, None)
    for path in later or ():
        from onward.engines.flows.later import with_later

        read = with_later(read, path)
    asked = Asked(_day(since), _day(until), every, ahead, members, read.seed if seed is None else seed)
    with progress("Forecasting", None) as tell, ThreadPoolExecutor(workers_) as executor:
        rolled, record = score_scenario(read, asked, tell, executor)
    show(
        Out(as_json, parquet, svg),
        Answer(
            read.title,
            summary.record_lines(record),
            [summary.BANDS, *summary.worth_lines(record)],
            values=lambda: values.record_values(record),
            columns=lambda: (values.scored_columns(rolled), {"inputs_sha256": record.inputs_sha256}),
            panels=lambda: panels.scored_panels(rolled, read, of or ()),
            table=lambda: flow_tables.record_table(record),
        ),
    )


@app.command("whatif")
def what_if(  # noqa: PLR0913
    scenario: Given,
    what_if: Annotated[Path, typer.Argument(metavar="WHATIF", help="A what-if's file.", show_default=False)],
    known_until: Known = None,
    fit: FitFile = None,
    scores: ScoreFile = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day compared.")] = None,
    members: Members = 300,
    seed: Seed = None,
    workers_: Workers = 1,
    of: Of = None,
    as_json: AsJson = False,  # noqa: FBT002
    parquet: Parquet = None,
    svg: Svg = None,
) -> None:
    """Try a change, and its opposite beside it: paired differences with bands, displacement and stranding."""
    from onward.engines.flows.opposites import opposite_of

    read = _read(scenario, known_until)
    pair = (what_if, opposite_of(what_if, read))
    _compare(read, pair, (fit, scores, until), (members, seed, workers_), of, Out(as_json, parquet, svg))


@app.command("compare")
def compare_flows(  # noqa: PLR0913
    scenario: Given,
    what_ifs: Annotated[list[Path], typer.Argument(metavar="WHATIF...", help="What-ifs' files.", show_default=False)],
    known_until: Known = None,
    fit: FitFile = None,
    scores: ScoreFile = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day compared.")] = None,
    members: Members = 300,
    seed: Seed = None,
    workers_: Workers = 1,
    of: Of = None,
    as_json: AsJson = False,  # noqa: FBT002
    parquet: Parquet = None,
    svg: Svg = None,
) -> None:
    """Several what-ifs against the same run of the scenario as it is."""
    read = _read(scenario, known_until)
    _compare(read, tuple(what_ifs), (fit, scores, until), (members, seed, workers_), of, Out(as_json, parquet, svg))


@app.command("import-flee")
def import_flee_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A conflict in Flee's layout.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The scenario's folder to write.", show_default=False)],
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Flee's simsetting.yml.")] = None,
    movement: Annotated[str, typer.Option(metavar="RULE", help="flee or choice.")] = "flee",
    quirk: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A behaviour of Flee's to follow.")] = None,
) -> None:
    """Read a conflict in Flee's layout and write it as a scenario that can be fitted and scored."""
    from onward.engines.flows.flee.importing import import_flee

    made = import_flee(folder, out, settings=settings, quirks=tuple(quirk or ()), movement=movement)
    for note in made.notes:
        typer.echo(f"  {note}", err=True)
    read = made.scenario
    typer.echo(
        f"{read.title}: {len(read.places)} places, {len(read.links)} links, {len(read.observations)} observations."
    )
    typer.echo(f"Written to {made.folder}. Next: onward flow fit {made.folder} --json > fit.json")


def _compare(  # noqa: PLR0913, PLR0917 - what two commands share
    read: "Scenario",
    files: tuple[Path, ...],
    given: tuple[Path | None, Path | None, str | None],
    sampled: tuple[int, int | None, int],
    of: list[str] | None,
    out: Out,
) -> None:
    from onward.engines.flows import panels, summary, values
    from onward.engines.flows.compare import Pairing, compare
    from onward.engines.flows.reading import read_what_if
    from onward.faces.cli import flow_tables

    (fit, scores, until), (members, seed, number) = given, sampled
    what_ifs = [read_what_if(path, read) for path in files]
    draws = _draws(fit, read, members, seed)
    record = _record(scores)
    with workers(number, (1 + len(files)) * -(-members // 25), "Sampling pairs") as executor:
        chances = read.seed if seed is None else seed
        daily = tuple(of or ()) or tuple(f"arrivals:{place.id}" for place in read.places if out.svg)
        pairing = Pairing(draws, members, chances, _day(until), daily, executor)
        compared = compare(read, what_ifs, pairing)
    wanted = tuple(of or ()) or summary.most_changed(compared)
    above = [*([] if fit else [summary.NOT_FITTED]), *summary.worth_lines(record)]
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


def _draws(fit: Path | None, scenario: "Scenario", members: int, seed: int | None) -> "Floats":
    """The draws of a fit, else of the priors."""
    import numpy as np

    from onward.engines.flows.earlier import read_draws
    from onward.engines.flows.parameters import draw_prior

    if fit is not None:
        return read_draws(fit, scenario)
    rng = np.random.default_rng(scenario.seed if seed is None else seed)
    return draw_prior(scenario.parameters, members, rng)


def _record(scores: Path | None) -> "Record | None":
    if scores is None:
        return None
    from onward.engines.flows.earlier import read_record

    return read_record(scores)


def _day(text: str | None) -> date | None:
    return read_date(text) if text else None
