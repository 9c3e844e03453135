"""Writes the FPND that jetnet finds for toy_clouds.py: python make_jetnet_fpnd.py, in an environment of its own.

    pip install torch torch_geometric numba scipy awkward h5py && pip install --no-deps jetnet==0.2.5
    pip install --no-build-isolation torch_cluster    # compiled for this version of PyTorch

jetnet also imports coffea and energyflow, which FPND does not use (and whose package wasserstein needs numpy 1): here
empty modules stand for them.
"""

import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from unittest.mock import MagicMock

for absent in ("coffea", "coffea.nanoevents", "coffea.nanoevents.methods", "energyflow", "energyflow.emd"):
    sys.modules[absent] = MagicMock()

import torch
from jetnet.datasets import JetNet
from jetnet.evaluation import gen_metrics

sys.path.append(str(Path(__file__).parents[1]))
from toy_clouds import toy_clouds

N_JETS = 400


def main():
    warnings.simplefilter("ignore")
    jets = toy_clouds(N_JETS, seed=1, particles=30)[..., :3].astype("float32")
    found = {
        "about": "jetnet on toy_clouds(400, seed=1, particles=30); make_jetnet_fpnd.py",
        "versions": {name: version(name) for name in ("jetnet", "torch", "torch_geometric", "numpy")},
        "sum_of_clouds": float(jets.sum()),
        "fpnd": {kind: float(gen_metrics.fpnd(jets, kind, use_tqdm=False)) for kind in "gqt"},
        "activations": activations(jets[:3]),
    }
    Path(__file__).with_name("jetnet_fpnd.json").write_text(json.dumps(found, indent=1) + "\n")


def activations(jets):
    network = gen_metrics.fpnd_dict["jetnet"][30]["g"]["pnet"]
    return network(JetNet.fpnd_norm(torch.tensor(jets)), ret_activations=True).detach().tolist()


if __name__ == "__main__":
    main()
