"""onward flow validate: every experiment in turn, and the page written from what they gave."""

from pathlib import Path
from typing import Annotated

import typer

from onward.faces.cli.flow_options import processors

Experiments = Annotated[
    Path | None, typer.Option("--experiments", metavar="FOLDER", help="Else those that come with the product.")
]
Conflicts = Annotated[
    Path | None, typer.Option("--conflicts", metavar="FOLDER", help="A folder of conflicts in Flee's layout.")
]
Page = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the page is written.")]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="Experiments at once; else all processors.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")]
Parquet = Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="Write the scores as Parquet.")]
SEED = 2023


def validate_flow(
    experiments: Experiments = None,
    conflicts: Conflicts = None,
    out: Page = Path("docs/validation.md"),
    seed: Seed = SEED,
    workers: Workers = None,
    as_json: AsJson = False,  # noqa: FBT002 - how typer takes a switch
    parquet: Parquet = None,
) -> None:
    """Run every experiment against what happened, and write the page, good or bad. It takes some minutes."""
    from onward.core.data_files import find_data_file
    from onward.core.errors import BadInput, message
    from onward.engines.flows import validate, writing
    from onward.engines.flows.validation import Sampling

    if not out.parent.is_dir():
        raise BadInput(
            "flow.no_folder",
            message("There is no folder %(folder)s to write the page in."),
            remedy=message("Make it first, or name another file with --out."),
            field="out",
            values={"folder": str(out.parent)},
        )
    folder = experiments or find_data_file("scenarios/experiments/1-roxham-closing.toml").parent
    made = validate.validate(folder, conflicts, Sampling(seed), _tell, workers=workers or processors())
    validate.write_page(made, out)
    if parquet:
        writing.write_table(parquet, validate.as_columns(made), {"seed": str(seed)})
    typer.echo(writing.as_json(validate.as_values(made)) if as_json else validate.in_short(made))
    typer.echo(f"Written to {out}.", err=True)


def _tell(title: str, done: int, of: int) -> None:
    """Progress on standard error: a line that is written over, and kept when the experiment is done."""
    end = "\n" if done == of else "\r"
    typer.echo(f"{title}: {done} of {of}{end}", nl=False, err=True)
