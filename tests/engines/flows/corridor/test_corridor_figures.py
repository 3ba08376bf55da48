"""The published figures: every row sourced and dated, totals that agree with their months, faults named all at once."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.engines.flows.figures import Figure, Figures, read_figures, read_period

FOLDER = Path(__file__).parents[4] / "data" / "figures"


@pytest.fixture(scope="module")
def figures() -> Figures:
    return read_figures(FOLDER)


def first_and_last_prints(rows: tuple[Figure, ...]) -> dict[tuple[date, date], float]:
    """The value of each period, the row without an @ last so that it wins."""
    ordered = sorted(rows, key=lambda row: "@" not in row.id)
    return {(row.start, row.end): row.value for row in ordered if row.value is not None}


def sum_of_months(figures: Figures, prefix: str, period: str) -> float:
    start, end = read_period(period)
    values = first_and_last_prints(figures.series(prefix))
    months = [value for (a, b), value in values.items() if start <= a and b <= end and (b - a).days < 31]
    assert len(months) == round((end - start).days / 30.4)
    return sum(months)


def test_every_figure_has_a_source_a_day_and_a_definition(figures: Figures) -> None:
    for row in figures.figures:
        assert row.source.publisher, row.id
        assert row.source.document or row.status == "gap", row.id
        assert row.measure.definition, row.id
        assert row.start <= row.end, row.id


def test_a_figure_without_a_day_of_publication_says_why_in_its_source_or_its_note(figures: Figures) -> None:
    for row in figures.figures:
        if not row.published_on and row.status != "gap":
            assert "undated" in row.source.note or row.status == "derived" or "fiscal year" in row.note, row.id


@pytest.mark.parametrize(
    ("prefix", "period"),
    [
        ("qc-stopped", "2017"),
        ("qc-stopped", "2018"),
        ("qc-stopped", "2022"),
        ("southwest-met", "2021-10..2022-09"),
        ("southwest-met", "2022-10..2023-09"),
    ],
)
def test_a_published_total_is_the_sum_of_its_months(figures: Figures, prefix: str, period: str) -> None:
    assert sum_of_months(figures, prefix, period) == figures.get(f"{prefix}.{period}").value


def test_swantons_year_is_the_sum_of_its_rounded_months_within_their_rounding(figures: Figures) -> None:
    tolerance_of_rounding = 12 * 5.0
    for period in ("2021-10..2022-09", "2022-10..2023-09"):
        total = figures.get(f"swanton-met.{period}").value
        assert total is not None
        assert abs(sum_of_months(figures, "swanton-met", period) - total) <= tolerance_of_rounding


def test_a_readings_to_date_never_falls_but_by_its_rounding(figures: Figures) -> None:
    for prefix in ("texas-new-york", "texas-chicago", "texas-denver", "texas-washington", "denver-to-date"):
        rows = figures.series(prefix)
        for before, after in zip(rows, rows[1:], strict=False):
            assert after.bounds[1] >= before.bounds[0] or before.id == "texas-denver.2023-06-23", after.id


def test_the_buses_counted_on_leaving_and_on_arriving_agree_within_a_quarter(figures: Figures) -> None:
    sent = figures.get("el-paso-chicago.2022-10-20").bounds[1] + figures.get("texas-chicago.2022-10-21").bounds[1]
    came = sum(row.value or 0 for row in figures.series("chicago-arrivals") if row.end <= date(2022, 10, 23))
    assert 0.75 * sent < came < sent


def test_weeks_of_chicago_neither_overlap_nor_leave_a_day_out_but_the_gap(figures: Figures) -> None:
    rows = figures.series("chicago-arrivals")
    breaks = [
        (one.end, next_one.start)
        for one, next_one in zip(rows, rows[1:], strict=False)
        if next_one.start != one.end + timedelta(days=1)
    ]
    assert breaks == [(date(2023, 1, 8), date(2023, 5, 9))]


def test_a_gap_has_no_value_and_everything_else_has(figures: Figures) -> None:
    assert {row.status == "gap" for row in figures.figures if row.value is None} == {True}
    assert any(row.status == "gap" for row in figures.figures)


def test_a_revision_is_a_row_of_its_own_and_both_stand(figures: Figures) -> None:
    assert figures.get("qc-stopped.2022-06").value == 3068
    assert figures.get("qc-stopped.2022-06@2022-12").value == 3066


def test_over_five_hundred_is_a_bound_and_not_a_count(figures: Figures) -> None:
    assert figures.get("texas-chicago.2022-09-16").bounds == (600.0, 609.0)
    assert figures.get("texas-new-york.2023-12-29").bounds == (33600.0, 33699.0)


def test_every_fault_is_named_with_its_file_and_line_and_nothing_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    shutil.copytree(FOLDER, folder)
    lines = (folder / "canada.csv").read_text().splitlines()
    lines[1] = lines[1].replace("2017-01,quebec", "2017-13,quebec")
    lines[2] = lines[2].replace(",stopped,", ",seen,")
    lines[3] = lines[3].replace(",654,", ",-1,")
    lines.append(lines[4])
    (folder / "canada.csv").write_text("\n".join(lines) + "\n")
    (folder / "measures.csv").write_text((folder / "measures.csv").read_text().replace(",flow,", ",rate,", 1))
    with pytest.raises(BadInput) as refused:
        read_figures(folder)
    said = str(refused.value)
    for place in ("line 2:", "line 3:", "line 4:", f"line {len(lines)}:", "measures.csv"):
        assert place in said
    assert refused.value.values["count"] == 5


@pytest.mark.parametrize("text", ["2022-13", "20220630", "2022-06-31", "2022-07..2022-06", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_period(text)
