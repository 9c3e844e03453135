"""What `nox -s mutations` is told is there: it would end after half an hour at the first test that was renamed."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLAN = tomllib.loads((ROOT / "mutations" / "plan.toml").read_text())


@pytest.mark.parametrize("module", PLAN["tests"])
def test_modules_and_their_tests_are_there(module):
    tests = PLAN["tests"][module]
    missing = [name for name in tests if not (ROOT / "tests" / f"{name}.py").is_file()]
    assert (ROOT / "src" / "offshell" / f"{module}.py").is_file()
    assert tests
    assert not missing


@pytest.mark.parametrize("change", PLAN["equivalent"], ids=lambda change: change["module"])
def test_lines_that_may_change_are_there(change):
    assert change["line"] in (ROOT / "src" / "offshell" / f"{change['module']}.py").read_text()
