"""Every example of a docstring runs and shows what comes out."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

import offshell

PACKAGE = Path(offshell.__file__).parent
SLOW = {"offshell.simulate.level1.black_box"}  # four thousand events with pile-up


def modules():
    """Those that hold examples; the others need not be imported."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            name = ".".join(("offshell", *path.relative_to(PACKAGE).with_suffix("").parts))
            yield pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])


@pytest.mark.parametrize("name", list(modules()))
def test_examples_show_what_comes_out(name, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0  # the output above says which


def test_the_example_of_the_package_runs_with_fewer_jets():
    (block,) = re.findall(r"```python\n(.*?)```", offshell.__doc__, flags=re.DOTALL)
    fewer = block.replace("10_000, seed=1", "40, seed=1, workers=1").replace("PCA(96", "PCA(8")
    scope = {"offshell": offshell}
    *lines, last = fewer.strip().splitlines()
    exec("\n".join(lines), scope)  # noqa: S102 - its own
    assert eval(last, scope).shape == (40,)
