"""Recipes: everything that one run needs to be told, as TOML with checked keys."""

import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import tomli_w
from pydantic import BaseModel, ValidationError

from offshell.errors import InputError, did_you_mean
from offshell.recipe.draft import Draft
from offshell.samples.names import about_process
from offshell.settings import Compress, Train

if TYPE_CHECKING:
    from offshell.recipe.recipe import Recipe

__all__ = ["load", "load_draft", "names", "quick", "title", "to_toml"]

_Training = TypeVar("_Training", Train, Compress)
_Whole = TypeVar("_Whole", bound=Draft)


def names() -> list[str]:
    """The recipes that come with Offshell."""
    folder = resources.files("offshell.recipe") / "shipped"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def title(name: str) -> str:
    """What a recipe that comes with Offshell is about."""
    return str(_parse(_text(name), name)["title"])


def load(recipe: str | Path, *, changes: Sequence[str] = ()) -> "Recipe":
    """Read and check a recipe.

    Args:
        recipe: name of a recipe that comes with Offshell, or path of a TOML file.
        changes: settings to change, such as `"train.epochs=5"`.

    Returns:
        The recipe with all its defaults filled in.

    Raises:
        InputError: if there is no such recipe, it is not TOML, or a key or value is not right; names the nearest right key.
    """
    settings = _settings(recipe, changes)
    # The tables of detectors stand beside them, and to import Keras takes seconds: first what is wrong without it.
    _checked(Draft, settings, recipe)
    from offshell.recipe.recipe import Recipe  # noqa: PLC0415

    return _checked(Recipe, settings, recipe)


def load_draft(recipe: str | Path, *, changes: Sequence[str] = ()) -> Draft:
    """Read a recipe, and check all but its detector, which would take seconds.

    Args:
        recipe: as for `load`.
        changes: as for `load`.

    Raises:
        InputError: as `load`.
    """
    return _checked(Draft, _settings(recipe, changes), recipe)


def _settings(recipe: str | Path, changes: Sequence[str]) -> dict[str, Any]:
    settings = _parse(_text(str(recipe)), str(recipe))
    for change in changes:
        _apply(settings, change)
    return settings


def _checked(whole: type[_Whole], settings: dict[str, Any], recipe: str | Path) -> _Whole:
    try:
        return whole.model_validate(settings)
    except ValidationError as error:
        raise InputError(f"Recipe {recipe}: {_first_complaint(error, whole)}") from None


def quick(recipe: _Whole) -> _Whole:
    """The same recipe with few events and few epochs: seconds instead of minutes, and no physics in the numbers."""
    samples, train = recipe.samples, recipe.train
    few = samples.model_copy(
        update={
            "n_train": min(samples.n_train, 400),
            "n_test": min(samples.n_test, 300),
            "n_signal": min(samples.n_signal, 200),
        }
    )
    changes: dict[str, Any] = {"samples": few, "train": _brief(train)}
    if recipe.pseudo_anomalies:
        n_jets = min(recipe.pseudo_anomalies.n_jets, 150)
        changes["pseudo_anomalies"] = recipe.pseudo_anomalies.model_copy(update={"n_jets": n_jets})
    if recipe.compress:
        # Two epochs make no network small.
        widths = recipe.compress.widths
        widths = widths.model_copy(update={"ebops": None}) if widths.kind == "learned" else widths
        changes["compress"] = _brief(recipe.compress).model_copy(update={"widths": widths})
    if recipe.generate:
        changes["generate"] = recipe.generate.model_copy(update={"n_jets": min(recipe.generate.n_jets, 150)})
    if recipe.firmware:
        # So few events count no lower rate.
        countable = 10 * recipe.evaluate.input_rate_hz / few.n_test
        small = {"vectors": 2_000, "place": False, "rate_hz": max(recipe.firmware.rate_hz, countable)}
        changes["firmware"] = recipe.firmware.model_copy(update=small)
    return recipe.model_copy(update=changes)


def _brief(training: _Training) -> _Training:
    return training.model_copy(update={"epochs": min(training.epochs, 2)})


def to_toml(recipe: "Recipe") -> str:
    """The recipe as TOML text that `load` reads back."""
    return tomli_w.dumps(recipe.model_dump(exclude_none=True))


def _text(recipe: str) -> str:
    if recipe in names():
        return (resources.files("offshell.recipe") / "shipped" / f"{recipe}.toml").read_text()
    path = Path(recipe)
    if not path.is_file() and path.suffix.lower() != ".toml":
        raise _unknown(recipe)
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not text"
        raise InputError(
            f"Cannot read the recipe. Expected: a TOML file. Received: {recipe} ({reason})."
        ) from None


def _unknown(recipe: str) -> InputError:
    hints = [
        *([hint] if (hint := about_process(recipe)) else []),
        *([f"In that folder is {recipe}/recipe.toml."] if (Path(recipe) / "recipe.toml").is_file() else []),
    ]
    known = f"Unknown recipe.{did_you_mean(recipe, names())} Expected: {', '.join(names())}, or a .toml file. Received: {recipe!r}."
    return InputError(" ".join([known, *hints]))


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{source} is not TOML. Expected: lines such as 'epochs = 5'. Received: {error}."
        ) from None


def _apply(settings: dict[str, Any], change: str) -> None:
    key, separator, value = change.partition("=")
    if not separator or not key.strip():
        raise InputError(
            f"This is not a setting. Expected: key=value, such as train.epochs=5. Received: {change!r}."
        )
    *path, last = key.strip().split(".")
    for part in path:
        settings = settings.setdefault(part, {})
        if not isinstance(settings, dict):
            raise InputError(
                f"This is not a setting. Expected: a key such as train.epochs. Received: {key!r}."
            )
    settings[last] = _value(value.strip())


def _value(text: str) -> Any:  # noqa: ANN401 - any TOML value
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text  # a bare word is meant as a string


def _first_complaint(error: ValidationError, whole: type[Draft]) -> str:
    complaint = error.errors()[0]
    if not complaint["loc"]:
        return f"{complaint['ctx']['error']}."
    known = set(_keys(whole))
    # pydantic puts the kind of a model or network into the path, where the recipe has no such level
    words = {word for known_key in known for word in known_key.split(".")}
    *path, last = map(str, complaint["loc"])
    key = ".".join([*(part for part in path if part in words), last])
    if complaint["type"] == "value_error":  # one of our own, which says it all
        return f"{key}: {complaint['ctx']['error']}."
    if complaint["type"] == "union_tag_invalid":
        return _unknown_kind(key, **complaint["ctx"])
    if complaint["type"] != "extra_forbidden":
        expected = complaint["msg"].removeprefix("Input should be ")
        return f"{key} does not fit. Expected: {expected}. Received: {complaint['input']!r}."
    if key in known:
        return f"{key} is not a setting of the chosen kind. Expected: settings of that kind only. Received: {key}."
    return f"unknown key. Expected: a key such as {get_close_matches(key, known, n=1, cutoff=0)[0]}. Received: {key}."


def _unknown_kind(table: str, *, tag: str, expected_tags: str, **_: str) -> str:
    kinds = [kind.strip(" '") for kind in expected_tags.split(",")]
    return f"unknown {table}.kind.{did_you_mean(tag, kinds)} Expected: one of {', '.join(kinds)}. Received: {tag!r}."


def _keys(annotation: Any, prefix: str = "") -> Iterator[str]:  # noqa: ANN401 - whatever may annotate a field
    """Every dotted key that a recipe may have, in all its variants."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield f"{prefix}{name}"
            yield from _keys(field.annotation, f"{prefix}{name}.")
    for member in get_args(annotation):
        yield from _keys(member, prefix)
