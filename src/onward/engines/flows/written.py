"""How a field of a scenario stands in its file: under which key, within which bounds, and what it names."""

import dataclasses
from dataclasses import dataclass
from math import inf
from typing import Annotated, get_args, get_origin, get_type_hints

type Range = tuple[float, float]
REAL, POSITIVE, SHARE = (-inf, inf), (0.0, inf), (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class As:
    """A mark on a field. key: where it is not the field's name; "walk.sd" stands in an inner table, "walk".

    within: the least and the most of a number. names: what kind of thing it names, which must be there. needed: must
    stand in its inner table, where there is one.
    """

    key: str = ""
    within: Range = POSITIVE
    names: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A field with its mark. kind: its type; default: None where it must stand in the file."""

    name: str
    kind: object
    mark: As
    default: object

    @property
    def key(self) -> str:
        """Its key in the file."""
        return self.mark.key or self.name


_LISTED: dict[type, tuple[Written, ...]] = {}


def list_written(cls: type) -> tuple[Written, ...]:
    """Every field of a dataclass in order; parameters are met in this order, too."""
    if cls not in _LISTED:
        hints = get_type_hints(cls, include_extras=True)
        _LISTED[cls] = tuple(_written(one.name, hints[one.name], one.default) for one in dataclasses.fields(cls))
    return _LISTED[cls]


def _written(name: str, hint: object, default: object) -> Written:
    kind, mark = get_args(hint) if get_origin(hint) is Annotated else (hint, As())
    return Written(name, kind, mark, None if default is dataclasses.MISSING else default)
