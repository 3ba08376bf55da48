"""The settings of Flee's movement, as its simsetting.yml names them, and what of that file is not modelled."""

from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from onward.engines.flows.faults import Fault

SECTIONS = ("log_levels", "optimisations")
"""Sections that change no movement; `hasten` divides people, which counts need not."""

QUIRKS = ("link-closures-do-nothing", "forced-redirection-does-nothing", "day-0-counts-twice", "intensity-stays")
"""Behaviour of Flee at 02cd2cb that its documentation does not intend; each is followed only where it is named."""


@dataclass(frozen=True, slots=True)
class MoveRules:
    """Flee's move and spawn rules by its own names; defaults are Flee's.

    Speeds are kilometres a day, move chances are per day, weights are factors. conflict_spawn_decay: pull and push of a
    conflict in each interval of conflict_spawn_decay_interval days since it broke out; empty: it does not decay.
    """

    max_move_speed: float = 360.0
    softening: float = 10.0
    weight_softening: float = 0.0
    distance_power: float = 1.0
    weight_power: float = 1.0
    camp_weight: float = 1.0
    foreign_weight: float = 1.0
    conflict_weight: float = 0.316227766017
    conflict_movechance: float = 1.0
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    default_movechance: float = 0.3
    capacity_buffer: float = 0.9
    capacity_scaling: float = 1.0
    avoid_short_stints: bool = False
    conflict_spawn_decay: tuple[float, ...] = field(default=())
    conflict_spawn_decay_interval: float = 30.0

    def leave(self, kind: str) -> float:
        """The chance of setting out from a place of a kind on a day."""
        chances = {
            "camp": self.camp_movechance,
            "idpcamp": self.idpcamp_movechance,
            "conflict": self.conflict_movechance,
            "forward": 1.0,
        }
        return chances.get(kind, self.default_movechance)


NAMES = tuple(each.name for each in fields(MoveRules))
AS_FLEE_HAS_IT: dict[str, object] = {
    "sum_from_camps": True,
    "empty_camps_on_day0": False,
    "take_from_population": False,
    "insert_day0": True,
    "conflict_zone_spawning_only": True,
    "start_on_foot": False,
    "awareness_level": 1,
    "pruning_threshold": 1.0,
    "use_pop_for_loc_weight": False,
    "movechance_pop_scale_factor": 0.0,
    "harvest_months": (),
}
"""Settings understood at this value only."""

WITHOUT_EFFECT = ("max_walk_speed", "max_crossing_speed", "movechance_pop_base", "pop_power_for_loc_weight")
"""Settings that only matter together with one that is not modelled."""


def read_settings(file: str, text: str) -> tuple[MoveRules, list[Fault]]:
    """The rules of a simsetting.yml, and what of it is not followed, each with its line.

    The file is read line by line (`section:`, `  name: value`, `[a, b]`): Flee's settings use no more of YAML.
    """
    given: dict[str, object] = {}
    left_out = []
    for line, section, name, value in _lines(text):
        if section in SECTIONS:
            continue
        if name in NAMES and fits(name, value):
            given[name] = value
        elif name in NAMES:
            left_out.append(Fault(file, line, f"“{name}” is {value!r}.", "Flee's default was used."))
        elif name not in WITHOUT_EFFECT and value != AS_FLEE_HAS_IT.get(name, False):
            what = f"“{name}: {value}” is not modelled."
            left_out.append(Fault(file, line, what, f"It runs as with {AS_FLEE_HAS_IT.get(name, False)}."))
    return MoveRules(**given), left_out  # type: ignore[arg-type]


def fits(name: str, value: object) -> bool:
    """Whether a value is of the kind a rule takes."""
    default = getattr(MoveRules(), name)
    if isinstance(default, tuple):
        return isinstance(value, tuple) and all(isinstance(each, int | float) for each in value)
    if isinstance(default, bool):
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _lines(text: str) -> Iterator[tuple[int, str, str, object]]:
    section = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#")[0].rstrip()
        name, colon, value = line.strip().partition(":")
        if not colon:
            continue
        if not line[0].isspace():
            section = name
        if value.strip():
            yield number, section, name.strip(), _value(value.strip())


def _value(text: str) -> object:
    if text.lower() in ("true", "false", "yes", "no"):
        return text.lower() in ("true", "yes")
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return tuple(value) if isinstance(value, list) else value
