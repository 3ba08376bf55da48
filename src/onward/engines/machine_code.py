"""Machine code that numba made, as functions again: read, checked, linked by LLVM, without numba's 0.8 seconds.

What numba does at a function's first call is to type and compile it; what it does at each is to unpack the arguments, a
part of the code itself. Code refers to the interpreter and to numba's three small libraries written in C, which are
loaded here as they stand; the rest of numba is not.
"""

import builtins
import ctypes
import functools
import hashlib
import importlib.util
import json
import pickle
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numpy as np

LIBRARIES = {"numba._helperlib": "numba_", "numba._dynfunc": "numba_", "numba.core.runtime._nrt_python": "NRT_"}
"""numba's libraries in C, and how code calls their functions: this before their names, but for names of "_"."""

_one_at_a_time = threading.Lock()


class NotWhole(Exception):  # noqa: N818  (said of a file, and always handled)
    """A file of machine code that is damaged, or that this process has not all for."""


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled function. linked: its object file. entry, surroundings: symbols in it, of the function that takes
    Python's arguments and of the place that wants to know what it is surrounded by; constants: the types of the arrays
    it makes, part of that. needs: symbols from elsewhere."""

    linked: bytes
    entry: str
    surroundings: str
    constants: tuple[str, ...]
    needs: tuple[str, ...]


def packed(code: Code) -> bytes:
    """The code as a file: a check sum, a line that describes it, the object file."""
    described = [code.entry, code.surroundings, code.constants, code.needs]
    body = json.dumps(described).encode() + b"\n" + code.linked
    return hashlib.sha256(body).digest() + body


def unpacked(data: bytes) -> Code:
    """The code back from its file; raises NotWhole where the file is not what was written."""
    body = data[hashlib.sha256().digest_size :]
    if hashlib.sha256(body).digest() != data[: -len(body) or None]:
        raise NotWhole
    described, _, linked = body.partition(b"\n")
    entry, surroundings, constants, needs = json.loads(described)
    return Code(linked, entry, surroundings, tuple(constants), tuple(needs))


def made_for() -> str:
    """All that code depends on beside its text: Python, numba, LLVM, the processor."""
    numba = (_numba_folder() / "_version.py").read_text(encoding="utf-8")
    return "\n".join([sys.version, numba, llvmlite.__version__, llvm.get_host_cpu_name(), _features()])


def as_function(code: Code, function: Callable[..., object]) -> Callable[..., Any]:
    """The compiled function. function: what it was made from. Raises NotWhole where a symbol it needs is nowhere."""
    with _one_at_a_time:
        runtime = _runtime()
        lacking = [
            name for name in code.needs if not llvm.address_of_symbol(name) and not hasattr(ctypes.pythonapi, name)
        ]
        if lacking:  # LLVM would end the process
            raise NotWhole(lacking)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
        engine.add_object_file(llvm.ObjectFileRef.from_data(code.linked))
        engine.finalize_object()
        around = runtime.Environment(function.__globals__)
        around.consts.extend(np.dtype(name) for name in code.constants)
        place = engine.get_global_value_address(code.surroundings)
        ctypes.c_void_p.from_address(place).value = id(around)
        entry = engine.get_function_address(code.entry)
        module = sys.modules[function.__module__]
        made: Callable[..., Any] = runtime.make_function(
            module, function.__name__, function.__doc__ or "", entry, around, (engine, around)
        )
        return made


@functools.cache
def _runtime() -> ModuleType:
    """Tell LLVM of all that code may need; gives the library that makes functions."""
    libraries = {name: sys.modules.get(name) or _library(name) for name in LIBRARIES}
    if "numba" not in sys.modules:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        libraries["numba.core.runtime._nrt_python"].memsys_use_cpython_allocator()
        for name, library in libraries.items():
            for each, address in library.c_helpers.items():
                llvm.add_symbol(each if each.startswith("_") else LIBRARIES[name] + each, address)
        llvm.add_symbol("numba_unpickle", ctypes.cast(_unpickled, ctypes.c_void_p).value)
    llvm.add_symbol("_Py_NoneStruct", id(None))
    for name, value in vars(builtins).items():
        if isinstance(value, type) and issubclass(value, BaseException):
            llvm.add_symbol(f"PyExc_{name}", id(value))
    return libraries["numba._dynfunc"]


def _library(name: str) -> ModuleType:
    """One of numba's libraries, loaded by its path, under the name by which numba will find it should it come."""
    *folders, stem = name.split(".")[1:]
    folder = _numba_folder().joinpath(*folders)
    path = next(path for suffix in EXTENSION_SUFFIXES if (path := folder / (stem + suffix)).exists())
    spec = importlib.util.spec_from_file_location(name, path)
    assert isinstance(spec, ModuleSpec) and spec.loader
    library = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(library)
    return sys.modules.setdefault(name, library)


@functools.cache
def _numba_folder() -> Path:
    spec = importlib.util.find_spec("numba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("numba is not installed", name="numba")
    return Path(spec.origin).parent


def _features() -> str:
    return str(llvm.get_host_cpu_features().flatten())


def _machine() -> llvm.TargetMachine:
    """This processor, as numba describes it to LLVM."""
    target = llvm.Target.from_triple(llvm.get_process_triple())
    reloc = "static" if target.name.startswith("x86") else "default"
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, reloc=reloc, codemodel="jitdefault", jit=True
    )


_seen: dict[int, object] = {}


def _unpickle(address: int, size: int, _digest: int) -> object:
    """What code holds pickled, by its address in the code: classes of arrays and of errors."""
    if address not in _seen:
        _seen[address] = pickle.loads(ctypes.string_at(address, size))  # noqa: S301  (our own compiled code's)
    return _seen[address]


_unpickled = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(_unpickle)
"""As C calls it; it has to outlive all code."""
