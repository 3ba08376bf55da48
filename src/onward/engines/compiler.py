"""Compiles functions to machine code: the one room that knows numba. Only who compiles comes here."""

import dis
import sys
from collections.abc import Sequence
from enum import Enum
from functools import cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from onward.engines.jit import Compiled
from onward.engines.machine_code import Code

# numba would fetch all of scipy for a linear algebra, and parsers of YAML and of C for settings and functions, that no
# kernel uses: half a second.
_hidden = [name for name in ("scipy", "yaml", "cffi") if name not in sys.modules]
for _name in _hidden:
    sys.modules[_name] = None  # type: ignore[assignment]
import numba  # noqa: E402
import numba.core.typing.cffi_utils  # noqa: E402
import numba.np.arraymath  # noqa: E402

for _name in _hidden:
    del sys.modules[_name]


def compiled(function: Compiled[..., Any], given: Sequence[object]) -> Code:
    """The machine code of a function, with all it calls, for arguments of the kind of some."""
    dispatcher = _dispatcher(function, Use.BY_PYTHON)
    kinds = tuple(dispatcher.typeof_pyval(value) for value in given)
    dispatcher.compile(kinds)
    made = dispatcher.overloads[kinds]
    constants = made.environment.consts
    strange = [value for value in constants if not isinstance(value, np.dtype)]
    if strange:
        raise TypeError(f"{function.function.__name__} holds {strange!r}: a compiled function gives arrays and numbers")
    return Code(
        linked=made.library._get_compiled_object(),  # noqa: SLF001  (what numba keeps in its own cache)
        entry=made.fndesc.llvm_cpython_wrapper_name,
        surroundings=made.fndesc.env_name,
        constants=tuple(value.str for value in constants),
        needs=_needs(made.library._final_module),  # noqa: SLF001
    )


def _needs(module: Any) -> tuple[str, ...]:
    """The symbols a module of LLVM takes from elsewhere."""
    parts = [*module.functions, *module.global_variables]
    return tuple(sorted(part.name for part in parts if part.is_declaration and not part.name.startswith("llvm.")))


class Use(Enum):
    """Who calls a function: for Python its arguments are unpacked, which is to be compiled too."""

    BY_PYTHON = {"no_cfunc_wrapper": True}
    BY_CODE = {"no_cfunc_wrapper": True, "no_cpython_wrapper": True}


@cache
def _dispatcher(function: Compiled[..., Any], use: Use) -> Any:
    """numba's own, of a function that calls others': so numba sees them, while its callers see what loads code."""
    plain = function.function
    assert isinstance(plain, FunctionType)
    called = {
        name: _dispatcher(value, Use.BY_CODE)
        for name in _names(plain.__code__)
        if isinstance(value := plain.__globals__.get(name), Compiled)
    }
    seen_by_numba = FunctionType(plain.__code__, plain.__globals__ | called, plain.__name__, plain.__defaults__)
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", **function.options, **use.value}
    return numba.njit(**options)(seen_by_numba)


def _names(code: CodeType) -> set[str]:
    """The names of a module that some code asks for."""
    return {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
