"""The report of a compressed detector: what it found before and after, what it costs, and which network was taken."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from offshell import recipe as recipes
from offshell.evaluate.separation.tail_survival import Survival
from offshell.report.sections.compression import compression_section
from offshell.run.findings.deployment import collect_compression

FRONT = [
    {"epoch": 9, "beta": 1e-3, "ebops": 3000, "val_loss": 6.0},
    {"epoch": 7, "beta": 1e-4, "ebops": 6000, "val_loss": 4.2},
    {"epoch": 2, "beta": 1e-5, "ebops": 9000, "val_loss": 4.0},
]


def cost(layer, kind, **changes):
    counts = {"n_parameters": 110, "n_weights": 100, "n_nonzero": 100, "n_products": 100, "ebops": 112640.0}
    energies = {"energy_float32": 0.46, "energy_float16": 0.15, "energy": 0.46}
    row = {"layer": layer, "kind": kind, "sparsity": 0.0, "memory_bits": 3520.0, **counts, **energies}
    return row | changes


def efficiency(value, *, few=False):
    low, high = (None, None) if value is None else (value / 2, 2 * value)
    return {"value": value, "low": low, "high": high, "n_background": 0, "few": few}


def metrics(auc):
    tpr = {"1e-1": efficiency(0.3), "1e-2": efficiency(None)}
    return {"top": {"mu2": {"auc": auc, "auc_low": auc - 0.01, "auc_high": auc + 0.01, "tpr": tpr}}}


def rates(tight, loose):
    found = {"0.1 kHz": None, "1 kHz": tight, "10 kHz": loose}
    return {
        "efficiencies": {rate: {"mu2": {"top": efficiency(value, few=True)}} for rate, value in found.items()}
    }


@pytest.fixture
def run(tmp_path):
    """The files of a run of events, and its recipe with the given changes."""
    small = cost("dense", "QDense", n_nonzero=25, ebops=1400.0, memory_bits=150.0, energy=0.0046)
    decoder = cost("dense_1", "Dense")
    files = {
        "compression": {
            "before": [cost("dense", "Dense"), decoder],
            "after": [small, decoder],
            "front": FRONT,
        },
        "metrics": metrics(0.72),
        "metrics-float": metrics(0.75),
        "rates": rates(None, 0.02),
        "rates-float": rates(0.01, 0.03),
    }
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))

    def with_recipe(*changes, name="l1-vae-trigger"):
        return SimpleNamespace(folder=tmp_path, recipe=recipes.load(name, changes=changes))

    return with_recipe


def section(run):
    return compression_section(collect_compression(run))


@pytest.mark.parametrize(("ebops", "epoch"), [("5000", 9), ("8000", 7), ("90000", 2)])
def test_the_network_taken_is_the_best_that_is_small_enough(run, ebops, epoch):
    assert collect_compression(run(f"compress.widths.ebops={ebops}")).chosen == epoch


def test_the_figure_marks_the_network_taken(run):
    (picture,) = section(run("compress.widths.ebops=8000")).pictures
    networks, taken = picture.figure.axes[0].lines
    assert networks.get_xydata().tolist() == [[3000, 6], [6000, 4.2], [9000, 4]]
    assert taken.get_xydata().tolist() == [[6000, 4.2]]


def test_both_detectors_stand_one_below_the_other_with_their_intervals(run):
    quality, _ = section(run()).grids
    assert quality.caption == "AUC, and efficiency at each rate, of mu2 (float), mu2 (compressed)"
    assert quality.columns == ["Signal, detector", "AUC", "at 1 kHz [%]", "at 10 kHz [%]"]
    assert quality.rows == [
        ["top, float", "0.750 [0.740–0.760]", "1.00† [0.50–2.00]", "3.00† [1.50–6.00]"],
        ["top, compressed", "0.720 [0.710–0.730]", "–", "2.00† [1.00–4.00]"],
    ]


def test_jets_are_compared_at_false_positive_rates(run):
    quality, _ = section(run("compress.epochs=1", "evaluate.score=mu2", name="conv-ae")).grids
    assert quality.columns == ["Signal, detector", "AUC", "at FPR 1e-1 [%]"]
    assert quality.rows[1][-1] == "30.0 [15.0–60.0]"


def test_a_score_that_was_not_measured_is_not_compared(run):
    (only,) = section(run("evaluate.score=mu2 + mse")).grids
    assert only.columns[0] == "Layer"


def test_only_quantized_layers_are_counted_beside_float32(run):
    _, costs = section(run()).grids
    numbers = ["110", "75", "1,400", "150", "3,520", "0.0046", "0.46"]
    assert costs.rows == [["dense", *numbers], ["total", *numbers]]


def test_layers_left_in_floating_point_are_named(run):
    remarks = " ".join(section(run()).remarks)
    assert "only training needs them: dense_1." in remarks
    assert "220 parameters in all and took 0.92 nJ" in remarks


def test_without_learned_widths_there_is_no_front(run):
    made = run('compress.widths={kind = "uniform", bits = 6}')
    path = made.folder / "compression.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"front": []}))
    assert section(made).pictures == []
    assert "price of a bit" not in section(made).reading


def test_a_run_that_was_not_compressed_has_nothing_to_show(tmp_path):
    assert collect_compression(SimpleNamespace(folder=tmp_path)) is None


def test_what_survives_in_the_tail_is_shown(run):
    findings = replace(collect_compression(run()), survival={"1e-2": Survival(0.5, 0.4, 0.6, 100, few=False)})
    grids = {grid.caption: grid for grid in compression_section(findings).grids}
    (grid,) = (grid for caption, grid in grids.items() if "as anomalous to the compressed" in caption)
    assert grid.rows == [["survives", "50 [40, 60]"]]
