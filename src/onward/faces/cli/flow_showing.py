"""How onward flow answers: sentences and tables, JSON, Parquet and charts; progress only where somebody watches."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from onward.faces.cli.feed import console
from onward.faces.cli.flow_options import Out, Sampled

if TYPE_CHECKING:
    from onward.engines.flows.chart import Panel

type Tell = Callable[[int, int], None]
CHUNK = 25
"""Members a job, as the engine shares them out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in all its forms, each made only where it is wanted.

    lines: what is said. heading: what stands above the chart: what the bands are worth. table: what follows it.
    """

    title: str
    lines: Sequence[str]
    heading: Sequence[str]
    values: Callable[[], Mapping[str, object]]
    columns: Callable[[], tuple[Mapping[str, object], Mapping[str, str]]]
    panels: Callable[[], "list[Panel]"]
    table: Callable[[], Table | None]


def show(out: Out, answer: Answer) -> None:
    """Write the files asked for, then say the answer."""
    from onward.engines.flows.writing import as_json, write_table, write_text

    if out.svg:
        from onward.engines.flows.chart import draw

        write_text(out.svg, draw(answer.title, answer.heading, answer.panels()))
    if out.parquet:
        columns, about = answer.columns()
        write_table(out.parquet, columns, about)
    if out.as_json:
        typer.echo(as_json({"summary": list(answer.lines), **answer.values()}))
        return
    typer.echo(answer.title)
    for line in answer.lines:
        typer.echo(line)
    table = answer.table()
    if table is not None:
        console().print(table)


@contextmanager
def progress(words: str, steps: int | None) -> Iterator[Tell]:
    """A bar on standard error while something long runs, where that is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=steps or None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def workers(sampled: Sampled, runs: int, words: str) -> Iterator[Executor]:
    """Threads to compute so many runs on (kernels run without the interpreter's lock), with a bar over their jobs."""
    jobs = runs * -(-sampled.members // CHUNK)
    with progress(words, jobs) as tell, ThreadPoolExecutor(sampled.threads) as pool:
        yield _Watched(pool, lambda done: tell(done, jobs))


class _Watched(Executor):
    """An executor that tells how many of its jobs are done."""

    def __init__(self, inner: Executor, tell: Callable[[int], None]) -> None:
        self._inner, self._tell, self._done = inner, tell, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand the job on."""
        future = self._inner.submit(fn, *args, **kwargs)
        future.add_done_callback(self._count)
        return future

    def _count(self, _: Future[Any]) -> None:
        self._done += 1
        self._tell(self._done)


def table_of(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table whose numbers stand to the right; the first column is words."""
    table = Table(title=Text(title), title_justify="left")
    for place, name in enumerate(columns):
        table.add_column(Text(name), justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
