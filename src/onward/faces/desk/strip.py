"""The strip: journeys on one shared time axis, as numbers a template puts into SVG. Pure: no reads, no request."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WIDTH, PLOT_START, PLOT_END = 1000, 164, 992
TOP, GROUP, ROW, BAR, FOOT = 42, 30, 56, 24, 8
LETTER, SMALL_LETTER = 7.2, 6.1
"""Units a letter takes at the two sizes drawn, on the generous side."""
STEPS_H = (1, 2, 3, 6, 12, 24)
TICKS_MOST = 20
DAY_LABEL = 84
NIGHT_FROM, NIGHT_TO = time(22), time(6)
SHORT_CHANGE = timedelta(minutes=30)
"""A change below this is marked as a risk."""

SHADES = {
    "rail": "leg-train",
    "coach": "leg-coach",
    "bus": "leg-coach",
    "ferry": "leg-ferry",
    "air": "leg-flight",
    "walk": "leg-foot",
}
"""The stylesheet's class for a mode; every other mode is local."""


@dataclass(frozen=True, slots=True)
class Ride:
    """One leg. labels: what may be written on it, the fullest first. depart_at, arrive_at: aware. stays_seated: it
    is the vehicle of the leg before."""

    mode: str
    labels: tuple[str, ...]
    depart_at: datetime
    arrive_at: datetime
    stays_seated: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A journey to draw. title, detail: beside it. caption: under it. opens: when the desk there is open, from the
    arrival or the next opening to closing; None where nobody knows. opens_label: written on that band."""

    title: str
    detail: str
    caption: str
    rides: tuple[Ride, ...]
    opens: tuple[datetime, datetime] | None = None
    opens_label: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The journeys of one wish under its heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its start, width, and the word written on it where it fits. shade: the stylesheet's class."""

    x: float
    width: float
    shade: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis with its label; is_day: a day begins."""

    x: float
    label: str
    is_day: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A journey's lane: y of its top. marks: where a change is short. caption_x, anchor: of the words under it."""

    y: int
    title: str
    detail: str
    rides: tuple[Box, ...]
    walks: tuple[Box, ...]
    waits: tuple[Box, ...]
    marks: tuple[float, ...]
    opens: Box | None
    caption: str
    caption_x: float
    anchor: str

    @property
    def title_y(self) -> int:
        """Where the title's letters stand."""
        return self.y + 12

    @property
    def detail_y(self) -> int:
        """Where the detail's letters stand, under the title."""
        return self.y + 28

    @property
    def letters_y(self) -> int:
        """Where the letters on a bar stand."""
        return self.y + 17

    @property
    def foot_y(self) -> int:
        """The middle of the bar, where a walk is drawn."""
        return self.y + BAR // 2

    @property
    def wait_y(self) -> int:
        """The top of a wait: thinner than a bar."""
        return self.y + 5

    @property
    def caption_y(self) -> int:
        """Where the words under the bar stand."""
        return self.y + BAR + 15


@dataclass(frozen=True, slots=True)
class Heading:
    """A wish's heading above its rows, y of its letters."""

    y: int
    title: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole strip. height: in the units of WIDTH. bottom: where lanes end."""

    height: int
    nights: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    start_at: datetime
    end_at: datetime

    @property
    def bottom(self) -> int:
        """Where the lanes end."""
        return self.height - FOOT

    @property
    def lane_height(self) -> int:
        """From under the axis to where lanes end."""
        return self.bottom - TOP + 6


class Axis:
    """One time axis for all journeys, on the clock of `zone`: from an instant to the place it is drawn at."""

    def __init__(self, start_at: datetime, end_at: datetime, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.start_at = _hour_before(start_at.astimezone(self.zone))
        self.end_at = _hour_after(end_at.astimezone(self.zone))
        self.span_s = (self.end_at.astimezone(UTC) - self.start_at.astimezone(UTC)).total_seconds()

    def x(self, at: datetime) -> float:
        """Where an instant stands, kept inside the plot."""
        share = (at.astimezone(UTC) - self.start_at.astimezone(UTC)).total_seconds() / self.span_s
        return round(PLOT_START + min(1.0, max(0.0, share)) * (PLOT_END - PLOT_START), 1)

    def box(self, start_at: datetime, end_at: datetime, shade: str = "") -> Box:
        """The stretch between two instants."""
        start = self.x(start_at)
        return Box(start, round(max(1.0, self.x(end_at) - start), 1), shade)

    def hours(self) -> Iterator[datetime]:
        """Full hours of the local clock within the axis, every so many that labels stay apart."""
        hours = self.span_s / 3600
        step = next((one for one in STEPS_H if hours / one <= TICKS_MOST), STEPS_H[-1])
        day = datetime.combine(self.start_at.date(), time(), self.zone)
        while day <= self.end_at:
            for hour in range(0, 24, step):
                at = day.replace(hour=hour)
                if self.start_at <= at <= self.end_at:
                    yield at
            day += timedelta(days=1)


def draw(
    groups: Sequence[Group], zone: str, *, day: Callable[[datetime], str], clock: Callable[[datetime], str]
) -> Drawing | None:
    """All journeys on one axis on the clock of `zone` (IANA); None where there is none to draw.

    day, clock: how a date and a time of day are written on the axis.
    """
    lines = [line for group in groups for line in group.lines if line.rides]
    if not lines:
        return None
    axis = Axis(min(one.rides[0].depart_at for one in lines), max(_end(one) for one in lines), zone)
    headings, rows, y = [], [], TOP
    for group in groups:
        if not group.lines:
            continue
        headings.append(Heading(y + 18, group.title))
        y += GROUP
        for line in group.lines:
            rows.append(_row(axis, line, y))
            y += ROW
    ticks = tuple(_ticks(axis, day, clock))
    return Drawing(y + FOOT, tuple(_nights(axis)), ticks, tuple(headings), tuple(rows), axis.start_at, axis.end_at)


def list_short_changes(rides: Sequence[Ride]) -> list[tuple[Ride, Ride]]:
    """Changes between two vehicles with less than SHORT_CHANGE from arriving to leaving."""
    return [
        (before, after)
        for before, after in pairwise(_vehicles(rides))
        if not after.stays_seated and after.depart_at - before.arrive_at < SHORT_CHANGE
    ]


def _vehicles(rides: Sequence[Ride]) -> list[Ride]:
    return [ride for ride in rides if ride.mode != "walk"]


def _end(line: Line) -> datetime:
    return max(line.rides[-1].arrive_at, line.opens[1] if line.opens else line.rides[-1].arrive_at)


def _hour_before(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _hour_after(at: datetime) -> datetime:
    whole = _hour_before(at)
    return whole if whole == at else (whole.astimezone(UTC) + timedelta(hours=1)).astimezone(at.tzinfo)


def _nights(axis: Axis) -> Iterator[Box]:
    day = axis.start_at.date() - timedelta(days=1)
    while day <= axis.end_at.date():
        start = datetime.combine(day, NIGHT_FROM, axis.zone)
        end = datetime.combine(day + timedelta(days=1), NIGHT_TO, axis.zone)
        if start < axis.end_at and end > axis.start_at:
            yield axis.box(max(start, axis.start_at), min(end, axis.end_at), "night")
        day += timedelta(days=1)


def _ticks(axis: Axis, day: Callable[[datetime], str], clock: Callable[[datetime], str]) -> Iterator[Tick]:
    midnights = [at for at in axis.hours() if at.hour == 0]
    if not midnights or axis.x(midnights[0]) - PLOT_START >= DAY_LABEL:
        yield Tick(float(PLOT_START), day(axis.start_at), is_day=True)
    last = -DAY_LABEL * 1.0
    for at in axis.hours():
        x = axis.x(at)
        if at.hour:
            yield Tick(x, clock(at), is_day=False)
        elif x - last >= DAY_LABEL and PLOT_END - x >= DAY_LABEL / 2:
            last = x
            yield Tick(x, day(at), is_day=True)


def _row(axis: Axis, line: Line, y: int) -> Row:
    vehicles = _vehicles(line.rides)
    drawn = tuple(_bar(axis, ride) for ride in vehicles)
    walks = tuple(axis.box(ride.depart_at, ride.arrive_at) for ride in line.rides if ride.mode == "walk")
    waits = [axis.box(one.arrive_at, other.depart_at) for one, other in pairwise(line.rides)]
    opens = None
    if line.opens is not None:
        arrive_at = line.rides[-1].arrive_at
        waits.append(axis.box(arrive_at, line.opens[0])) if line.opens[0] > arrive_at else None
        band = axis.box(*line.opens)
        label = line.opens_label if _fits(line.opens_label, band.width, SMALL_LETTER) else ""
        opens = Box(band.x, band.width, "open", label)
    marks = tuple(
        round((axis.x(one.arrive_at) + axis.x(other.depart_at)) / 2, 1) for one, other in list_short_changes(line.rides)
    )
    shown = tuple(box for box in waits if box.width > 1)
    x, anchor, caption = _caption(axis.x(line.rides[0].depart_at), line.caption)
    return Row(y, line.title, line.detail, drawn, walks, shown, marks, opens, caption, x, anchor)


def _bar(axis: Axis, ride: Ride) -> Box:
    box = axis.box(ride.depart_at, ride.arrive_at, SHADES.get(ride.mode, "leg-local"))
    label = next((one for one in ride.labels if one and _fits(one, box.width, LETTER)), "")
    return Box(box.x, box.width, box.shade, label)


def _fits(text: str, width: float, letter: float) -> bool:
    return len(text) * letter + 10 <= width


def _caption(x: float, text: str) -> tuple[float, str, str]:
    """Where a caption stands: from the journey's start, or against the end of the plot, cut where it is longer."""
    if x + len(text) * SMALL_LETTER <= PLOT_END:
        return x, "start", text
    most = int((PLOT_END - PLOT_START) / SMALL_LETTER)
    return float(PLOT_END), "end", text if len(text) <= most else text[: most - 1] + "…"
