"""Every what-if has its opposite beside it: the file that it names."""

from pathlib import Path

from onward.core.errors import BadInput, message
from onward.engines.flows.reading import read_what_if
from onward.engines.flows.scenario import Scenario


def opposite_of(path: Path, base: Scenario) -> Path:
    """The file of a what-if's opposite. Raises BadInput where it is not there."""
    named = read_what_if(path, base).opposite
    file = path.parent / named
    if not file.is_file():
        raise BadInput(
            "flow.no_opposite",
            message("%(file)s names “%(opposite)s” as its opposite, and there is no such file beside it."),
            remedy=message("Write the opposite: no what-if is told alone."),
            field="opposite",
            values={"file": path.name, "opposite": named},
        )
    return file
