"""Writes what jetnet says of the clouds of toy_clouds.py: python make_jetnet_metrics.py, in an environment of its own.

    uv pip install 'jetnet==0.2.5' 'numpy<2' 'pyarrow<20' 'setuptools<81'    # the package wasserstein needs numpy 1

jetnet draws jets anew from a global generator. Here each draw takes the jets as they are, once, so that the numbers
are those of its formulas; fpd and kpd take a seed and are called as they are.
"""

import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
from jetnet import utils
from jetnet.evaluation import gen_metrics

sys.path.append(str(Path(__file__).parents[1]))
from toy_clouds import toy_clouds

N_JETS = 400
SEED = 42


class AsTheyAre:
    """A generator that draws each jet once."""

    @staticmethod
    def choice(n, size):
        return np.arange(n)[:size]


def once(metric, *samples, **options):
    gen_metrics.rng = AsTheyAre()
    return metric(*samples, num_batches=1, num_eval_samples=N_JETS, **options)


def main():
    warnings.simplefilter("ignore")
    clouds = toy_clouds(N_JETS, seed=1), toy_clouds(N_JETS, seed=2, width=0.18)
    features = [jets[..., :3] for jets in clouds]
    masks = [jets[..., 3] > 0 for jets in clouds]
    polynomials = [gen_metrics.get_fpd_kpd_jet_features(jets, efp_jobs=1) for jets in features]
    fpd, _ = gen_metrics.fpd(*polynomials, min_samples=int(0.4 * N_JETS), max_samples=N_JETS, seed=SEED)
    kpd, kpd_error = gen_metrics.kpd(*polynomials, batch_size=N_JETS // 2, seed=SEED)
    scaled = gen_metrics._normalise_features(*polynomials)
    gen_metrics.rng = AsTheyAre()
    coverage, mmd = gen_metrics.cov_mmd(
        *(jets[:40] for jets in features), num_batches=1, num_eval_samples=40, use_tqdm=False
    )
    found = {
        "about": "jetnet on toy_clouds(400, seed=1) and toy_clouds(400, seed=2, width=0.18); make_jetnet_metrics.py",
        "versions": {name: version(name) for name in ("jetnet", "energyflow", "numpy", "scipy")},
        "sum_of_clouds": [float(jets.sum()) for jets in clouds],
        "mass": utils.jet_features(features[0])["mass"][:5].tolist(),
        "polynomials": polynomials[0][:3].tolist(),
        "w1m": float(once(gen_metrics.w1m, *features)[0]),
        "w1p": once(gen_metrics.w1p, *features, mask1=masks[0], mask2=masks[1])[0].tolist(),
        "w1efp": once(gen_metrics.w1efp, *features, efp_jobs=1)[0].tolist(),
        "fpd": float(fpd),
        "frechet_distance": float(
            gen_metrics._calculate_frechet_distance(
                *(f(x) for x in scaled for f in (lambda x: x.mean(axis=0), lambda x: np.cov(x, rowvar=False)))
            )
        ),
        "kpd": [float(kpd), float(kpd_error)],
        "squared_discrepancy": float(gen_metrics._mmd_poly_quadratic_unbiased(*scaled)),
        "coverage_of_40": float(coverage),
        "mmd_of_40": float(mmd),
    }
    Path(__file__).with_name("jetnet_metrics.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
