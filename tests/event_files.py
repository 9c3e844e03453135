"""Toy events, and files of every layout that hold them."""

import awkward as ak
import h5py
import numpy as np
import pyarrow.parquet as pq
import uproot

from offshell.inputs.hardware import encode
from offshell.inputs.objects import CLASSES, KINDS

LEVEL1 = {"met": "L1EtSum", "electrons": "L1EG", "muons": "L1Mu", "jets": "L1Jet"}
NTUPLE = {"met": "sum", "electrons": "eg", "muons": "muon", "jets": "jet"}
COLLECTIONS = {"met": "MET", "electrons": "egammas", "muons": "muons", "jets": "jets"}
PARQUET = {"electrons": "egI", "muons": "muonI", "jets": "jetI"}


def toy_events(n_events, seed=0):
    """Events of a few objects of each kind, ordered by pt, the last one with nothing but MET."""
    rng = np.random.default_rng(seed)
    events = np.zeros((n_events, 19, 4), np.float32)
    for kind, rows in KINDS.items():
        n_rows = rows.stop - rows.start
        n_objects = rng.integers(0, n_rows + 1, n_events) if kind != "met" else np.ones(n_events, int)
        n_objects[-1] = kind == "met"
        present = np.arange(n_rows) < n_objects[:, None]
        softest = rng.uniform(1, 20, (n_events, n_rows)).cumsum(
            axis=1
        )  # no two with the same count of 0.5 GeV
        pt = -np.sort(-np.where(present, softest, 0))
        eta = np.zeros_like(pt) if kind == "met" else rng.uniform(-2.4, 2.4, pt.shape)
        phi = rng.uniform(-np.pi, np.pi, pt.shape)
        objects = np.stack([pt, eta, phi, np.full(pt.shape, CLASSES[kind])], axis=-1)
        events[:, rows] = np.where(present[..., None], objects, 0)
    return events


def momenta(events, kind):
    """pt, eta and phi of the objects of a kind as lists, the softest first."""
    rows = events[:, KINDS[kind]][:, ::-1]
    n_objects = np.count_nonzero(rows[..., 3], axis=1)
    flat = rows[rows[..., 3] > 0]
    return {name: ak.unflatten(flat[:, i], n_objects) for i, name in enumerate(("pt", "eta", "phi"))}


def hdf5(path, events, **attributes):
    with h5py.File(path, "w") as file:
        file["Particles"] = events
        file.attrs.update(attributes)
    return path


def tree(path, name, branches):
    """A ROOT file with one tree of lists and numbers, each list with a counter of its own."""
    types = {key: values.type.content for key, values in branches.items()}
    with uproot.recreate(path) as file:
        file.mktree(name, types).extend(branches)
    return path


def delphes(path, events, muon="Muon", jet="Jet", met="MissingET"):
    names = {"electrons": "Electron", "muons": muon, "jets": jet, "met": met}
    branches = {}
    for kind, name in names.items():
        values = momenta(events, kind)
        branches[f"{name}.{'MET' if kind == 'met' else 'PT'}"] = values["pt"]
        branches[f"{name}.Eta"], branches[f"{name}.Phi"] = values["eta"], values["phi"]
    return tree(path, "Delphes", branches)


def nanoaod(path, events):
    """Electrons alternately as electrons and as photons, each electron as a photon as well."""
    electrons = momenta(events, "electrons")
    is_photon = ak.local_index(electrons["pt"]) % 2 == 1
    branches = {f"Electron_{key}": values[~is_photon] for key, values in electrons.items()}
    branches |= {f"Photon_{key}": values for key, values in electrons.items()}
    branches["Photon_electronIdx"] = ak.values_astype(ak.where(is_photon, -1, 0), np.int16)
    for kind, name in (("muons", "Muon"), ("jets", "Jet")):
        branches |= {f"{name}_{key}": values for key, values in momenta(events, kind).items()}
    met = momenta(events, "met")
    branches |= {f"PuppiMET_{key}": ak.flatten(met[key]) for key in ("pt", "phi")}
    return tree(path, "Events", branches)


def early(values):
    """The objects, each with one of double the number in the bunch crossing before, and the bunch crossings."""
    doubled = ak.concatenate([2 * values, values], axis=1)
    crossing = ak.concatenate([ak.full_like(values, -1), ak.zeros_like(values)], axis=1)
    return doubled, ak.values_astype(crossing, np.int32)


def level1_nanoaod(path, events):
    branches = {}
    for kind, name in LEVEL1.items():
        for key, values in momenta(events, kind).items():
            branches[f"{name}_{key}"], branches[f"{name}_bx"] = early(values)
    branches["L1EtSum_etSumType"] = ak.values_astype(ak.full_like(branches["L1EtSum_bx"], 2), np.int32)
    return tree(path, "Events", branches)


def level1_ntuple(path, events, name="l1UpgradeTree/L1UpgradeTree"):
    """With a total energy beside MET."""
    branches = {}
    for kind, prefix in NTUPLE.items():
        for key, values in momenta(events, kind).items():
            both, crossing = early(values)
            if kind == "met":
                both = ak.concatenate([both, 7 * values], axis=1)
                crossing = ak.concatenate(
                    [crossing, ak.values_astype(ak.zeros_like(values), np.int32)], axis=1
                )
            branches[f"{prefix}{ {'pt': 'Et', 'eta': 'Eta', 'phi': 'Phi'}[key] }"] = both
            branches[f"{prefix}Bx"] = crossing
    missing = ak.local_index(branches["sumBx"]) < 2
    branches["sumType"] = ak.values_astype(ak.where(missing, 2, 0), np.int16)
    return tree(path, name, branches)


def level1_columns(events):
    """The columns of each collection, in hardware units."""
    columns = {}
    for kind, collection in COLLECTIONS.items():
        counts = {key: ak.values_astype(v, np.int16) for key, v in momenta(encode(events), kind).items()}
        if kind == "met":
            columns[collection] = {"Et": counts["pt"], "phi": counts["phi"]}
        else:
            names = {"pt": "Et", "eta": "Eta", "phi": "Phi"}
            columns[collection] = {PARQUET[kind] + names[key]: values for key, values in counts.items()}
    return columns


def write_table(path, columns, rows=1000):
    path.parent.mkdir(parents=True, exist_ok=True)
    table = ak.to_arrow_table(ak.Array(columns), extensionarray=False)
    pq.write_table(table, path, row_group_size=rows)
    return path


def hugging_face(path, events, rows=1000):
    joined = {
        f"{collection}_{name}": values
        for collection, columns in level1_columns(events).items()
        for name, values in columns.items()
    }
    return write_table(path, {**joined, "run": np.full(len(events), 396102, np.uint32)}, rows)


def zenodo(folder, events, rows=1000):
    """Two files for each collection."""
    half = len(events) // 2
    for part, some in enumerate((events[:half], events[half:])):
        for collection, columns in level1_columns(some).items():
            write_table(folder / collection / f"{part:05d}.parquet", columns, rows)
    return folder
