"""Charts with bands as SVG, drawn here without a browser or a network: same values, same bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib import import_module
from typing import Any

from onward.engines.flows.parameters import Floats

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles a curve has: the middle and the ends of its 50, 80 and 90 % bands."""
BANDS = ((0, 6, 0.18), (1, 5, 0.22), (2, 4, 0.3))
"""Which quantiles a band lies between, widest first, and how dark it is drawn."""
INK, GREEN, BLUE, LINE = "#1b1f23", "#0b5d4b", "#1f4e79", "#cfd4cf"
COLOURS = (GREEN, BLUE)
DASHES = ([1, 0], [6, 3])
"""A second curve differs by its dashes too: never by colour alone."""
WIDTH, HEIGHT = 720, 240
VEGA_LITE = "v6.1"


@dataclass(frozen=True, slots=True)
class Curve:
    """A forecast over days: quantiles (7, days) at LEVELS."""

    name: str
    days: Sequence[date]
    quantiles: Floats


@dataclass(frozen=True, slots=True)
class Mark:
    """A published number over the days start..end, as the height a day. is_known: it was known to the model."""

    start: date
    end: date
    height: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes: what its height means, curves with their bands, published numbers, and the day of the origin."""

    title: str
    unit: str
    curves: Sequence[Curve]
    marks: Sequence[Mark] = ()
    origin: date | None = None


def draw(title: str, lines: Sequence[str], panels: Sequence[Panel]) -> str:
    """An SVG of panels below each other. lines: what stands above it, such as bands, coverage and the last score.

    The drawing is role="img" with its title and its lines as title and description.
    """
    import vl_convert

    altair = _altair()
    drawing = _Drawing()
    chart = altair.vconcat(*(drawing.panel(one) for one in panels))
    chart = chart.resolve_scale(color="independent", strokeDash="independent")
    heading = altair.TitleParams(title, subtitle=list(lines), offset=12, fontSize=16, subtitleFontSize=12)
    spec = chart.properties(title=heading).configure(**_look()).to_dict() | {"datasets": drawing.tables}
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return _described(svg, title, lines)


def _altair() -> Any:
    """The library, named only when something is drawn; its own types are not those it takes."""
    return import_module("altair")


class _Drawing:
    """One drawing. tables: the rows of its layers by name; the library copies and checks a layer again and again."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, object]]] = {}

    def panel(self, panel: Panel) -> Any:
        curves = list(enumerate(panel.curves))
        layers = [self._band(panel, curve, place, band) for place, curve in curves for band in BANDS]
        layers += [self._middle(panel, curve, place) for place, curve in curves]
        for is_known, dash in ((True, [1, 0]), (False, [3, 2])):
            marks = [one for one in panel.marks if one.is_known is is_known]
            layers += [self._marks(panel, marks, dash)] if marks else []
        if panel.origin:
            layers.append(
                self._table([{"day": _at(panel.origin)}]).mark_rule(color=INK, strokeDash=[2, 3]).encode(x="day:T")
            )
        return _altair().layer(*layers).properties(title=panel.title, width=WIDTH, height=HEIGHT)

    def _table(self, rows: list[dict[str, object]]) -> Any:
        altair = _altair()
        name = f"table-{len(self.tables)}"
        self.tables[name] = rows
        return altair.Chart(altair.NamedData(name))

    def _band(self, panel: Panel, curve: Curve, place: int, band: tuple[int, int, float]) -> Any:
        low, high, dark = band
        ends = zip(curve.days, curve.quantiles[low], curve.quantiles[high], strict=True)
        rows: list[dict[str, object]] = [{"day": _at(day), "low": _short(a), "high": _short(b)} for day, a, b in ends]
        return (
            self._table(rows).mark_area(color=COLOURS[place], opacity=dark).encode(**_axes(panel, "low"), y2="high:Q")
        )

    def _middle(self, panel: Panel, curve: Curve, place: int) -> Any:
        altair = _altair()
        heights = zip(curve.days, curve.quantiles[3], strict=True)
        rows: list[dict[str, object]] = [
            {"day": _at(d), "middle": _short(at), "curve": curve.name} for d, at in heights
        ]
        names = [one.name for one in panel.curves]
        legend = altair.Legend(title=None, orient="top", symbolType="stroke") if len(names) > 1 else None

        def told_by(kind: Any, looks: Sequence[object]) -> Any:
            scale = altair.Scale(domain=names, range=list(looks[: len(names)]))
            return kind("curve:N", scale=scale, legend=legend)

        told = {"color": told_by(altair.Color, COLOURS), "strokeDash": told_by(altair.StrokeDash, DASHES)}
        return self._table(rows).mark_line(strokeWidth=1.8).encode(**_axes(panel, "middle"), **told)

    def _marks(self, panel: Panel, marks: Sequence[Mark], dash: list[int]) -> Any:
        """Published numbers as bars over their days: full where the model knew them, dashed where they came later."""
        rows: list[dict[str, object]] = [
            {"day": _at(one.start), "to": _until(one.end), "height": _short(one.height)} for one in marks
        ]
        bars = self._table(rows).mark_rule(color=INK, strokeWidth=2, strokeCap="round", strokeDash=dash)
        return bars.encode(**_axes(panel, "height"), x2="to:T")


def _axes(panel: Panel, height: str) -> dict[str, Any]:
    altair = _altair()
    return {
        "x": altair.X("day:T", title=None, axis=altair.Axis(format="%-d %b %Y", labelOverlap=True)),
        "y": altair.Y(f"{height}:Q", title=panel.unit, axis=altair.Axis(format=",.0f")),
    }


def _at(day: date) -> str:
    """A day's start as a local time, which no clock of the machine moves."""
    return f"{day.isoformat()}T00:00:00"


def _until(day: date) -> str:
    return f"{day.isoformat()}T23:59:59"


def _short(number: float) -> float:
    return float(f"{number:.6g}")


def _look() -> dict[str, Any]:
    font = "Noto Sans, DejaVu Sans, sans-serif"
    return {
        "font": font,
        "background": "#ffffff",
        "view": {"stroke": None},
        "axis": {"labelColor": INK, "titleColor": INK, "gridColor": LINE, "domainColor": INK, "tickColor": LINE},
        "title": {"color": INK, "subtitleColor": INK, "anchor": "start"},
    }


def _described(svg: str, title: str, lines: Sequence[str]) -> str:
    """The drawing with a name and words for those who do not see it; its parts are not read out one by one."""
    words = f"<title>{escape(title)}</title><desc>{escape(' '.join(lines))}</desc>"
    quiet = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    named = f'<svg role="img" aria-label="{escape(title, quote=True)}"'
    head, tail = quiet.replace("<svg", named, 1).split(">", 1)
    return f"{head}>{words}{tail}\n"
