"""Functions compiled to machine code: the one place that names numba, and where what it compiles is kept.

Compiled code lies in $ONWARD_COMPILED, else in "compiled" under $ONWARD_HOME, in a folder named after the text of all
kernels: numba looks at the file of a function alone, never at those of the functions it calls, and would go on using
an old one. Where that folder cannot be written (a program folder or a home of another account) each account gets one
of its own under the system's temporary folder. `onward init` and set-up fill it, so that nobody waits at the desk.
"""

import getpass
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

# numba would fetch all of scipy for a linear algebra, and parsers of YAML and of C for settings and functions, that no
# kernel uses: two fifths of a new process's first answer.
_hidden = [name for name in ("scipy", "yaml", "cffi") if name not in sys.modules]
for _name in _hidden:
    sys.modules[_name] = None  # type: ignore[assignment]
import numba  # noqa: E402
import numba.core.typing.cffi_utils  # noqa: E402
import numba.np.arraymath  # noqa: E402

for _name in _hidden:
    del sys.modules[_name]

ENGINES = Path(__file__).parent
KERNELS = "kernel*.py"
"""Only files named so hold compiled functions: their text names the folder."""


_settings = vars(numba.config)


def kernel[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function at its first call and keep it; it runs without the interpreter's lock.

    Same input, same bytes: no fast-math, and no threads of its own. Division follows IEEE 754, it never raises.
    """
    compiled: Callable[Given, Made] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def loop[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a loop that kernels call and that makes no array; what is `inlined` into it costs nothing.

    It keeps no count of who uses the arrays it is given. Kernels do, wherever a tuple of them is handed on, and that
    takes four times as long as what a search does with them.
    """
    uncounted: dict[str, Any] = {"_nrt": False}
    compiled: Callable[Given, Made] = numba.njit(cache=True, nogil=True, error_model="numpy", **uncounted)(function)
    return compiled


def inlined[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function into each kernel that calls it, as if its text stood there.

    For parts of an inner loop that take many arrays: a call counts every one of them in and out again.
    """
    compiled: Callable[Given, Made] = numba.njit(inline="always", nogil=True, error_model="numpy")(function)
    return compiled


def compiled_folder() -> Path:
    """Where compiled functions are kept now."""
    return Path(_settings["CACHE_DIR"])


def _kernels_text() -> str:
    digest = hashlib.sha256()
    for path in sorted(ENGINES.rglob(KERNELS)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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


def _chosen_folder() -> Path:
    wanted = _wanted()
    return (wanted if _writable(wanted) else _own_temporary()) / _kernels_text()


_settings["CACHE_DIR"] = str(_chosen_folder())
