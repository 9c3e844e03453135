"""The report of a design: the facts, the proof, the resources, where numbers saturate."""

from types import SimpleNamespace

import measured_design
import numpy as np
import pytest

from offshell import recipe as recipes
from offshell.io.score_files import write_scores
from offshell.report import html
from offshell.report.findings.run import Findings
from offshell.report.sections.firmware import firmware_sections
from offshell.report.sections.resources import resources_section, saturation_section
from offshell.run.findings.deployment import collect_firmware

RATES = {"rate_hz": 1e5, "input_rate_hz": 1e6}


def make_run(folder, **changes):
    """A run with a design, and 1,000 background events with the scores 0, 1, ... of the float detector."""
    measured_design.write(folder / "firmware", of=measured_design.about(**(RATES | changes)))
    samples = {"background": np.arange(1000.0), "a-4l": np.array([0.0, 899.0, 900.0, 2000.0])}
    write_scores(folder / "scores-float.h5", ((name, {"mu2": x, "mse": -x}) for name, x in samples.items()))
    return SimpleNamespace(
        folder=folder, recipe=recipes.load("l1-vae-trigger"), background="background", scores={}
    )


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    return collect_firmware(make_run(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def grids(findings):
    return {grid.caption: grid for section in firmware_sections(findings) for grid in section.grids}


def test_a_run_without_a_design_has_nothing_to_show(tmp_path):
    assert collect_firmware(SimpleNamespace(folder=tmp_path)) is None


def test_sections_follow_the_way_of_a_design(findings):
    assert [section.name for section in firmware_sections(findings)] == [
        "firmware",
        "proof",
        "resources",
        "saturation",
    ]


def test_the_float_detector_is_measured_at_the_same_rate(findings):
    point = findings.points["float"]
    assert point.background.n_background == 100
    assert point.background.rate_hz == pytest.approx(1e6 * 101 / 1001)
    assert point.signals["a-4l"].value == 0.5


def test_a_student_is_compared_with_its_teacher(tmp_path):
    point = collect_firmware(make_run(tmp_path, score="student")).points["float"]
    assert point.signals["a-4l"].value == 0.5


def test_a_rate_below_that_of_one_event_is_extrapolated(tmp_path):
    point = collect_firmware(make_run(tmp_path, rate_hz=500.0)).points["float"]
    assert point.background.method == "generalized Pareto tail"


def test_float_and_firmware_stand_side_by_side(grids):
    grid = grids["What passes the trigger bit"]
    assert grid.columns == ["Sample", "float", "firmware"]
    background, signal = grid.rows
    assert background[-1] == "9.06 [5.45–14.1]"
    assert signal == ["a-4l [%]", "50 [0.052–1e+02]", "0.675 [0.44–0.98]"]


def test_the_proof_counts_vectors_by_way_and_by_origin(grids):
    assert grids["Agreement"].rows[-1] == ["The Verilog test bench", "3,031"]
    assert grids["Where the vectors come from"].rows == [["background", "60,000"], ["random", "41,767"]]


def test_what_the_vectors_reach_is_a_share_of_what_lies_between(grids):
    (row,) = grids["What the vectors reach in the outputs of the network, in steps of their format"].rows
    assert row == ["1", "-125", "74", "100", "50"]


def test_what_the_device_gives_is_counted(grids):
    assert grids["The whole design on UltraScale+"].rows == [["Yosys", "1,958", "878", "614", "0", "0.5"]]


def test_the_slowest_path_is_named_with_the_clock(grids):
    (row,) = grids["The clock of a Lattice ECP5, by place and route"].rows
    assert row == ["LFE5UM5G-85F-8", "81.3", "5,506", "1,130", "stage 2", "4.2", "8.1"]


def test_bars_are_as_long_as_the_counts():
    layers, stages = resources_section(measured_design.resources()).pictures
    found, estimated = layers.figure.axes[0].containers
    assert [bar.get_width() for bar in found] == [748, 816, 288]
    assert [bar.get_width() for bar in estimated] == [625.6, 17.1, 203.2]
    assert [bar.get_width() for bar in stages.figure.axes[0].containers[0]] == [1600, 358]
    assert [label.get_text() for label in stages.figure.axes[0].get_yticklabels()] == ["stage 1", "stage 2"]


@pytest.mark.parametrize(
    ("ecp5", "words"),
    [
        (None, "place and route was not asked for"),
        ({"refused": "It does not fit."}, "No clock was measured: It does not fit."),
    ],
)
def test_why_no_clock_was_measured_is_said(ecp5, words):
    section = resources_section(measured_design.resources(ecp5=ecp5))
    assert len(section.grids) == 2
    assert words in section.remarks[0]


@pytest.mark.parametrize(("in_design", "said"), [(True, False), (False, True)])
def test_a_harness_that_is_slower_than_the_design_is_said(in_design, said):
    timing = measured_design.resources()["ecp5"]
    slow = timing | {"path": timing["path"] | {"stage": "", "in_design": in_design}}
    (remark,) = resources_section(measured_design.resources(ecp5=slow)).remarks
    assert ("may be faster" in remark) == said


def test_saturation_is_a_table_of_places_and_origins():
    values, events = (
        picture.figure.axes[0] for picture in saturation_section(measured_design.resources()).pictures
    )
    assert values.images[0].get_array().tolist() == [[0.025, 1], [0, 1]]
    assert [text.get_text() for text in values.texts] == ["2.5", "100", "0", "100"]
    assert [text.get_text() for text in events.texts] == ["76", "100", "0", "100"]
    assert [label.get_text() for label in values.get_xticklabels()] == ["background", "random"]
    assert [label.get_text() for label in values.get_yticklabels()] == ["dense", "dense output"]


def test_a_trigger_without_a_network_has_no_saturation():
    assert saturation_section(measured_design.resources(saturation={})).is_empty


def test_the_page_leads_with_the_trigger_bit(tmp_path, findings):
    page = Findings(
        title="T",
        recipe="",
        environment={},
        background="qcd",
        history={"loss": []},
        metrics={},
        baselines=(),
        scores={"qcd": {"mu2": np.arange(9.0)}},
        images={},
        reconstructions={},
        latents={},
        most_anomalous={},
        notes=[],
        firmware=findings,
    )
    html.write(tmp_path / "report.html", page)
    text = (tmp_path / "report.html").read_text()
    assert '<a href="#firmware">Trigger bit</a> on mu2' in text
    assert "1,958 <small>LUT, 2 clocks</small>" in text
    assert "101,767 vectors agree bit for bit" in text
    assert text.index('<section id="firmware">') < text.index('<section id="saturation">')
