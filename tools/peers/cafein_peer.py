"""Answers range queries with cafein, a JSON line each; README.md beside this file says what the lines hold."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cafein


def main() -> None:
    """Read lines until there are no more."""
    peer = None
    for line in sys.stdin:
        asked = json.loads(line)
        if "feed" in asked:
            before, begun = resident_mb(), time.perf_counter()
            peer = Peer(asked)
            answer = {"load_s": time.perf_counter() - begun, "memory_mb": resident_mb() - before}
        else:
            answer = peer.answer(asked)
        print(json.dumps(answer), flush=True)


class Peer:
    """One feed in cafein. Its clock is that of one zone; a query belongs to the service day it begins on."""

    def __init__(self, asked: dict[str, str]) -> None:
        self.zone = ZoneInfo(asked["zone"])
        self.network = cafein.TransportNetwork.from_gtfs(asked["feed"], trip_distances=False, leg_geometries=False)

    def answer(self, asked: dict[str, object]) -> object:
        """The best (departure, arrival, vehicles) of one query between two stops."""
        begin = datetime.fromtimestamp(asked["start"] * 60, UTC).astimezone(self.zone)
        midnight = int(begin.replace(hour=0, minute=0).timestamp()) // 60
        ends, until = (asked["from"][0], asked["to"][0]), asked["end"] - asked["start"]
        begun = time.process_time()
        journeys = self.network.route_between_stops(
            *ends,
            departure=begin.replace(tzinfo=None),
            max_rides=asked["max_vehicles"],
            departure_time_window=until,
        )
        took = time.process_time() - begun
        found = {
            (midnight + each["departure_s"] // 60, midnight + each["arrival_s"] // 60, each["rides"])
            for each in journeys
        }
        return {"ms": took * 1000, "journeys": sorted(found)}


def resident_mb() -> float:
    """Memory this process holds now, in MB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


if __name__ == "__main__":
    main()
