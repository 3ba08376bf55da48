"""Fares from a file: every fault named by line and column, all of it or none."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onward.apps.timetables.loading import COLUMNS, SHOWN_FINDINGS, AddedFares, FaresUnreadable, add_fares
from onward.apps.timetables.models import FareQuote
from tests.conftest import NOW
from tools.demo_feed import write_feeds

HEADER = ",".join(COLUMNS)
ROW = "coaches,A,ny,mtl,8000,4000,0,300,250,USD,2026-03-01,2026-03-01,2026-03-31,telephone"


def faults(*rows: str, header: str = HEADER) -> list[tuple[int, str]]:
    with pytest.raises(FaresUnreadable) as problem:
        add_fares("\n".join([header, *rows]), now=NOW)
    assert not FareQuote.objects.exists(), "nothing of a faulty file is kept"
    return [(finding.line, finding.field) for finding in problem.value.findings]


def test_quotes_are_kept_as_written(db: None) -> None:
    assert add_fares(f"{HEADER}\n{ROW}\n", now=NOW) == AddedFares(1, 0)
    quote = FareQuote.objects.get()
    assert (quote.feed, quote.agency_id, quote.from_stop, quote.to_stop) == ("coaches", "A", "ny", "mtl")
    assert (quote.adult_minor, quote.child_minor, quote.infant_minor) == (8000, 4000, 0)
    assert (quote.tax_minor, quote.fee_minor, quote.currency) == (300, 250, "USD")
    assert (quote.quoted_on, quote.valid_to) == (date(2026, 3, 1), date(2026, 3, 31))


def test_the_same_file_again_adds_nothing(db: None) -> None:
    text = f"\ufeff{HEADER}\n{ROW}\n{ROW}\n"
    assert add_fares(text, now=NOW) == AddedFares(1, 1)
    assert add_fares(text, now=NOW) == AddedFares(0, 2)
    assert FareQuote.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("coaches,", ",", "feed"),
        ("coaches,", "c" * 61 + ",", "feed"),
        (",ny,", ",,", "from_stop_id"),
        (",ny,mtl,", ",ny,ny,", "to_stop_id"),
        (",8000,", ",80.00,", "adult_minor"),
        (",8000,", ",-8000,", "adult_minor"),
        (",8000,", ",٨٠٠٠,", "adult_minor"),
        (",8000,", ",8000000000000,", "adult_minor"),
        (",USD,", ",XYZ,", "currency"),
        (",USD,2026-03-01,", ",USD,1 March,", "quoted_on"),
        (",USD,2026-03-01,", ",USD,2026-02-30,", "quoted_on"),
        (",USD,2026-03-01,", ",USD,2027-03-01,", "quoted_on"),
        ("2026-03-31", "2026-02-28", "valid_to"),
        ("telephone", "", "source"),
    ],
)
def test_each_fault_is_named_by_line_and_column(db: None, old: str, new: str, column: str) -> None:
    assert faults(ROW, ROW.replace(old, new, 1)) == [(3, column)]


def test_all_faults_are_named_not_only_the_first(db: None) -> None:
    assert faults(ROW.replace("8000", "?"), ROW, ROW.replace("USD", "XYZ").replace("ny", "")) == [
        (2, "adult_minor"),
        (4, "from_stop_id"),
        (4, "currency"),
    ]


def test_a_file_that_is_wrong_as_a_whole_names_only_its_first_faults(db: None) -> None:
    assert len(faults(*[ROW.replace("8000", "?")] * 200)) == SHOWN_FINDINGS


def test_missing_columns_an_empty_file_and_no_rows_are_said(db: None) -> None:
    assert faults(ROW, header=HEADER.replace(",source", "")) == [(1, "source")]
    assert faults() == [(1, "feed")]
    assert (1, "feed") in faults(header="")


def test_the_first_fault_stands_in_the_sentence(db: None) -> None:
    with pytest.raises(FaresUnreadable) as problem:
        add_fares(f"{HEADER}\n{ROW.replace('8000', 'eighty')}\n", now=NOW)
    assert "line 2, adult_minor: “eighty”" in str(problem.value)


def test_the_demonstrations_fares_are_taken(db: None, tmp_path: Path) -> None:
    write_feeds(tmp_path, seed=2023, start_on=NOW.date())
    text = (tmp_path / "fares.csv").read_text()
    added = add_fares(text, now=datetime(2026, 3, 2, tzinfo=UTC))
    assert added.added == len(text.splitlines()) - 1 == FareQuote.objects.count()
