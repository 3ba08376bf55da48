"""import-flee: a Flee folder written as a scenario that both movements run, fit and score."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from onward.core.errors import BadInput, message
from onward.engines.flows.faults import Fault
from onward.engines.flows.flee.as_scenario import TOML, texts
from onward.engines.flows.flee.days import read_table
from onward.engines.flows.flee.folder import read_folder
from onward.engines.flows.flee.rules import QUIRKS
from onward.engines.flows.reading import read_scenario
from onward.engines.flows.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import gives: the scenario as it loads from `folder`, and what was read otherwise than Flee reads it."""

    scenario: Scenario
    folder: Path
    notes: tuple[Fault, ...]


def import_flee(  # noqa: PLR0913 - what one folder may leave open
    folder: Path,
    out: Path,
    *,
    settings: Path | None = None,
    counts: Path | None = None,
    quirks: tuple[str, ...] = (),
    movement: str = "flee",
) -> Imported:
    """Read a Flee conflict and write it as a scenario folder (TOML and CSV), all or nothing.

    settings: Flee's simsetting.yml; None looks in the folder and beside it. counts: the folder of the camps' counts;
    None: source_data in the folder. quirks: of QUIRKS, Flee's own behaviour to follow; none by default. movement:
    "flee" or "choice", which the scenario names. Raises ScenarioRefused with every fault, BadInput for an unknown quirk
    or where `out` holds a scenario already.
    """
    if unknown := [name for name in quirks if name not in QUIRKS]:
        raise BadInput(
            "flows.quirk_unknown",
            message("There is no quirk “%(name)s”."),
            remedy=message("Choose of %(known)s."),
            field="quirks",
            values={"name": ", ".join(unknown), "known": ", ".join(QUIRKS)},
        )
    if (out / TOML).exists():
        raise BadInput(
            "flows.scenario_exists",
            message("There is a scenario in %(folder)s already."),
            remedy=message("Name another folder, or move it away."),
            field="out",
            values={"folder": str(out)},
        )
    flee = read_folder(folder, settings, counts)
    scenario = _write(out, texts(flee, quirks, movement))
    return Imported(scenario, out, flee.notes)


def _write(out: Path, texts: dict[str, str]) -> Scenario:
    """Write beside, read back, then put in place."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as beside:
        for name, text in texts.items():
            (Path(beside) / name).write_text(text, encoding="utf-8")
        read_table(read_scenario(Path(beside)))
        out.mkdir(exist_ok=True)
        for name in reversed(texts):
            shutil.move(Path(beside) / name, out / name)
    return read_scenario(out)
