"""The drawing of the next days: one column a day, as numbers a template puts into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from onward.faces import formats
from onward.faces.receiver.days import Day

LEFT, STEP, WIDTH, BASE, TALLEST = 20, 62, 40, 150, 120


@dataclass(frozen=True, slots=True)
class DayLabel:
    """What stands under a bar, in two lines."""

    weekday: str
    date: str


@dataclass(frozen=True, slots=True)
class Column:
    """One day's bar in a drawing of 900 by 190 units; x and y of its corner, middle for its words."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    count_y: int
    count: str
    label: DayLabel


def draw_columns(days: Sequence[Day]) -> list[Column]:
    """The bars of the days, the fullest as tall as the drawing."""
    most = max((day.heads for day in days), default=0) or 1
    return [_column(index, day, most) for index, day in enumerate(days)]


def _column(index: int, day: Day, most: int) -> Column:
    height = round(TALLEST * day.heads / most)
    x = LEFT + index * STEP
    return Column(
        x=x,
        y=BASE - height,
        width=WIDTH,
        height=height,
        middle=x + WIDTH // 2,
        count_y=BASE - height - 6,
        count=formats.number(day.heads),
        label=DayLabel(*formats.day(day.on).split(maxsplit=1)),
    )
