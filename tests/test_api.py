"""The public names: documented, typed, options by name only, and quick to reach."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from importlib.metadata import version as installed_version

import keras

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


def parameters(function):
    return [p for p in inspect.signature(function).parameters.values() if p.name not in {"self", "cls"}]


def loaded_after(code):
    """The slow packages that a fresh interpreter has loaded after some code."""
    report = "\nimport sys; print('loaded:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(SLOW_TO_IMPORT) & set(done.stdout.rpartition("loaded:")[2].split())


def names_where(wrong, things):
    return [name for name, thing in sorted(things.items()) if wrong(thing)]


def untyped(function):
    result = inspect.signature(function).return_annotation
    return result is inspect.Signature.empty or any(p.annotation is p.empty for p in parameters(function))


def has_positional_options(function):
    return any(p.default is not p.empty and p.kind is not p.KEYWORD_ONLY for p in parameters(function))


def test_modules_list_their_public_names_and_say_what_they_are():
    plain = {name: module for name, module in MODULES.items() if name not in PACKAGES}
    assert names_where(lambda module: not hasattr(module, "__all__"), plain) == []
    assert names_where(lambda module: not inspect.getdoc(module), plain) == []


def test_public_names_are_documented():
    assert names_where(lambda thing: not thing.__doc__, CLASSES | FUNCTIONS | METHODS) == []


def test_arguments_and_results_have_types():
    assert names_where(untyped, FUNCTIONS | METHODS | CONSTRUCTORS) == []


def test_options_are_given_by_name_only():
    assert names_where(has_positional_options, OWN | CONSTRUCTORS) == []


def test_packages_are_cheap_to_import():
    assert loaded_after(f"import {', '.join(PACKAGES)}") == set()


def test_help_is_quick():
    help_page = "import sys; sys.argv = ['offshell', '--help']\nfrom offshell.cli import main\n"
    assert loaded_after(help_page + "try:\n    main()\nexcept SystemExit:\n    pass") == set()


def test_version_is_that_of_the_installed_package():
    assert offshell.__version__ == installed_version("offshell")
