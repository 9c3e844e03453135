"""Clustering with FastJet."""

import subprocess
import sys


def test_fastjet_keeps_stdout_clean():
    # FastJet prints its banner once a process, hence a new one.
    program = (
        "import fastjet, numpy as np; from offshell.inputs.clustering import clustered;"
        "clustered(np.ones((2, 4)), np.array([2]), fastjet.JetDefinition(fastjet.kt_algorithm, 1.0))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (printed.stdout, printed.stderr) == (b"", b"")
