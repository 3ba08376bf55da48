"""Values made quickly are those their class makes."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from onward.core.quick import quick


@dataclass(frozen=True, slots=True)
class Stone:
    """Any frozen value."""

    place: str
    weight: int = 3
    marks: tuple[str, ...] = ()


quick_stone = quick(Stone)


def test_a_value_made_quickly_is_one_of_its_class() -> None:
    made = quick_stone("hill", 4, ("x",))
    assert type(made) is Stone
    assert made == Stone("hill", 4, ("x",))
    assert hash(made) == hash(Stone("hill", 4, ("x",)))
    assert repr(made) == repr(Stone("hill", 4, ("x",)))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own
    assert replace(made, weight=3, marks=()) == Stone("hill")


def test_a_value_made_quickly_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        quick_stone("hill", 4, ()).weight = 5  # type: ignore[misc]


def test_a_value_made_quickly_has_all_its_fields() -> None:
    with pytest.raises(TypeError):
        quick_stone("hill")
