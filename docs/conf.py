"""How Sphinx builds the documentation; the pages of the API are made from the docstrings."""

import re
from importlib.metadata import version as installed_version

project = "Offshell"
author = "The Offshell developers"
release = version = installed_version("offshell")

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]

apidoc_modules = [
    {"path": "../src/offshell", "destination": "api", "separate_modules": True, "module_first": True}
]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_attr_annotations = False  # jaxtyping shapes such as "*row" are not reStructuredText
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Offshell"


def setup(app):
    # Before Napoleon (500), which would take the colon in `{sample: array}` for the end of a type.
    app.connect("autodoc-process-docstring", _from_markdown, priority=400)
    app.connect("autodoc-skip-member", _at_home_only)


def _at_home_only(app, _what, _name, thing, skip, _options):
    """What a package hands on is documented by the module that defines it, once."""
    home, page = getattr(thing, "__module__", None), app.env.current_document.autodoc_module
    return skip or (isinstance(home, str) and home.startswith(f"{page}."))


def _from_markdown(_app, _what, _name, _thing, _options, lines):
    """Docstrings write `code` and $formulas$ as Markdown does; Sphinx reads reStructuredText."""
    text = "\n".join(lines)
    text = re.sub(r"(?<![`:])`([^`]+)`(?!`)", lambda code: f"``{' '.join(code[1].split())}``", text)
    lines[:] = re.sub(r"\$([^$]+)\$", r":math:`\1`", text).split("\n")
