"""Where compiled feeds lie: the one module of this engine that touches paths.

A feed is one file, NAME.feed; what people corrected in its links is beside them in links.csv. A new version is written
under another name, synced and renamed over the old one: readers have the old or the new one, whole, whoever is killed
when. Two who write at once both write whole files; the later rename stays.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onward.core.errors import BadInput, NotFound, message
from onward.core.whole_files import sweep_half_written, write_whole
from onward.engines.journeys.corrections import NO_CORRECTIONS, Corrections, read_corrections, require_known
from onward.engines.journeys.fares.tables import FareTables
from onward.engines.journeys.feed import Feed, FeedSummary
from onward.engines.journeys.feedfile import fares_in, from_bytes, read_summary, to_bytes
from onward.engines.journeys.gtfs.findings import Reading
from onward.engines.journeys.gtfs.read import read_feed
from onward.engines.journeys.journey import stop_key
from onward.engines.journeys.law import NO_LAW, Law
from onward.engines.journeys.links import Linking
from onward.engines.journeys.timetable import Timetable

LARGEST_ZIP = 512 * 1024**2
"""Bytes of a feed's zip; a larger one is refused unread."""

CORRECTIONS_FILE = "links.csv"


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a feed came to. was_there: a feed of that name served before."""

    summary: FeedSummary
    reading: Reading
    was_there: bool


@dataclass(frozen=True, slots=True)
class Expiring:
    """A feed that says nothing of the days after last_on. days_left: from the day asked about; below 0 when over."""

    summary: FeedSummary
    days_left: int


class FeedStore:
    """Compiled feeds in one folder. Any number of processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, path: Path, *, zone: str | None = None, name: str | None = None) -> Added:
        """Read, compile and keep the GTFS zip at `path`, in place of the feed of that name.

        name: derived from the file's where not given (`feed_name`). Raises BadInput where it cannot be used; then the
        version before still serves.
        """
        chosen = name or feed_name(path.name)
        feed, reading = read_feed(_bytes_of(path), name=chosen, zone=zone)
        was_there = self._path(chosen).exists()
        self._keep(self._path(chosen), to_bytes(feed))
        return Added(feed.summary, reading, was_there)

    def list_feeds(self) -> list[FeedSummary]:
        """The feeds kept, by name."""
        summaries = []
        for path in self._feed_paths():
            try:
                with path.open("rb") as file:
                    summaries.append(read_summary(file, path.stem))
            except FileNotFoundError:
                continue
        return summaries

    def remove(self, name: str) -> None:
        """Remove a feed; raises NotFound where there is none of that name."""
        try:
            self._path(name).unlink()
        except FileNotFoundError as error:
            raise _no_such_feed(name) from error

    def load(self, name: str) -> Feed:
        """A compiled feed, whole; raises NotFound where there is none of that name, BadInput where it is damaged."""
        return from_bytes(self._read(name), name)

    def fares(self) -> dict[str, FareTables]:
        """The fares that feeds themselves give, by feed; without those that give none. Raises as `load`."""
        found = {name: fares_in(self._read(name), name) for name in self._names()}
        return {name: fares for name, fares in found.items() if not fares.is_empty}

    def version(self) -> tuple[tuple[str, int, int], ...]:
        """What is kept now, to be compared: it differs after every add, remove and correction."""
        return tuple((path.name, *state) for path, state in self._states([*self._feed_paths(), self._corrections_path]))

    def corrections(self) -> Corrections:
        """What people corrected in the links; raises CorrectionsRefused where the file was damaged by hand."""
        try:
            return read_corrections(self._corrections_path.read_bytes(), CORRECTIONS_FILE)
        except FileNotFoundError:
            return NO_CORRECTIONS

    def correct(self, path: Path) -> Corrections:
        """Keep the table of corrections at `path`, whole, in place of the one before.

        Raises CorrectionsRefused, and keeps nothing, where a row cannot be used or names a stop that no feed has.
        """
        corrections = read_corrections(_bytes_of(path), path.name)
        stops = {stop_key(feed.name, stop.stop_id) for feed in map(self.load, self._names()) for stop in feed.stops}
        require_known(corrections, stops, path.name)
        self._keep(self._corrections_path, corrections.data)
        return corrections

    def expiring(self, on: date, *, within_days: int = 14) -> list[Expiring]:
        """The feeds whose last day is past or comes within so many days of a day, the soonest first."""
        found = [Expiring(summary, (summary.last_on - on).days) for summary in self.list_feeds()]
        return sorted(
            (one for one in found if one.days_left <= within_days), key=lambda one: (one.days_left, one.summary.name)
        )

    def load_timetable(
        self, *, names: Iterable[str] | None = None, linking: Linking = Linking.NEARBY, law: Law = NO_LAW
    ) -> Timetable:
        """The feeds of those names as one timetable that obeys `law`; all of them where none are named."""
        chosen = list(names) if names is not None else self._names()
        return Timetable([self.load(name) for name in chosen], linking, law=law, corrections=self.corrections())

    def _path(self, name: str) -> Path:
        if not is_feed_name(name):
            raise _no_such_feed(name)
        return self.root / f"{name}.feed"

    def _read(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise _no_such_feed(name) from error

    @property
    def _corrections_path(self) -> Path:
        return self.root / CORRECTIONS_FILE

    def _feed_paths(self) -> list[Path]:
        return sorted(self.root.glob("*.feed"))

    def _names(self) -> list[str]:
        return [path.stem for path, _ in self._states(self._feed_paths())]

    def _states(self, paths: Iterable[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
        """The inode and the time of writing of those that are there."""
        for path in paths:
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            yield path, (state.st_ino, state.st_mtime_ns)

    def _keep(self, target: Path, data: bytes) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        sweep_half_written(self.root)
        write_whole(target, data)


def feed_name(file_name: str) -> str:
    """The feed's name from its zip's: lower case, without the date at its end.

    "ne_amtrak_2025-06.zip" gives "ne_amtrak", "MTA Subway 2026.zip" gives "mta_subway".
    """
    stem = re.sub(r"\.zip$", "", file_name.casefold())
    stem = re.sub(r"[^a-z0-9_-]+", "_", stem)
    undated = re.sub(r"[_-]*(19|20)\d\d([_-]?\d\d){0,2}$", "", stem)
    return (undated or stem).strip("_-")[:60] or "feed"


def is_feed_name(name: str) -> bool:
    """Whether a feed may be called so: small letters, digits, _ and -, at most sixty."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", name) is not None


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_ZIP:
            raise BadInput(
                "feed.zip_too_large",
                message("The file is larger than 512 MiB."),
                remedy=message("Split it, or leave out shapes.txt."),
                field="path",
            )
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            "feed.file_unreadable",
            message("The file cannot be opened: %(reason)s."),
            remedy=message("Give the path of a file that is there and may be read."),
            field="path",
            values={"reason": (error.strerror or "unknown reason").lower()},
        ) from error


def _no_such_feed(name: str) -> NotFound:
    return NotFound(
        "feed.unknown",
        message("There is no feed called “%(name)s”."),
        remedy=message("“onward feed list” shows those there are."),
        field="name",
        values={"name": name[:60]},
    )
