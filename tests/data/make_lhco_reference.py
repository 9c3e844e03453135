"""Observables of the first thousand events of the LHC Olympics 2020, for tests that have not the file.

    PYTHONPATH=tests python tests/data/make_lhco_reference.py lhco_tiny.h5

The file is the beginning of events_anomalydetection_v2.h5 (G. Kasieczka, B. Nachman, D. Shih, doi:10.5281/zenodo.6466204,
CC-BY-4.0): 907 events of QCD and 93 of the signal.
"""

import sys
from pathlib import Path

import numpy as np
from lhco_events import observables

from offshell.io import read_dijets

dijets = read_dijets(sys.argv[1])
np.savez_compressed(Path(__file__).parent / "lhco_dijets.npz", label=dijets.label, **observables(dijets))
