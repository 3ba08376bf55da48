"""Answers range queries with nigiri, a JSON line each; README.md beside this file says what the lines hold."""

import csv
import io
import json
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pynigiri

LEFT_OUT = {"transfers.txt", "shapes.txt"}


def main() -> None:
    """Read lines until there are no more."""
    peer = None
    for line in sys.stdin:
        asked = json.loads(line)
        if "feed" in asked:
            before, begun = resident_mb(), time.perf_counter()
            with tempfile.TemporaryDirectory() as folder:
                peer = Peer(asked, Path(folder))
            answer = {
                "stops": peer.timetable.n_locations(),
                "load_s": time.perf_counter() - begun,
                "memory_mb": resident_mb() - before,
            }
        else:
            answer = peer.answer(asked)
        print(json.dumps(answer), flush=True)


def resident_mb() -> float:
    """Memory this process holds now, in MB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


class Peer:
    """One feed in nigiri."""

    def __init__(self, asked: dict[str, str], folder: Path) -> None:
        copy_feed(Path(asked["feed"]), folder / "feed", asked["zone"])
        config = pynigiri.LoaderConfig()
        config.link_stop_distance = asked.get("link_m", 0)
        config.default_tz = asked["zone"]
        options = pynigiri.FinalizeOptions()
        options.merge_dupes_intra_src = options.merge_dupes_inter_src = False
        source = pynigiri.TimetableSource("feed", str(folder / "feed"), config)
        self.timetable = pynigiri.load_timetable([source], asked["first_on"], asked["last_on"], options)

    def answer(self, asked: dict[str, object]) -> object:
        """The best (departure, arrival, vehicles) of one query."""
        query = pynigiri.Query()
        query.start_time = (asked["start"], asked["end"])
        query.start = self.offsets(asked["from"])
        query.destination = self.offsets(asked["to"])
        query.max_transfers = asked["max_vehicles"] - 1
        query.max_travel_time = asked["max_minutes"]
        begun = time.process_time()
        journeys = pynigiri.route(self.timetable, query)
        took = time.process_time() - begun
        found = sorted({(each.departure_time(), each.arrival_time(), each.transfers + 1) for each in journeys})
        return {"ms": took * 1000, "journeys": found} if asked.get("timed") else found

    def offsets(self, stop_ids: list[str]) -> list[object]:
        """The stops as nigiri wants them; all of them must be known."""
        places = [self.timetable.find_location(stop_id) for stop_id in stop_ids]
        return [pynigiri.Offset(place, 0, 0) for place in places]


def copy_feed(path: Path, folder: Path, zone: str) -> None:
    """Unpack a feed so that nigiri links no stops and joins no trips (README.md)."""
    folder.mkdir()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for name in names:
            if name not in LEFT_OUT:
                text = archive.read(name).decode("utf-8-sig")
                (folder / name).write_text(changed(name, text), encoding="utf-8")
    if "agency.txt" not in names:
        agencies = agency_ids((folder / "routes.txt").read_text(encoding="utf-8"))
        rows = [f"{agency},Agency,http://example.org,{zone}" for agency in agencies]
        head = "agency_id,agency_name,agency_url,agency_timezone"
        (folder / "agency.txt").write_text("\n".join([head, *rows, ""]), encoding="utf-8")


def changed(name: str, text: str) -> str:
    """A table with clean headers; stops named by their ids, trips in no block."""
    rows = [[value.strip() for value in row] for row in csv.reader(io.StringIO(text), skipinitialspace=True) if row]
    head = rows[0]
    for row in rows[1:]:
        row += [""] * (len(head) - len(row))
        if name == "stops.txt":
            row[head.index("stop_name")] = row[head.index("stop_id")]
        if name == "trips.txt" and "block_id" in head:
            row[head.index("block_id")] = ""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def agency_ids(routes: str) -> list[str]:
    """The agencies routes.txt names, in order."""
    return list(dict.fromkeys(row.get("agency_id") or "" for row in csv.DictReader(io.StringIO(routes))))


if __name__ == "__main__":
    main()
