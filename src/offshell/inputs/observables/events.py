"""Twenty-four observables of a trigger event in which unusual events stand out more than in the 57 numbers of its objects."""

import numpy as np
from jaxtyping import Float, Integer

from offshell.inputs.momenta import masses
from offshell.inputs.objects import ELECTRONS, JETS, MET, MUONS, checked

__all__ = ["TRIGGER", "of_events"]

TRIGGER = (
    "n_electrons",
    "n_muons",
    "n_jets",
    "n_leptons",
    "electron_pt_sum",
    "muon_pt_sum",
    "ht",
    "pt_sum",
    "lepton_pt_1",
    "lepton_pt_2",
    "lepton_pt_3",
    "lepton_pt_4",
    "met",
    "transverse_mass",
    "lepton_mass",
    "jet_mass",
    "total_mass",
    "lepton_abs_eta",
    "lepton_jet_distance",
    "far_jet_pt_sum",
    "n_far_jets",
    "far_jet_pt_1",
    "far_jet_pt_2",
    "recoil_pt",
)
"""The columns of `of_events`."""

_LEPTONS = slice(ELECTRONS.start, MUONS.stop)
_N_LEPTONS = 4  # of which the pT stand alone
_CLOSE = 0.4  # in eta and phi: an electron is reconstructed as a jet, too
_NOWHERE = 6.0  # farther than any two objects are

Objects = Float[np.ndarray, "n objects"]
PerEvent = Float[np.ndarray, " n"]


def of_events(events: Float[np.ndarray, "n 19 4"]) -> Float[np.ndarray, "n 24"]:
    r"""Returns the `TRIGGER` observables of each event; momenta and masses as $\log(1 + x / \mathrm{GeV})$.

    - numbers of electrons (and photons), muons, jets and leptons, which are electrons and muons;
    - sums of pT of each kind and of all three, the pT of the four leading leptons, and `met`;
    - `transverse_mass` of the leading lepton and the missing momentum, $\sqrt{2 p_T E_T (1 - \cos \Delta\phi)}$;
    - invariant masses of all leptons, all jets, and of both with the missing momentum (at eta = 0), all massless;
    - of the leading lepton $|\eta|$ and the distance to the nearest jet, $\sqrt{\Delta\eta^2 + \Delta\phi^2}$, at most 6, which also
      stands for no jet;
    - of the jets farther than 0.4 from it the sum of pT, the number and the two leading pT;
    - `recoil_pt`: of the vector sum of the leptons and these jets.

    What an event does not have is zero; without a lepton all jets are far. In these coordinates the distance to ordinary events finds more than in the
    57 numbers of the objects, because what has to be combined there is combined here.

    Args:
        events: `pt, eta, phi, class` of 19 objects, zero-padded, in GeV and radians.

    Returns:
        float32, one column for each name.

    Raises:
        InputError: If `events` has another shape or type, or holds NaN or infinite numbers.
    """
    pt, eta, phi = np.moveaxis(checked(events)[..., :3].astype(np.float64), -1, 0)
    momenta = _massless(pt, eta, phi)
    columns = (
        *((pt[:, kind] > 0).sum(axis=1) for kind in (ELECTRONS, MUONS, JETS, _LEPTONS)),
        *_momenta(pt),
        np.log1p(_transverse_mass(pt, phi)),
        *(np.log1p(masses(momenta[:, part].sum(axis=1))) for part in (_LEPTONS, JETS, slice(None))),
        *_around_the_leading_lepton(pt, eta, phi, momenta),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _momenta(pt: Objects) -> list[PerEvent]:
    """Sums of pT by kind and of all, those of the leading leptons, and the missing one, on the logarithmic scale."""
    sums = [pt[:, kind].sum(axis=1) for kind in (ELECTRONS, MUONS, JETS)]
    leading = _falling(pt[:, _LEPTONS])[:, :_N_LEPTONS]
    return [np.log1p(values) for values in (*sums, sum(sums), *leading.T, pt[:, MET.start])]


def _transverse_mass(pt: Objects, phi: Objects) -> PerEvent:
    rows, first = _leading_lepton(pt)
    turn = phi[rows, first] - phi[:, MET.start]
    mass: PerEvent = np.sqrt(2 * pt[rows, first] * pt[:, MET.start] * (1 - np.cos(turn)))
    return mass


def _around_the_leading_lepton(
    pt: Objects, eta: Objects, phi: Objects, momenta: Float[np.ndarray, "n objects 4"]
) -> list[PerEvent]:
    rows, first = _leading_lepton(pt)
    lepton, present = pt[rows, first] > 0, pt[:, JETS] > 0
    distance = _distances(eta, phi, rows, first)
    nearest = np.where(present, distance, _NOWHERE).min(axis=1).clip(max=_NOWHERE)
    far = present & ((distance > _CLOSE) | ~lepton[:, None])
    far_pt = _falling(np.where(far, pt[:, JETS], 0.0))
    recoil = (momenta[:, _LEPTONS, 1:3].sum(axis=1) + (momenta[:, JETS, 1:3] * far[..., None]).sum(axis=1)).T
    return [
        np.where(lepton, np.abs(eta[rows, first]), 0.0),
        np.where(lepton, nearest, 0.0),
        np.log1p(far_pt.sum(axis=1)),
        far.sum(axis=1),
        *np.log1p(far_pt[:, :2]).T,
        np.log1p(np.hypot(*recoil)),
    ]


def _leading_lepton(pt: Objects) -> tuple[Integer[np.ndarray, " n"], Integer[np.ndarray, " n"]]:
    """The row of each event, and the one of its leading lepton."""
    return np.arange(len(pt)), _LEPTONS.start + pt[:, _LEPTONS].argmax(axis=1)


def _falling(pt: Objects) -> Objects:
    return -np.sort(-pt, axis=1)


def _distances(
    eta: Objects, phi: Objects, rows: Integer[np.ndarray, " n"], first: Integer[np.ndarray, " n"]
) -> Float[np.ndarray, "n jets"]:
    turn = (phi[:, JETS] - phi[rows, first][:, None] + np.pi) % (2 * np.pi) - np.pi
    distance: Float[np.ndarray, "n jets"] = np.hypot(eta[:, JETS] - eta[rows, first][:, None], turn)
    return distance


def _massless(pt: Objects, eta: Objects, phi: Objects) -> Float[np.ndarray, "n objects 4"]:
    """Energies and momenta; the missing momentum has no longitudinal part, whatever stands for its eta."""
    eta = eta.copy()
    eta[:, MET] = 0.0
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)
