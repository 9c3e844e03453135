"""Weighted sums of terms, written as physicists write them: `"bce + 3 * kl_gaussian"`."""

import ast
from collections.abc import Collection, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any

from offshell.errors import InputError, did_you_mean

__all__ = ["evaluate", "parse", "restricted"]


@lru_cache
def parse(expression: str) -> Mapping[str, float]:
    """The weight of each term in a weighted sum.

    Args:
        expression: terms joined by `+` and `-`, each with an optional factor in front, such as `"dice + 0.5 * bce"`.

    Returns:
        Weights by name of the term; a term that stands twice gets the sum of its weights.

    Raises:
        InputError: if the text is anything but a weighted sum of names, or a weight is not finite.

    Example:
        >>> dict(parse("bce + 3 * kl_gaussian"))
        {'bce': 1.0, 'kl_gaussian': 3.0}
    """
    try:
        weights = _weights(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, TypeError):
        raise InputError(
            "This is not a weighted sum of terms. Expected: text such as 'bce + 3 * kl_gaussian'. "
            f"Received: {expression!r}"
        ) from None
    for name, weight in weights.items():
        if not isfinite(weight):
            raise InputError(
                f"The weight of {name!r} in {expression!r} is too large. Expected: finite. Received: {weight}."
            )
    return weights


def evaluate(expression: str, terms: Mapping[str, Any]) -> Any:
    """The weighted sum of the terms that the expression names.

    Args:
        expression: see `parse`.
        terms: arrays or tensors of shape `(n,)` by name.

    Returns:
        One number for each event, shape `(n,)`.

    Raises:
        InputError: if the expression names a term that is not there.
    """
    weights = parse(expression)
    for name in weights:
        if name not in terms:
            raise InputError(
                f"Unknown term {name!r} in {expression!r}.{did_you_mean(name, terms)} Expected: one of {', '.join(terms)}. "
                f"Received: {name}."
            )
    return sum(weight * terms[name] for name, weight in weights.items())


def restricted(expression: str, names: Collection[str]) -> str:
    """The part of a weighted sum that has only terms of these names; some terms exist only in training.

    Args:
        expression: see `parse`.
        names: the terms to keep.

    Example:
        >>> restricted("vicreg + 0.5 * mse", ["mse"])
        '0.5 * mse'
    """
    kept = {name: weight for name, weight in parse(expression).items() if name in names}
    return " + ".join(name if weight == 1 else f"{weight!r} * {name}" for name, weight in kept.items())


def _weights(node: ast.expr) -> dict[str, float]:
    match node:
        case ast.Name(id=name):
            return {name: 1.0}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _scaled(_weights(operand), -1.0)
        case ast.BinOp(left=ast.Constant(value=int() | float() as factor), op=ast.Mult(), right=term):
            return _scaled(_weights(term), factor)
        case ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=factor), op=ast.Mult() as times, right=term):
            return _scaled(_weights(ast.BinOp(factor, times, term)), -1.0)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            sign = -1.0 if isinstance(operator, ast.Sub) else 1.0
            return _added(_weights(left), _scaled(_weights(right), sign))
    raise TypeError


def _scaled(weights: dict[str, float], factor: float) -> dict[str, float]:
    return {name: factor * weight for name, weight in weights.items()}


def _added(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    return {name: left.get(name, 0.0) + right.get(name, 0.0) for name in left | right}
