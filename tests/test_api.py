"""The public names: documented, typed, options by name only, and quick to reach."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from importlib.metadata import version as installed_version

import keras
import pytest

import offshell

SLOW_TO_IMPORT = (
    "awkward",
    "fastjet",
    "jax",
    "keras",
    "matplotlib",
    "pandas",
    "pythia8mc",
    "scipy",
    "sklearn",
)

FOUND = list(pkgutil.walk_packages(offshell.__path__, "offshell."))
MODULES = {"offshell": offshell} | {info.name: importlib.import_module(info.name) for info in FOUND}
PACKAGES = ["offshell", *(info.name for info in FOUND if info.ispkg)]


def public_names():
    """What `__all__` lists, under the name of the module that defines it."""
    for module in MODULES.values():
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            home = getattr(thing, "__module__", module.__name__)
            if home.startswith("offshell"):  # an alias of a type belongs to who made the type
                yield f"{home}.{name}", thing


PUBLIC = dict(public_names())
CLASSES = {name: thing for name, thing in PUBLIC.items() if inspect.isclass(thing)}
FUNCTIONS = {name: thing for name, thing in PUBLIC.items() if inspect.isfunction(thing)}
KERAS = {name for name, thing in CLASSES.items() if issubclass(thing, (keras.Model, keras.layers.Layer))}
METHODS = {
    f"{name}.{method}": function
    for name, thing in CLASSES.items()
    for method, function in vars(thing).items()
    if inspect.isfunction(function) and not method.startswith("_")
}
# Keras prescribes the signatures of the methods that it calls, but not those of constructors.
CONSTRUCTORS = {
    f"{name}.__init__": CLASSES[name].__init__ for name in KERAS if "__init__" in vars(CLASSES[name])
}
OWN = FUNCTIONS | {
    name: function for name, function in METHODS.items() if name.rpartition(".")[0] not in KERAS
}
TYPED = FUNCTIONS | METHODS | CONSTRUCTORS


def cases(things):
    return pytest.mark.parametrize(
        "thing", [pytest.param(thing, id=name) for name, thing in sorted(things.items())]
    )


def parameters(function):
    return [p for p in inspect.signature(function).parameters.values() if p.name not in {"self", "cls"}]


def loaded_after(code):
    """The slow packages that a fresh interpreter has loaded after some code."""
    report = "\nimport sys; print('loaded:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(SLOW_TO_IMPORT) & set(done.stdout.rpartition("loaded:")[2].split())


@cases({name: module for name, module in MODULES.items() if name not in PACKAGES})
def test_module_lists_its_public_names_and_says_what_it_is(thing):
    assert all(hasattr(thing, name) for name in thing.__all__)
    assert inspect.getdoc(thing)


@cases(CLASSES | FUNCTIONS | METHODS)
def test_public_name_is_documented(thing):
    assert thing.__doc__


@cases(TYPED)
def test_arguments_and_result_have_types(thing):
    untyped = [p.name for p in parameters(thing) if p.annotation is p.empty]
    assert untyped == []
    assert inspect.signature(thing).return_annotation is not inspect.Signature.empty


@cases(OWN | CONSTRUCTORS)
def test_options_are_given_by_name_only(thing):
    positional = [
        p.name for p in parameters(thing) if p.default is not p.empty and p.kind is not p.KEYWORD_ONLY
    ]
    assert positional == []


def test_packages_are_cheap_to_import():
    assert loaded_after(f"import {', '.join(PACKAGES)}") == set()


def test_help_is_quick():
    help_page = "import sys; sys.argv = ['offshell', '--help']\nfrom offshell.cli import main\n"
    assert loaded_after(help_page + "try:\n    main()\nexcept SystemExit:\n    pass") == set()


def test_version_is_that_of_the_installed_package():
    assert offshell.__version__ == installed_version("offshell")
