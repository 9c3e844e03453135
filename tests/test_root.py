"""ROOT files: which branches are taken, and what is said when some are missing."""

import awkward as ak
import numpy as np
import pytest
import uproot
from event_files import delphes, level1_nanoaod, level1_ntuple, momenta, nanoaod, toy_events, tree

from offshell.errors import InputError
from offshell.io.events.layouts import open_events
from offshell.io.events.reading import describe_events, read_events
from offshell.settings.collections import Collections


@pytest.fixture(scope="module")
def events():
    return toy_events(20)


def branches_of(path, name):
    with uproot.open(path) as file:
        return {key: file[name][key].array() for key in file[name].keys() if not key.startswith("n")}  # noqa: SIM118


def test_delphes_prefers_puppi_and_says_what_it_took(tmp_path, events):
    names = {"muon": "MuonTight", "jet": "JetPUPPI", "met": "PuppiMissingET"}
    plain = branches_of(delphes(tmp_path / "plain.root", toy_events(20, seed=9)), "Delphes")
    puppi = branches_of(delphes(tmp_path / "puppi.root", events, **names), "Delphes")
    both = {key: values for key, values in plain.items() if not key.startswith("Muon")} | puppi
    path = tree(tmp_path / "both.root", "Delphes", both)
    np.testing.assert_array_equal(read_events(path), events)
    assert describe_events(path).layout == "Delphes (Electron, MuonTight, JetPUPPI, PuppiMissingET)"


@pytest.mark.parametrize("met", ["MET", "PFMET"])
def test_nanoaod_without_puppi_met(tmp_path, events, met):
    branches = branches_of(nanoaod(tmp_path / "puppi.root", events), "Events")
    renamed = {key.replace("PuppiMET", met): values for key, values in branches.items()}
    path = tree(tmp_path / "met.root", "Events", renamed)
    np.testing.assert_array_equal(read_events(path), events)
    assert describe_events(path).layout.endswith(f"{met})")


def test_what_the_trigger_sent_comes_before_its_emulator(tmp_path, events):
    sent = branches_of(level1_ntuple(tmp_path / "sent.root", events, name="sent"), "sent")
    emulated = branches_of(
        level1_ntuple(tmp_path / "other.root", toy_events(20, seed=9), name="other"), "other"
    )
    path = tmp_path / "both.root"
    with uproot.recreate(path) as file:
        for name, branches in (("l1UpgradeEmuTree", emulated), ("l1UpgradeTree", sent)):
            types = {key: values.type.content for key, values in branches.items()}
            file.mktree(f"{name}/L1UpgradeTree", types).extend(branches)
    np.testing.assert_array_equal(read_events(path), events)
    assert describe_events(path).layout == "level-1 ntuple (l1UpgradeTree)"


def test_more_objects_than_rows_are_cut_by_pt(tmp_path):
    pt = ak.Array([list(range(1, 31)), [5.0]])
    ones = ak.ones_like(pt)
    branches = {"MissingET.MET": ones[:, :1], "MissingET.Phi": ones[:, :1]}
    for name in ("Electron", "Muon", "Jet"):
        branches |= {f"{name}.PT": ak.values_astype(pt, float), f"{name}.Eta": ones, f"{name}.Phi": pt / 100}
    received = read_events(tree(tmp_path / "many.root", "Delphes", branches))
    assert received[0, 9:, 0].tolist() == list(range(30, 20, -1))
    np.testing.assert_allclose(received[0, 9:, 2], np.arange(30, 20, -1) / 100, rtol=1e-6)
    assert received[0, 1:5, 0].tolist() == received[0, 5:9, 0].tolist() == [30, 29, 28, 27]
    assert np.count_nonzero(received[1, :, 0]) == 4


def refusal(path):
    with pytest.raises(InputError) as refused:
        read_events(path)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("write", "name", "missing"),
    [
        (delphes, "Delphes", "Jet.Eta"),
        (delphes, "Delphes", "MissingET.Phi"),
        (nanoaod, "Events", "Photon_electronIdx"),
        (nanoaod, "Events", "PuppiMET_pt"),
        (level1_ntuple, "l1UpgradeTree/L1UpgradeTree", "sumType"),
    ],
)
def test_a_missing_branch_is_named(tmp_path, events, write, name, missing):
    branches = branches_of(write(tmp_path / "whole.root", events), name)
    del branches[missing]
    message = refusal(tree(tmp_path / "part.root", name, branches))
    assert "missing branches" in message
    assert missing.replace("PuppiMET", "MET") in message


def test_a_file_of_another_tree_says_what_it_holds(tmp_path):
    path = tree(tmp_path / "other.root", "nominal", {"el_pt": ak.Array([[1.0]])})
    assert "no known tree" in refusal(path)
    assert "Received: nominal" in refusal(path)


@pytest.mark.parametrize("branch", ["Jet.PT", "Jet.Eta", "Electron.Phi"])
def test_a_number_that_is_none_is_found_also_beyond_the_rows(tmp_path, branch):
    values = {key: [*range(1, 31)] for key in ("PT", "Eta", "Phi")}
    branches = {"MissingET.MET": [[1.0]], "MissingET.Phi": [[1.0]]}
    for name in ("Electron", "Muon", "Jet"):
        branches |= {f"{name}.{key}": [np.array(numbers) / 10] for key, numbers in values.items()}
    branches[branch] = [np.where(np.arange(30) == 0, np.nan, branches[branch][0])]
    path = tree(tmp_path / "nan.root", "Delphes", {key: ak.Array(array) for key, array in branches.items()})
    assert "NaN or inf among the" in refusal(path)


def test_unequal_numbers_of_pt_and_eta(tmp_path, events):
    branches = branches_of(delphes(tmp_path / "whole.root", events), "Delphes")
    branches["Jet.Eta"] = momenta(toy_events(20, seed=9), "jets")["eta"]
    assert "damaged" in refusal(tree(tmp_path / "part.root", "Delphes", branches))


def test_phi_of_met_is_checked_too(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "whole.root", events), "Events")
    branches["PuppiMET_phi"] = branches["PuppiMET_phi"] + 7
    assert "Received: event 2, MET with" in refusal(tree(tmp_path / "part.root", "Events", branches))


def records(path, name, branches):
    """The same branches in an RNTuple, those of one collection as a list of records, as uproot writes what `ak.zip` gives."""
    collections = {key.partition("_")[0] for key, values in branches.items() if values.ndim > 1}
    zipped = {
        collection: ak.zip(
            {
                key.partition("_")[2]: values
                for key, values in branches.items()
                if key.startswith(f"{collection}_")
            }
        )
        for collection in collections
    }
    flat = {key: values for key, values in branches.items() if values.ndim == 1}
    with uproot.recreate(path) as file:
        file.mkrntuple(name, zipped | flat)
    return path


def test_records_of_an_ntuple_are_collections(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "tree.root", events), "Events")
    path = records(tmp_path / "records.root", "Events", branches)
    np.testing.assert_array_equal(read_events(path), events)
    assert describe_events(path).layout == "NanoAOD (Electron, Photon, Muon, Jet, PuppiMET)"


def test_a_tree_in_a_folder_is_found(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "plain.root", events), "Events")
    path = tree(tmp_path / "folder.root", "aod2nanoaod/Events", branches)
    np.testing.assert_array_equal(read_events(path), events)


def test_of_two_trees_in_folders_none_is_chosen(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "plain.root", events), "Events")
    types = {key: values.type.content for key, values in branches.items()}
    with uproot.recreate(tmp_path / "two.root") as file:
        file.mktree("a/Events", types).extend(branches)
        file.mktree("b/Events", types).extend(branches)
    with pytest.raises(InputError, match=r"Received: a/Events, b/Events\."):
        read_events(tmp_path / "two.root")


# Which objects, where there is a choice


@pytest.fixture(scope="module")
def both(tmp_path_factory, events):
    """NanoAOD with offline objects of one sample and level-1 objects, sent and emulated, of two others."""
    folder = tmp_path_factory.mktemp("both")
    branches = branches_of(nanoaod(folder / "offline.root", events), "Events")
    level1 = branches_of(level1_nanoaod(folder / "level1.root", toy_events(20, seed=7)), "Events")
    emulated = branches_of(level1_nanoaod(folder / "emulated.root", toy_events(20, seed=8)), "Events")
    emulated = {key.replace("L1", "L1Emul"): values for key, values in emulated.items()}
    return tree(folder / "both.root", "Events", branches | level1 | emulated)


@pytest.mark.parametrize(
    ("chosen", "seed", "layout"),
    [
        ({}, 0, "NanoAOD (Electron, Photon, Muon, Jet, PuppiMET)"),
        ({"level": "offline"}, 0, "NanoAOD (Electron, Photon, Muon, Jet, PuppiMET)"),
        ({"level": "level1"}, 7, "NanoAOD (L1EG, L1Mu, L1Jet, L1EtSum)"),
        ({"level": "level1", "emulated": True}, 8, "NanoAOD (L1EmulEG, L1EmulMu, L1EmulJet, L1EmulEtSum)"),
    ],
    ids=str,
)
def test_level1_and_offline_objects_of_one_file_are_chosen(both, chosen, seed, layout):
    collections = Collections(**chosen)
    np.testing.assert_array_equal(read_events(both, collections=collections), toy_events(20, seed=seed))
    assert describe_events(both, collections=collections).layout == layout


def test_another_bunch_crossing_gives_its_objects(both):
    # `early` gives each object another of double the number, in the crossing before.
    with open_events(both, collections=Collections(level="level1", crossing=-1)) as file:
        (early,) = file.chunks(0, 20)
    np.testing.assert_array_equal(early[:, 0, 0], 2 * toy_events(20, seed=7)[:, 0, 0])
    assert file.source.layout == "NanoAOD (L1EG, L1Mu, L1Jet, L1EtSum, crossing -1)"


def test_the_emulator_of_a_ntuple_is_chosen(tmp_path, events):
    path = level1_ntuple(tmp_path / "emulated.root", events, name="l1UpgradeEmuTree/L1UpgradeTree")
    np.testing.assert_array_equal(read_events(path), events)
    np.testing.assert_array_equal(read_events(path, collections=Collections(emulated=True)), events)
    sent = level1_ntuple(tmp_path / "sent.root", events)
    with pytest.raises(InputError, match="no known tree"):
        read_events(sent, collections=Collections(emulated=True))


def test_which_met_is_a_choice(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "plain.root", events), "Events")
    branches |= {f"PFMET_{key}": branches[f"PuppiMET_{key}"] / 2 for key in ("pt", "phi")}
    path = tree(tmp_path / "two.root", "Events", branches)
    received = read_events(path, collections=Collections(met="PFMET"))
    np.testing.assert_array_equal(received[:, 0, 0], events[:, 0, 0] / 2)
    with pytest.raises(InputError, match=r"Expected: those of NanoAOD \(.*RawMET\)"):
        read_events(path, collections=Collections(met="RawMET"))
    with pytest.raises(InputError, match=r"MissingEt, MissingHt, MissingEtHF\. Received: PFMET"):
        read_events(path, collections=Collections(level="level1", met="PFMET"))


def test_a_collection_that_is_missing_is_empty_if_that_is_asked_for(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "plain.root", events), "Events")
    muons = {key: values for key, values in branches.items() if key.startswith(("Muon", "PuppiMET"))}
    path = tree(tmp_path / "muons.root", "Events", muons)
    with pytest.raises(InputError, match=r"samples\.collections\.missing = empty"):
        read_events(path)
    received = read_events(path, collections=Collections(missing="empty"))
    expected = events.copy()
    expected[:, 1:5] = expected[:, 9:] = 0
    np.testing.assert_array_equal(received, expected)
    layout = describe_events(path, collections=Collections(missing="empty")).layout
    assert layout.endswith("without electrons, jets")


def test_a_part_of_a_collection_is_never_enough(tmp_path, events):
    branches = branches_of(nanoaod(tmp_path / "plain.root", events), "Events")
    del branches["Muon_eta"]
    path = tree(tmp_path / "part.root", "Events", branches)
    with pytest.raises(InputError, match="without Muon_eta"):
        read_events(path, collections=Collections(missing="empty"))
