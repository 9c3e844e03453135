"""Which branches of a ROOT tree are which objects.

=========================  ============================  =================  ===============  ===========================
file                       electrons                     muons              jets             MET
=========================  ============================  =================  ===============  ===========================
Delphes                    Electron                      Muon or MuonTight  JetPUPPI or Jet  PuppiMissingET or MissingET
NanoAOD of CMS             Electron, Photon without one  Muon               Jet              PuppiMET, PFMET or MET
NanoAOD, level-1 objects   L1EG                          L1Mu               L1Jet            L1EtSum
level-1 ntuples of CMS     eg                            muon               jet              sum
=========================  ============================  =================  ===============  ===========================

Of several the first that is there is taken; a NanoAOD file with both gives the offline objects. Of level-1 objects
only those of the triggered bunch crossing are taken. There is no identification, isolation or removal of overlaps:
an electron is a jet as well where the file says so, as in ADC2021.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from offshell.errors import InputError

__all__ = ["BranchLayout", "Collection", "known_layout"]

_MISSING_ET = 2  # EtSumType::kMissingEt in DataFormats/L1Trigger/interface/EtSum.h of CMSSW
_TRIGGERED = 0  # bunch crossings are counted from the triggered one
_NO_ELECTRON = -1  # Photon_electronIdx of NanoAOD


@dataclass(frozen=True)
class Collection:
    """The branches of one collection of objects.

    Attributes:
        pt: The branch of pt in GeV.
        eta: The branch of eta; None for MET, which has none.
        phi: The branch of phi in radians.
        required: Branches and the value that an object must have there to be taken.
    """

    pt: str
    eta: str | None
    phi: str
    required: Mapping[str, int] = field(default_factory=dict)

    @property
    def branches(self) -> frozenset[str]:
        """Every branch that is needed."""
        return frozenset({self.pt, self.phi, *self.required} | ({self.eta} if self.eta else set()))


@dataclass(frozen=True)
class BranchLayout:
    """What one kind of tree is called, and its collections for each kind of object."""

    name: str
    collections: Mapping[str, list[Collection]]


def known_layout(tree: str, branches: frozenset[str], *, source: str) -> BranchLayout:
    """Returns the layout of a tree.

    Args:
        tree: The name of the tree: "Delphes", "Events" or that of a level-1 ntuple.
        branches: The names of its branches.
        source: What an error names, for example the file.

    Raises:
        InputError: If a branch is missing.
    """
    layout = _layout(tree, branches)
    collections = [collection for kind in layout.collections.values() for collection in kind]
    missing = sorted(set().union(*(collection.branches for collection in collections)) - branches)
    if missing:
        raise InputError(
            f"{source}: missing branches. Expected: those of {layout.name}. Received: a tree {tree} without "
            f"{', '.join(missing[:3])}."
        )
    return layout


def _layout(tree: str, branches: frozenset[str]) -> BranchLayout:
    if tree == "Delphes":
        return _delphes(branches)
    if tree != "Events":
        return _level1_ntuple(tree)
    if "L1EG_pt" in branches and "Electron_pt" not in branches:
        return _level1_nanoaod()
    return _nanoaod(branches)


def _delphes(branches: frozenset[str]) -> BranchLayout:
    muon = _first(branches, ["Muon", "MuonTight"], ".PT")
    jet = _first(branches, ["JetPUPPI", "Jet"], ".PT")
    met = _first(branches, ["PuppiMissingET", "MissingET"], ".MET")
    kinds = {"electrons": "Electron", "muons": muon, "jets": jet}
    collections = {kind: [Collection(f"{c}.PT", f"{c}.Eta", f"{c}.Phi")] for kind, c in kinds.items()}
    collections["met"] = [Collection(f"{met}.MET", None, f"{met}.Phi")]
    return BranchLayout(f"Delphes (Electron, {muon}, {jet}, {met})", collections)


def _nanoaod(branches: frozenset[str]) -> BranchLayout:
    met = _first(branches, ["PuppiMET", "PFMET", "MET"], "_pt")
    kinds = {"electrons": "Electron", "muons": "Muon", "jets": "Jet"}
    collections = {kind: [Collection(f"{c}_pt", f"{c}_eta", f"{c}_phi")] for kind, c in kinds.items()}
    collections["met"] = [Collection(f"{met}_pt", None, f"{met}_phi")]
    unmatched = {"Photon_electronIdx": _NO_ELECTRON}
    collections["electrons"].append(Collection("Photon_pt", "Photon_eta", "Photon_phi", unmatched))
    return BranchLayout(f"NanoAOD (Electron, Photon, Muon, Jet, {met})", collections)


def _level1_nanoaod() -> BranchLayout:
    kinds = {"met": "L1EtSum", "electrons": "L1EG", "muons": "L1Mu", "jets": "L1Jet"}
    names = ("_pt", "_eta", "_phi", "_bx", "_etSumType")
    return BranchLayout("NanoAOD (L1EG, L1Mu, L1Jet, L1EtSum)", _level1_collections(kinds, names))


def _level1_ntuple(tree: str) -> BranchLayout:
    kinds = {"met": "sum", "electrons": "eg", "muons": "muon", "jets": "jet"}
    names = ("Et", "Eta", "Phi", "Bx", "Type")
    return BranchLayout(f"level-1 ntuple ({tree.partition('/')[0]})", _level1_collections(kinds, names))


def _level1_collections(kinds: dict[str, str], names: tuple[str, ...]) -> dict[str, list[Collection]]:
    """The collections of each kind, from how the branches begin and how pt, eta, phi, crossing and type end."""
    pt, eta, phi, crossing, type_ = names
    met = kinds["met"]
    collections = {
        kind: [Collection(c + pt, c + eta, c + phi, {c + crossing: _TRIGGERED})]
        for kind, c in kinds.items()
        if kind != "met"
    }
    missing_et = {met + crossing: _TRIGGERED, met + type_: _MISSING_ET}
    collections["met"] = [Collection(met + pt, None, met + phi, missing_et)]
    return collections


def _first(branches: frozenset[str], names: list[str], suffix: str) -> str:
    return next((name for name in names if name + suffix in branches), names[-1])
