"""A process that ends with the one that started it, however that one ends."""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_S = 1.0


def die_with_parent(parent: int) -> None:
    """Kill this process as soon as the process `parent`, which started it, is gone, also by kill -9.

    On Linux the kernel does it (prctl(2), PR_SET_PDEATHSIG); elsewhere a thread looks once a second. A parent that was
    gone before the call is noticed too.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        _die_if_left(parent)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _die_if_left(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while True:
        _die_if_left(parent)
        time.sleep(_LOOK_EVERY_S)
