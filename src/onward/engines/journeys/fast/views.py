"""A network's feeds, trips and walks in the shape the leg builder reads of a Timetable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onward.engines.journeys.fast.kernel_arrays import Shape
from onward.engines.journeys.fast.tables import Column, Made, columns_named, rows_of
from onward.engines.journeys.fast.texts import Texts
from onward.engines.journeys.feed import FeedSummary, Trips
from onward.engines.journeys.gtfs.routes import Route


@dataclass(frozen=True, slots=True)
class FeedView:
    """One feed of a network."""

    summary: FeedSummary
    routes: Sequence[Route]
    trips: Trips

    @property
    def name(self) -> str:
        """The feed's name in this installation."""
        return self.summary.name


class _Seconds:
    """Minutes as seconds. A memoryview gives Python's own numbers, and sooner than an array does."""

    def __init__(self, minutes: Column) -> None:
        self._minutes = memoryview(minutes)

    def __getitem__(self, at: int) -> int:
        return self._minutes[at] * 60


class WalksOf:
    """walks[n]: minutes by stop one may walk to from stop n."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.walks = Made(self._walks)

    def _walks(self, stop: int) -> dict[int, int]:
        here = slice(int(self._shape.walk_first[stop]), int(self._shape.walk_first[stop + 1]))
        return dict(zip(self._shape.walk_to[here].tolist(), self._shape.walk_minutes[here].tolist(), strict=True))


def feed_views(summaries: Sequence[FeedSummary], columns: Mapping[str, Column], texts: Texts) -> list[FeedView]:
    """The feeds of a network."""
    routes = rows_of(Route, columns_named("route.", columns), texts)
    trips = columns_named("trip.", columns)
    views = []
    for number, summary in enumerate(summaries):
        mine = _slice(columns["feed_trips"], number)
        own: dict[str, Any] = {name: memoryview(column)[mine] for name, column in trips.items()}
        own["time_first"] = memoryview(columns["trip_first"])[mine.start : mine.stop + 1]
        own["arrive_s"], own["depart_s"] = _Seconds(columns["arrive"]), _Seconds(columns["depart"])
        base = int(columns["feed_trip_texts"][number])
        own["texts"] = Texts(columns["trip_text_first"], columns["trip_text_letters"], base)
        views.append(FeedView(summary, routes[_slice(columns["feed_routes"], number)], Trips(**own)))
    return views


def _slice(first: Column, number: int) -> slice:
    return slice(int(first[number]), int(first[number + 1]))
