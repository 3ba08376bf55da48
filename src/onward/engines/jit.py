"""Functions compiled to machine code: how they are marked, called, and where their code is kept.

A function is compiled at its first call with arguments of some kind (compiler.py, the one room that knows numba), and
its code kept; every later process loads the code alone (machine_code.py), without numba: a fifth of the time to a first
answer. Code lies in $ONWARD_COMPILED, else in "compiled" under $ONWARD_HOME, in a folder named after all it depends on:
the text of all kernels, for one is made into others; Python, numba, the processor. Where that folder cannot be written
(a program folder or a home of another account) each account gets one of its own under the system's temporary folder.
`onward init` and set-up fill it, so that nobody waits at the desk.
"""

import functools
import getpass
import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import numpy as np

from onward.core.whole_files import write_whole
from onward.engines.machine_code import NotWhole, as_function, made_for, packed, unpacked

ENGINES = Path(__file__).parent
KERNELS = "kernel*.py"
"""Only files named so hold compiled functions: their text names the folder."""

ARRAY_FLAGS = 0x501
"""Those of an array's flags that its code depends on: C order, alignment, whether it may be written to."""

LONG, LONG_KEPT = 8, 8
"""From so many parts on the kind of a tuple is kept, with the tuple, for so many of them."""

_long: dict[int, tuple[tuple[object, ...], object]] = {}

SCALARS = (int, float, bool, np.generic, type(None))


def kernel[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function at its first call and keep it; it runs without the interpreter's lock.

    Same input, same bytes: no fast-math, and no threads of its own. Division follows IEEE 754, it never raises.
    Arguments, by position: arrays, numbers, and tuples of such.
    """
    return Compiled(function, MappingProxyType({}))


def loop[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a loop that kernels call and that makes no array; what is `inlined` into it costs nothing.

    It keeps no count of who uses the arrays it is given. Kernels do, wherever a tuple of them is handed on, and that
    takes four times as long as what a search does with them.
    """
    return Compiled(function, MappingProxyType({"_nrt": False}))


def inlined[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function into each kernel that calls it, as if its text stood there.

    For parts of an inner loop that take many arrays: a call counts every one of them in and out again.
    """
    return Compiled(function, MappingProxyType({"inline": "always"}))


class Compiled[**Given, Made]:
    """A function that runs as machine code. options: what numba is told of it beside what holds for all.

    It may call others by their names in its module, not as parts of another. made: what runs, by the kinds of arguments
    it was called with.
    """

    def __init__(self, function: Callable[Given, Made], options: Mapping[str, object]) -> None:
        self.function, self.options = function, options
        self.made: dict[object, Callable[..., Made]] = {}
        functools.update_wrapper(self, function)

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> Made:
        kind = tuple([_kind(value) for value in given])
        made = self.made.get(kind) or self._make(kind, given)
        return made(*given, **named)

    def __reduce__(self) -> str:
        return self.function.__name__

    def _make(self, kind: object, given: tuple[object, ...]) -> Callable[..., Made]:
        # Its own file counts too: not every function stands among the kernels whose text names the folder.
        which = _digest(repr(kind), Path(self.function.__code__.co_filename).read_text(encoding="utf-8"))
        path = compiled_folder() / f"{self.function.__module__}.{self.function.__name__}.{which}.code"
        made = self._kept(path) or self._compiled(path, given)
        self.made[kind] = made
        return made

    def _kept(self, path: Path) -> Callable[..., Made] | None:
        """What was compiled before; None where nothing was, or it cannot be read or used any more."""
        with suppress(OSError, NotWhole):
            return as_function(unpacked(path.read_bytes()), self.function)
        return None

    def _compiled(self, path: Path, given: tuple[object, ...]) -> Callable[..., Made]:
        from onward.engines.compiler import compiled

        code = compiled(self, given)
        with suppress(OSError):  # a full disk keeps nobody from an answer
            write_whole(path, packed(code))
        return as_function(code, self.function)


def _kind(value: object) -> object:
    """What the machine code of a function depends on in one of its arguments."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.num & ARRAY_FLAGS
    if isinstance(value, tuple):
        return _kind_of_tuple(value)
    if isinstance(value, SCALARS):
        return type(value)
    raise TypeError(f"a compiled function takes arrays, numbers and tuples of them, not {type(value).__name__}")


def _kind_of_tuple(value: tuple[object, ...]) -> object:
    """A long one is asked of its many arrays once: the arrays of a span go into thousands of searches."""
    known = _long.get(id(value))
    if known is not None and known[0] is value:
        return known[1]
    kind = (type(value), *[_kind(part) for part in value])
    if len(value) >= LONG:
        while len(_long) >= LONG_KEPT:
            _long.pop(list(_long)[0], None)  # noqa: RUF015  (threads: a list is made in one go)
        _long[id(value)] = value, kind
    return kind


@functools.cache
def compiled_folder() -> Path:
    """Where compiled functions are kept now."""
    wanted = _wanted()
    folder = (wanted if _writable(wanted) else _own_temporary()) / _digest(_kernels_text(), made_for())
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _kernels_text() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(ENGINES.rglob(KERNELS)))


def _wanted() -> Path:
    home = Path(os.environ.get("ONWARD_HOME", "var")) / "compiled"
    return Path(os.environ.get("ONWARD_COMPILED", home)).absolute()


def _own_temporary() -> Path:
    """A folder no other account can have put anything into: its name may be known, so its owner is checked."""
    folder = Path(tempfile.gettempdir()) / f"onward-compiled-{getpass.getuser()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    is_ours = not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & 0o022)
    return folder if is_ours and not folder.is_symlink() else Path(tempfile.mkdtemp(prefix="onward-compiled-"))


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
