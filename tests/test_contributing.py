"""The detector of CONTRIBUTING.md, which stands outside the package, is as good as any."""

import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from test_report import make_findings

import offshell
from offshell.errors import InputError
from offshell.evaluate.separation.comparison import compare
from offshell.evaluate.separation.table import rich_table
from offshell.report.html import write

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What both blocks define, one after the other, with background and signal of four features."""
    rng = np.random.default_rng(1)
    background, signal = (
        rng.normal(size=(n, 6)).astype(np.float32) * width for n, width in ((300, 1), (200, 4))
    )
    names = {"background": background, "signal": signal}
    folder = tmp_path_factory.mktemp("outside")
    (folder / "medians.py").write_text("".join(BLOCKS))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return runpy.run_path("medians.py", names)


def test_it_takes_forty_lines_and_some_words():
    definition, _ = BLOCKS
    lines = [
        line for line in definition.splitlines() if line.strip() and not line.strip().startswith(('"""', "#"))
    ]
    assert len(lines) <= 40


def test_it_is_saved_and_loaded(written):
    before = offshell.score(written["model"], written["signal"])["deviation"]
    np.testing.assert_array_equal(written["scores"]["signal"]["deviation"], before)


def test_its_score_is_that_of_the_formula(written):
    model, x = written["model"], written["signal"][:5]
    pull = np.abs(
        (x - np.asarray(model.scaling.mean)) / np.asarray(model.scaling.width) - np.asarray(model.median)
    )
    expected = ((pull / np.asarray(model.width)) ** 2).sum(axis=1)
    np.testing.assert_allclose(offshell.score(model, x)["deviation"], expected, rtol=1e-5)


def test_it_stands_in_the_table_of_scores(written):
    scores = written["scores"]
    metrics = compare(scores["background"], {"signal": scores["signal"]})["signal"]
    assert metrics["deviation"]["auc"] > 0.9
    console = Console(width=200)
    with console.capture() as shown:
        console.print(rich_table({"signal": metrics}, "signal"))
    assert "deviation" in shown.get()


@pytest.mark.usefixtures("without_figures")
def test_it_stands_in_a_report(written, tmp_path):
    scores = written["scores"]
    metrics = compare(scores["background"], {"signal": scores["signal"]})
    findings = make_findings(background="background", metrics=metrics, scores=scores, baselines=set())
    write(tmp_path / "report.html", findings)
    assert "deviation" in (tmp_path / "report.html").read_text()


def test_it_refuses_other_events(written):
    with pytest.raises(InputError, match="do not fit the detector"):
        offshell.score(written["model"], written["background"][:, :3])
