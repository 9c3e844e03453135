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
only those of the triggered bunch crossing are taken. `offshell.settings.collections.Collections` chooses otherwise. There is no identification, isolation or removal of overlaps:
an electron is a jet as well where the file says so, as in ADC2021.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from offshell.errors import InputError
from offshell.settings.collections import Collections

__all__ = ["BranchLayout", "Collection", "known_layout"]

# EtSumType in DataFormats/L1Trigger/interface/EtSum.h of CMSSW
_LEVEL1_MET = {"MissingEt": 2, "MissingHt": 3, "MissingEtHF": 8}
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

    def without(self, missing: frozenset[str]) -> "BranchLayout":
        """The same without the collections that are missing as a whole."""
        kept = {
            kind: [one for one in collections if not one.branches <= missing]
            for kind, collections in self.collections.items()
        }
        empty = [kind for kind, collections in kept.items() if not collections]
        return BranchLayout(f"{self.name}, without {', '.join(empty)}" if empty else self.name, kept)

    @property
    def branches(self) -> frozenset[str]:
        """Every branch that is needed."""
        collections = [one for collections in self.collections.values() for one in collections]
        return frozenset().union(*(collection.branches for collection in collections))


def known_layout(
    tree: str, branches: frozenset[str], *, source: str, chosen: Collections | None = None
) -> BranchLayout:
    """Returns the layout of a tree.

    Args:
        tree: The name of the tree: "Delphes", "Events" or that of a level-1 ntuple.
        branches: The names of its branches.
        source: What an error names, for example the file.
        chosen: Which objects are taken, where there is a choice.

    Raises:
        InputError: If a branch is missing, or what is chosen is not there.
    """
    chosen = chosen or Collections()
    layout = _layout(tree, branches, chosen)
    if chosen.missing == "empty":
        layout = layout.without(layout.branches - branches)
    missing = sorted(layout.branches - branches)
    if missing or not layout.branches:
        raise InputError(
            f"{source}: missing branches. Expected: those of {layout.name}; samples.collections.missing = empty reads a file "
            f"without a whole collection. Received: a tree {tree} without {', '.join(missing[:3]) or 'any of them'}."
        )
    return layout


def _layout(tree: str, branches: frozenset[str], chosen: Collections) -> BranchLayout:
    if tree == "Delphes":
        return _delphes(branches, chosen)
    if tree != "Events":
        return _level1_ntuple(tree, chosen)
    offline = "Electron_pt" in branches or not any(name.startswith("L1") for name in branches)
    if chosen.level == "level1" or (chosen.level is None and not offline):
        return _level1_nanoaod(chosen)
    return _nanoaod(branches, chosen)


def _delphes(branches: frozenset[str], chosen: Collections) -> BranchLayout:
    muon = _first(branches, ["Muon", "MuonTight"], ".PT")
    jet = _first(branches, ["JetPUPPI", "Jet"], ".PT")
    met = chosen.met or _first(branches, ["PuppiMissingET", "MissingET"], ".MET")
    kinds = {"electrons": "Electron", "muons": muon, "jets": jet}
    collections = {kind: [Collection(f"{c}.PT", f"{c}.Eta", f"{c}.Phi")] for kind, c in kinds.items()}
    collections["met"] = [Collection(f"{met}.MET", None, f"{met}.Phi")]
    return BranchLayout(f"Delphes (Electron, {muon}, {jet}, {met})", collections)


def _nanoaod(branches: frozenset[str], chosen: Collections) -> BranchLayout:
    met = chosen.met or _first(branches, ["PuppiMET", "PFMET", "MET"], "_pt")
    kinds = {"electrons": "Electron", "muons": "Muon", "jets": "Jet"}
    collections = {kind: [Collection(f"{c}_pt", f"{c}_eta", f"{c}_phi")] for kind, c in kinds.items()}
    collections["met"] = [Collection(f"{met}_pt", None, f"{met}_phi")]
    unmatched = {"Photon_electronIdx": _NO_ELECTRON}
    collections["electrons"].append(Collection("Photon_pt", "Photon_eta", "Photon_phi", unmatched))
    return BranchLayout(f"NanoAOD (Electron, Photon, Muon, Jet, {met})", collections)


def _level1_nanoaod(chosen: Collections) -> BranchLayout:
    level1 = "L1Emul" if chosen.emulated else "L1"
    kinds = {
        "met": f"{level1}EtSum",
        "electrons": f"{level1}EG",
        "muons": f"{level1}Mu",
        "jets": f"{level1}Jet",
    }
    names = ("_pt", "_eta", "_phi", "_bx", "_etSumType")
    said = ", ".join([*list(kinds.values())[1:], kinds["met"]]) + _chosen(chosen)
    return BranchLayout(f"NanoAOD ({said})", _level1_collections(kinds, names, chosen))


def _level1_ntuple(tree: str, chosen: Collections) -> BranchLayout:
    kinds = {"met": "sum", "electrons": "eg", "muons": "muon", "jets": "jet"}
    names = ("Et", "Eta", "Phi", "Bx", "Type")
    said = tree.partition("/")[0] + _chosen(chosen)
    return BranchLayout(f"level-1 ntuple ({said})", _level1_collections(kinds, names, chosen))


def _chosen(chosen: Collections) -> str:
    """What is other than usual with level-1 objects, to be stated beside every result."""
    crossing = f", crossing {chosen.crossing:+d}" if chosen.crossing else ""
    return crossing + (f", {chosen.met}" if chosen.met else "")


def _level1_collections(
    kinds: dict[str, str], names: tuple[str, ...], chosen: Collections
) -> dict[str, list[Collection]]:
    """The collections of each kind, from how the branches begin and how pt, eta, phi, crossing and type end."""
    pt, eta, phi, crossing, type_ = names
    met = kinds["met"]
    collections = {
        kind: [Collection(c + pt, c + eta, c + phi, {c + crossing: chosen.crossing})]
        for kind, c in kinds.items()
        if kind != "met"
    }
    missing_et = {met + crossing: chosen.crossing, met + type_: _type_of_sum(chosen.met)}
    collections["met"] = [Collection(met + pt, None, met + phi, missing_et)]
    return collections


def _type_of_sum(met: str | None) -> int:
    met = met or "MissingEt"
    if met not in _LEVEL1_MET:
        raise InputError(
            f"Unknown level-1 sum. Expected: samples.collections.met = {', '.join(_LEVEL1_MET)}. Received: {met}."
        )
    return _LEVEL1_MET[met]


def _first(branches: frozenset[str], names: list[str], suffix: str) -> str:
    return next((name for name in names if name + suffix in branches), names[-1])
