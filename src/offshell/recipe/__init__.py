"""Everything that one run needs to be told, as TOML with checked keys."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.recipe.draft import Draft
    from offshell.recipe.files import load, load_draft, names, quick, title, to_toml
    from offshell.recipe.recipe import Recipe

__all__ = ["Draft", "Recipe", "load", "load_draft", "names", "quick", "title", "to_toml"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "draft": ["Draft"],
        "files": ["load", "load_draft", "names", "quick", "title", "to_toml"],
        "recipe": ["Recipe"],
    },
)
