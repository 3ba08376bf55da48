"""Reads feeds with other people's readers, a JSON line each: gtfs-parquet counts, gtfs-guru finds fault (README.md)."""

import json
import sys
from datetime import date, timedelta

import gtfs_guru
import gtfs_parquet
import polars as pl

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

STOPS = ("stop_times.txt", "stop_id")


def main() -> None:
    """Read lines until there are no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer = count(asked) if "first_on" in asked else lacking(asked)
        print(json.dumps(answer), flush=True)


def count(asked: dict[str, str]) -> dict[str, list[int]]:
    """For each day [trips that run, their stop times, their first departures, last arrivals in seconds], added up.

    A trip of frequencies.txt runs as often as that says.
    """
    feed = gtfs_parquet.parse_gtfs(asked["feed"])
    ends = (
        feed.stop_times.sort("stop_sequence")
        .group_by("trip_id")
        .agg(
            pl.len().alias("calls"),
            pl.col("departure_time").first().dt.total_seconds().alias("first"),
            pl.col("arrival_time").last().dt.total_seconds().alias("last"),
        )
    )
    trips = repeated(feed, feed.trips.select("trip_id", "service_id").join(ends, on="trip_id"))
    counted = {}
    on, last = date.fromisoformat(asked["first_on"]), date.fromisoformat(asked["last_on"])
    while on <= last:
        running = trips.filter(pl.col("service_id").is_in(sorted(services(feed, on))))
        sums = [int(running[name].sum() or 0) for name in ("calls", "first", "last")]
        counted[on.isoformat()] = [len(running), *sums]
        on += timedelta(days=1)
    return counted


def repeated(feed: object, trips: pl.DataFrame) -> pl.DataFrame:
    """The trips as they run: those of frequencies.txt at each start, in place of themselves."""
    if feed.frequencies is None or not len(feed.frequencies):
        return trips
    rows = []
    times = {row["trip_id"]: row for row in trips.iter_rows(named=True)}
    for row in feed.frequencies.iter_rows(named=True):
        trip = times[row["trip_id"]]
        begin, end = (int(row[name].total_seconds()) for name in ("start_time", "end_time"))
        for start in range(begin, end, row["headway_secs"]):
            rows.append({**trip, "first": start, "last": trip["last"] - trip["first"] + start})
    single = trips.filter(~pl.col("trip_id").is_in(list(feed.frequencies["trip_id"].unique())))
    return pl.concat([single, pl.DataFrame(rows, schema=trips.schema)])


def services(feed: object, on: date) -> set[str]:
    """The services that run on a day."""
    running: set[str] = set()
    if feed.calendar is not None and len(feed.calendar):
        row = pl.col(WEEKDAYS[on.weekday()]) == 1
        running = set(
            feed.calendar.filter(row & (pl.col("start_date") <= on) & (pl.col("end_date") >= on))["service_id"]
        )
    if feed.calendar_dates is not None and len(feed.calendar_dates):
        today = feed.calendar_dates.filter(pl.col("date") == on)
        running |= set(today.filter(pl.col("exception_type") == 1)["service_id"])
        running -= set(today.filter(pl.col("exception_type") == 2)["service_id"])
    return running


def lacking(asked: dict[str, str]) -> dict[str, object]:
    """The errors gtfs-guru finds by their code, and the rows of stop_times.txt whose stop is not there."""
    result = gtfs_guru.validate(asked["feed"])
    codes: dict[str, int] = {}
    rows = []
    for notice in result.notices:
        if notice.severity == "ERROR":
            codes[notice.code] = codes.get(notice.code, 0) + 1
        said = notice.context()
        if notice.code == "foreign_key_violation" and (said["childFilename"], said["childFieldName"]) == STOPS:
            rows.append(notice.row)
    return {"errors": codes, "rows": sorted(rows)}


if __name__ == "__main__":
    main()
