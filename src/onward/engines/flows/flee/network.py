"""The network of a Flee folder: ids for its places, and the ways people choose among, both directions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onward.engines.flows.flee.folder import FleeFolder


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one place to another. path: all places on it, ends included; between them markers only."""

    id: str
    path: tuple[str, ...]
    km: float

    @property
    def start(self) -> str:
        """Where it begins."""
        return self.path[0]

    @property
    def end(self) -> str:
        """Where it ends."""
        return self.path[-1]


def name_places(names: Iterable[str]) -> dict[str, str]:
    """An id for each name: small letters and hyphens, told apart by a number where two would be one."""
    ids: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "place"
        number = 2
        chosen = plain
        while chosen in ids.values():
            chosen, number = f"{plain}-{number}", number + 1
        ids[name] = chosen
    return ids


def list_edges(flee: FleeFolder, ids: dict[str, str]) -> list[Edge]:
    """Every way between places that people choose among; a marker is a bend in the road. Ids tell second ways apart."""
    edges: list[Edge] = []
    seen: dict[str, int] = {}
    for path, km in _paths(flee):
        plain = f"{ids[path[0]]}..{ids[path[-1]]}"
        seen[plain] = seen.get(plain, 0) + 1
        edges.append(Edge(plain if seen[plain] == 1 else f"{plain}.{seen[plain]}", path, km))
    return edges


def _paths(flee: FleeFolder) -> Iterator[tuple[tuple[str, ...], float]]:
    markers = {place.name for place in flee.places if place.kind == "marker"}
    ways: dict[str, list[tuple[str, float]]] = {place.name: [] for place in flee.places}
    for route in flee.routes:
        ways[route.start].append((route.end, route.km))
        ways[route.end].append((route.start, route.km))
    for place in flee.places:
        if place.name in markers:
            continue
        going: list[tuple[tuple[str, ...], float]] = [((place.name, end), km) for end, km in ways[place.name]]
        while going:
            path, km = going.pop(0)
            if path[-1] not in markers:
                yield path, km
            else:
                going += [((*path, end), km + more) for end, more in ways[path[-1]] if end not in path]
