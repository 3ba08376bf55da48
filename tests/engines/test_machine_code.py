"""Machine code that is kept: the same answers without numba, never another function's, never a damaged one."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from onward.engines import jit
from onward.engines.jit import inlined, kernel, loop
from onward.engines.machine_code import NotWhole, as_function, packed, unpacked


class Pair(NamedTuple):
    """Two arrays under one name."""

    first: np.ndarray
    second: np.ndarray


@inlined
def product(pair: Pair, at: int) -> int:
    return pair.first[at] * pair.second[at]


@loop
def total_of(pair: Pair, count: int) -> int:
    total = 0
    for at in range(count):
        total += product(pair, at)
    return total


@kernel
def totals(pair: Pair, bounds: tuple[int, int]) -> tuple[np.ndarray, int]:
    """Of ever more products, within bounds; and the last."""
    found = np.empty(bounds[1] - bounds[0], np.int32)
    for at in range(bounds[0], bounds[1]):
        found[at - bounds[0]] = total_of(pair, at)
    return found, total_of(pair, bounds[1])


@kernel
def mean_of(values: np.ndarray) -> float:
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


PAIR = Pair(np.arange(5, dtype=np.int32), np.arange(5, 10, dtype=np.int32))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """A folder of compiled code of this test's own, and nothing loaded yet."""
    monkeypatch.setattr(jit, "compiled_folder", lambda: tmp_path)
    for function in (totals, mean_of):
        function.made.clear()
    yield tmp_path
    for function in (totals, mean_of):
        function.made.clear()


def test_kept_code_answers_as_the_function_does(folder: Path) -> None:
    expected = [sum(int(a * b) for a, b in zip(*PAIR, strict=True) if a < n) for n in range(1, 5)]
    for _ in range(2):  # compiled, then loaded
        found, last = totals(PAIR, (1, 4))
        assert found.tolist() == expected[:3]
        assert last == expected[3]
        totals.made.clear()
    assert len(list(folder.iterdir())) == 1


def test_a_process_that_finds_kept_code_answers_without_numba(tmp_path: Path) -> None:
    asked = (
        "import sys; import numpy as np; from onward.engines.journeys.fast.kernel_arrays import first_from;"
        "print(first_from(np.array([1, 5, 9], np.int16), 0, 3, 6), 'numba' in sys.modules)"
    )
    given = os.environ | {"ONWARD_COMPILED": str(tmp_path / "kept"), "PYTHONPATH": os.pathsep.join(sys.path)}
    answers = [
        subprocess.run([sys.executable, "-c", asked], env=given, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert answers == ["2 True\n", "2 False\n"]


def test_arguments_of_another_kind_have_code_of_their_own(folder: Path) -> None:
    assert mean_of(np.array([1, 2], np.int32)) == 1.5
    assert mean_of(np.array([1.25, 2.25])) == 1.75
    frozen = np.array([1, 2], np.int16)
    frozen.flags.writeable = False
    assert mean_of(frozen) == 1.5
    assert mean_of(np.arange(8, dtype=np.int16)[::2]) == 3.0
    assert len(mean_of.made) == len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("wrong", [[1, 2], "ab", {1: 2}])
def test_what_is_no_array_or_number_is_refused_and_not_read_as_one(wrong: object) -> None:
    with pytest.raises(TypeError, match="takes arrays, numbers and tuples"):
        mean_of(wrong)


@pytest.mark.parametrize("harm", [lambda data: data[:-9], lambda data: data[:60] + b"\0" + data[61:], lambda _: b""])
def test_a_damaged_file_is_compiled_anew(folder: Path, harm) -> None:
    assert mean_of(np.array([1, 2], np.int32)) == 1.5
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(harm(whole))
    mean_of.made.clear()
    assert mean_of(np.array([1, 2], np.int32)) == 1.5
    assert unpacked(path.read_bytes())


def test_code_that_needs_what_this_process_lacks_is_refused_before_llvm_ends_the_process(folder: Path) -> None:
    mean_of(np.array([1, 2], np.int32))
    (path,) = folder.iterdir()
    code = unpacked(path.read_bytes())
    strange = replace(code, needs=(*code.needs, "numba_of_another_year"))
    with pytest.raises(NotWhole, match="numba_of_another_year"):
        as_function(strange, mean_of.function)
    path.write_bytes(packed(strange))
    mean_of.made.clear()
    assert mean_of(np.array([1, 2], np.int32)) == 1.5


def test_where_nothing_can_be_written_there_is_an_answer_all_the_same(monkeypatch) -> None:
    monkeypatch.setattr(jit, "compiled_folder", lambda: Path("/proc/none"))
    assert mean_of(np.array([1, 2], np.int32)) == 1.5


def test_an_error_of_compiled_code_is_an_error_here() -> None:
    with pytest.raises(ValueError, match="negative dimensions"):
        totals(PAIR, (4, 1))


def test_threads_that_ask_at_once_are_all_answered() -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda n: mean_of(np.full(4, n, np.int32)), range(40)))
    assert found == list(range(40))


def test_a_compiled_function_is_sent_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(totals)) is totals  # noqa: S301  (our own bytes)
