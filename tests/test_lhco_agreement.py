"""Simulated pairs of jets against the first thousand events of the LHC Olympics; tests/data/make_lhco_reference.py made these."""

from pathlib import Path

import numpy as np
import pytest
from lhco_events import LHCO_QCD, observables
from scipy.stats import ks_2samp

from offshell.simulate import dijets

REFERENCE = dict(np.load(Path(__file__).parent / "data" / "lhco_dijets.npz"))
LABEL = REFERENCE.pop("label")
QCD, SIGNAL = 0, 1

# Of 27 tests that all hold, one in 37 samples has a smallest p below 0.001.
LEAST_P = 0.001


def real(label):
    return {name: values[label == LABEL] for name, values in REFERENCE.items()}


def assert_agree(found, expected):
    p_values = {name: ks_2samp(found[name], expected[name]).pvalue for name in expected}
    assert {name: p for name, p in p_values.items() if p < LEAST_P} == {}


def test_qcd_looks_as_that_of_the_lhc_olympics():
    found = observables(dijets(LHCO_QCD, 500, seed=1, m_jj_min=0))
    # 907 events against 500: means of masses and particle numbers to 3 %, of pt to 0.8 %.
    assert_agree(found, real(QCD))


def test_the_signal_looks_as_that_of_the_lhc_olympics_and_five_per_cent_would_be_noticed():
    found = observables(dijets("xy", 300, seed=1))
    assert_agree(found, real(SIGNAL))
    assert ks_2samp(0.95 * found["m_jj"], real(SIGNAL)["m_jj"]).pvalue < LEAST_P


@pytest.mark.slow
def test_many_events_of_qcd_look_as_those_of_the_lhc_olympics():
    assert_agree(observables(dijets(LHCO_QCD, 3000, seed=2, m_jj_min=0)), real(QCD))
