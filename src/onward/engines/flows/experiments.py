"""What the validation tries, read from data/scenarios/experiments: what is fitted, scored and compared, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onward.engines.flows.faults import Fault, ScenarioRefused
from onward.engines.flows.fields import Table
from onward.engines.flows.reading import open_file, read_scenario
from onward.engines.flows.scenario import Scenario, Since
from onward.engines.flows.tables import read_all, read_numbers


@dataclass(frozen=True, slots=True)
class Scored:
    """Counts of one observation that end in [since, until), and what plain rules may say of them.

    like: another observation whose last known rate stands in where this one has no past. closed_from: the day from
    which the rule "shut, and nobody goes round" says nothing comes. border: an inflow's whole record, of which the
    rule "encounters times a fixed share" is told even what comes later; "" for none.
    """

    observation: str
    since: Since
    until: date
    like: str = ""
    closed_from: date | None = None
    border: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What every experiment says of itself."""

    id: str
    title: str
    question: str
    warning: str
    members: int


@dataclass(frozen=True, slots=True)
class Event:
    """One origin: fitted to what was known then, told of the dated records after it, scored on what came."""

    about: About
    scenario: Scenario
    known_until: date
    end: date
    fit: tuple[str, ...]
    scored: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Rolling:
    """Many origins on one series. Each stretch is fitted alone; knots are set at every so many known readings.

    steps: of which readings ahead the scores are told apart.
    """

    about: About
    scenario: Scenario
    stretches: tuple[tuple[date, date], ...]
    ahead_days: int
    steps: tuple[int, ...]
    every: int
    fewest: int
    knot_every: int
    knot_sd: float
    knot_df: float


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Folders in Flee's layout: the same rules on counts, and forecasts from every so many days against plain rules.

    errors: by folder the averaged relative difference of a run of Flee itself; ours may differ by the tolerance.
    first_origin, every, ahead: days.
    """

    about: About
    errors: Mapping[str, float]
    tolerance: float
    first_origin: int
    every: int
    ahead: int


type Experiment = Event | Rolling | Conflicts


def read_experiments(folder: Path) -> tuple[Experiment, ...]:
    """Every experiment of a folder, by file name. Raises ScenarioRefused with every fault of all of them."""
    read: list[Experiment] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            read.append(_read(path))
        except ScenarioRefused as refused:
            faults += refused.faults
    if not read and not faults:
        faults.append(Fault(folder.name, 0, "There is no experiment.", "Name a folder with some."))
    if faults:
        raise ScenarioRefused(tuple(faults))
    return tuple(read)


def _read(path: Path) -> Experiment:
    top = open_file(path)
    words = top.text("title", None), top.text("question", None), top.text("warning")
    about = About(path.stem, *words, top.whole("members", None))
    made = KINDS[top.one_of("kind", tuple(KINDS))](about, top)
    top.done()
    top.file.refuse()
    return made


def _scenario(top: Table) -> Scenario:
    """The scenario an experiment names, once the rest of its file was read: a fault there is named first."""
    name = top.text("scenario", None)
    top.file.refuse()
    return read_scenario(top.file.folder / name)


def _event(about: About, top: Table) -> Event:
    days, fit, scored = (top.day("known_until"), top.day("end")), top.texts("fit"), read_all(Scored, top, "scored")
    scenario = _scenario(top)
    observed = [one.id for one in scenario.observations]
    for name in (*fit, *(one.observation for one in scored)):
        if name not in observed:
            top.note("fit", f"The scenario observes no “{name}”.", f"It has {', '.join(observed)}.")
    return Event(about, scenario, *days, fit, scored)


def _rolling(about: About, top: Table) -> Rolling:
    knots = top.inner("knots") or Table(top.file, ("knots",), None)
    return Rolling(
        about=about,
        stretches=tuple((stretch.day("from"), stretch.day("until")) for stretch in top.tables("stretches")),
        ahead_days=top.whole("ahead_days", None),
        steps=top.wholes("steps"),
        every=top.whole("every", None),
        fewest=top.whole("fewest", None),
        knot_every=knots.whole("every", None),
        knot_sd=knots.number("sd", None),
        knot_df=knots.number("df", None),
        scenario=_scenario(top),
    )


def _conflicts(about: About, top: Table) -> Conflicts:
    first, every, ahead = (top.whole(key, None) for key in ("first_origin", "every", "ahead"))
    return Conflicts(about, dict(read_numbers(top, "flee")), top.number("tolerance", None), first, every, ahead)


KINDS: dict[str, Callable[[About, Table], Experiment]] = {"event": _event, "rolling": _rolling, "flee": _conflicts}
