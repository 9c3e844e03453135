"""Folders stand in an order, import only what stands before them, and none of them is crowded."""

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import offshell

ROOT = Path(offshell.__file__).parent

ORDER = (
    "errors",
    "style",
    "settings",
    "inputs",
    "models",
    "train",
    "evaluate",
    "io",
    "simulate",
    "pseudo_anomalies",
    "samples",
    "datasets",
    "recipe",
    "compress",
    "firmware",
    "monitor",
    "plots",
    "report",
    "run",
    "cli",
)
MOST_MODULES = 16


def dotted(path):
    """`models.build` for models/build.py and `models` for models/__init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").rstrip(".")


FILES = {dotted(path): path for path in ROOT.rglob("*.py")}


def imported(tree):
    """Every name of Offshell that a file imports, those for type checking and inside functions too."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)


def homes(names):
    """The modules that the names are defined in; a package hands on what others define."""
    for name in names:
        parts = name.split(".")
        if parts[0] != "offshell":
            continue
        for end in range(len(parts), 1, -1):
            home = ".".join(parts[1:end])
            if home in FILES:
                yield from handed_on(home, parts[end]) if end < len(parts) else [home]
                break


def handed_on(package, name):
    """Where the face of a package takes a name from; a face may be a stub, whose imports are relative."""
    if FILES[package].name != "__init__.py":
        return [package]
    stub = FILES[package].with_suffix(".pyi")
    if not stub.exists():
        tree = ast.parse(FILES[package].read_text())
        return list(homes(n for n in imported(tree) if n.endswith(f".{name}")))
    inside = imported(ast.parse(stub.read_text()))
    return list(homes(f"offshell.{package}.{n}" for n in inside if n.endswith(f".{name}")))


IMPORTS = {
    name: set(homes(imported(ast.parse(path.read_text()))))
    for name, path in FILES.items()
    if path.name != "__init__.py"
}


def test_the_order_names_every_folder_once():
    assert sorted(ORDER) == sorted({name.split(".")[0] for name in FILES if name})


@pytest.mark.parametrize("folder", ORDER)
def test_a_folder_imports_only_what_stands_before_it(folder):
    allowed = ORDER[: ORDER.index(folder) + 1]
    upwards = {
        f"{name} imports {home}"
        for name, found in IMPORTS.items()
        for home in found
        if name.split(".")[0] == folder and home.split(".")[0] not in allowed
    }
    assert not upwards


def test_files_import_each_other_in_no_circle():
    try:
        list(TopologicalSorter(IMPORTS).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_rooms_of_one_folder_import_each_other_one_way():
    graph = {}
    for name, found in IMPORTS.items():
        room = name.rpartition(".")[0]
        graph.setdefault(room, set()).update(
            other for home in found if (other := home.rpartition(".")[0]) and apart(room, other)
        )
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def apart(room, other):
    """A room may use the files of the room around it, and these may use it."""
    return room != other and not room.startswith(f"{other}.") and not other.startswith(f"{room}.")


def test_no_folder_is_crowded():
    modules = Counter(path.parent for path in FILES.values() if path.name != "__init__.py")
    assert {str(path): n for path, n in modules.items() if n > MOST_MODULES} == {}
