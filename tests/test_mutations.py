"""The plan of the mutation run names what is there; the run itself is `nox -s mutations`."""

import tomllib
from pathlib import Path

import offshell

ROOT = Path(__file__).parents[1]
PLAN = tomllib.loads((ROOT / "mutations/plan.toml").read_text())
SOURCES = Path(offshell.__file__).parent


def test_the_plan_names_modules_and_tests_that_exist():
    modules = [SOURCES / f"{module}.py" for module in PLAN["tests"]]
    tests = [ROOT / "tests" / f"{name}.py" for names in PLAN["tests"].values() for name in names]
    assert [path for path in (*modules, *tests) if not path.exists()] == []


def test_equivalent_changes_are_of_lines_that_are_there():
    gone = [
        f"{change['module']}: {change['line']}"
        for change in PLAN["equivalent"]
        if change["line"] not in (SOURCES / f"{change['module']}.py").read_text()
    ]
    assert gone == []
