"""Which files of Offshell, and of the tests, a script reaches, and a fingerprint of what stands in them.

Comments, docstrings and the layout of the code do not count, files of data beside the code (recipes, templates) do.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "offshell"
TESTS = SOURCE.parents[1] / "tests"  # a study may run what tests run too
DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_of(script: Path, arguments: tuple[str, ...] = ()) -> str:
    """Sixteen hexadecimal digits that change with the script, the code it reaches, and its arguments."""
    files = sorted(reached(script))
    parts = [digest(script), *map(digest, files), *map(digest, data_beside(files)), *arguments]
    return hashed("\n".join(parts).encode())[:16]


def contents_of(files: Iterable[Path]) -> str:
    """Sixteen hexadecimal digits that change with what stands in files."""
    return hashed("".join(hashed(path.read_bytes()) for path in files).encode())[:16]


def reached(script: Path) -> set[Path]:
    """The files of Offshell that a script imports, those that these import, and so on; inside functions too."""
    found, waiting = set(), [script]
    while waiting:
        new = homes(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def data_beside(files: list[Path]) -> list[Path]:
    folders = {path.parent for path in files} - {SOURCE, TESTS}
    beside = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    return sorted(path for path in beside if path.suffix not in {".py", ".pyc"})


@cache
def homes(path: Path) -> frozenset[Path]:
    """The files that define what a file names of Offshell and of the tests."""
    return frozenset(home for name in names(path) for home in home_of(name))


def names(path: Path) -> Iterator[str]:
    """Dotted names of Offshell in a file: imported ones, and attributes of what was imported."""
    known = imported(path)
    yield from known.values()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Attribute):
            first, *rest = chain(node)
            if first in known:
                yield ".".join([known[first], *rest])


def chain(node: ast.expr) -> list[str]:
    """`["a", "b", "c"]` of `a.b.c`; what stands before the first dot is empty if it is no name."""
    match node:
        case ast.Attribute(value=value, attr=attr):
            return [*chain(value), attr]
        case ast.Name(id=name):
            return [name]
        case _:
            return [""]


@cache
def imported(path: Path) -> dict[str, str]:
    """What a file calls something of Offshell or of the tests, and its dotted name."""
    package = package_of(path)
    pairs = (pair for node in ast.walk(parsed(path)) for pair in taken_by(node, package))
    return {
        called: name for called, name in pairs if first_of(name) == "offshell" or beside_tests(name).exists()
    }


def taken_by(node: ast.AST, package: str) -> list[tuple[str, str]]:
    """What a statement of a file of a package imports."""
    match node:
        case ast.Import(names=found):
            return [(name.asname or first_of(name.name), name.name) for name in found]
        case ast.ImportFrom(module=str(module), names=found, level=level):
            home = f"{package}.{module}" if level else module
            return [(name.asname or name.name, f"{home}.{name.name}") for name in found]
        case _:
            return []


def package_of(path: Path) -> str:
    """The dotted name of the package that a file of Offshell stands in; nothing for scripts, which have none."""
    inside = path.is_relative_to(SOURCE)
    return ".".join(("offshell", *path.parent.relative_to(SOURCE).parts)) if inside else ""


def first_of(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def beside_tests(name: str) -> Path:
    """The file that defines a name, if it is one of the tests."""
    return TESTS / f"{first_of(name)}.py"


@cache
def home_of(name: str) -> list[Path]:
    """The file that defines a name; a package hands on what others define, and importing it alone takes nothing."""
    if beside_tests(name).exists():
        return [beside_tests(name)]
    parts = name.split(".")[1:]
    for end in range(len(parts), 0, -1):
        place = SOURCE.joinpath(*parts[:end])
        if place.with_suffix(".py").exists():
            return [place.with_suffix(".py")]
        if (face := place / "__init__.py").exists():
            return handed_on(face, parts[end:])
    return handed_on(SOURCE / "__init__.py", parts)


def handed_on(face: Path, rest: list[str]) -> list[Path]:
    """Where the face of a package takes a name from; one with a list, `__init__.pyi`, is asked by name for any of it."""
    listed = face.with_suffix(".pyi")
    chosen = imported(listed if listed.exists() else face)
    if rest or not listed.exists():
        chosen = {called: name for called, name in chosen.items() if called in rest[:1]}
    return [home for name in chosen.values() for home in home_of(name)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def digest(path: Path) -> str:
    if path.suffix != ".py":
        return hashed(path.read_bytes())
    return hashed(repr(shape(parsed(path))).encode())


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def shape(node: object) -> object:
    """A syntax tree as tuples, without docstrings and without what only some versions of Python note."""
    if isinstance(node, list):
        return tuple(map(shape, node))
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = dict(ast.iter_fields(node))
    if isinstance(node, DEFINITIONS) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = node.body[1:]
    return (
        type(node).__name__,
        *((name, shape(value)) for name, value in fields.items() if value not in (None, [])),
    )
