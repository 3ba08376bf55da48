"""What set-up compiles is all there is to compile: after it the first search waits for nothing."""

import os
import subprocess
import sys

SCRIPT = """
from onward.engines.journeys.warm import warm
warm()
from numba.core import event

class Listener(event.Listener):
    def on_start(self, event): print("compiled", event.data["dispatcher"].py_func.__name__)
    def on_end(self, event): pass

event.register("numba:compile", Listener())
warm()
"""


def test_a_second_call_compiles_nothing() -> None:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    assert answer.stdout == ""
