"""What set-up compiles is all there is to compile: after it the first search waits for nothing."""

import os
import subprocess
import sys

SCRIPT = """
import sys
from onward.engines.journeys.warm import warm
warm()
print("numba" in sys.modules)
"""


def test_after_set_up_a_new_process_compiles_nothing_and_never_sees_numba() -> None:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=True)
    answer = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"
