"""How Sphinx builds the documentation; the pages of the API are made from the docstrings."""

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
    "sphinx_math_dollar",
]
exclude_patterns = ["_build"]
default_role = "code"  # docstrings use `name`, as Markdown does
suppress_warnings = ["config.cache"]

apidoc_modules = [
    {"path": "../src/offshell", "destination": "api", "separate_modules": True, "module_first": True}
]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Offshell"
