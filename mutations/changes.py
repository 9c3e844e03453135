"""Small changes of a Python source that tests should notice: another comparison, sign, constant, bound or side."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "=="}
OPERATORS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.BitAnd: "|", ast.BitOr: "&"}
PAIRS = (
    ("min", "max"), ("minimum", "maximum"), ("argmin", "argmax"), ("any", "all"), ("sin", "cos"), ("sinh", "cosh"),
)  # fmt: skip
OTHER = dict(PAIRS) | {second: first for first, second in PAIRS}
DROPPED = {"abs", "max", "maximum", "min", "minimum", "sqrt", "square", "wrap_angle"}
SIDES = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Change:
    """Some bytes of a source put in place of others."""

    start: int
    stop: int
    text: str

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.stop :]

    def lines(self, source: bytes) -> tuple[str, str]:
        """The lines that it touches, before and after."""
        begin = source.rfind(b"\n", 0, self.start) + 1
        after = self.applied(source)
        end, new_end = source.find(b"\n", self.stop), after.find(b"\n", self.start + len(self.text.encode()))
        return _plain(source[begin:end]), _plain(after[begin:new_end])


def changes(source: bytes) -> list[Change]:
    """All changes of what a module computes; annotations, decorators and errors are left alone."""
    tree, places = ast.parse(source), _Places(source)
    found = [change for node in _computing(tree) for change in _of(node, places)]
    return sorted(set(found), key=lambda change: (change.start, change.stop, change.text))


class _Places:
    """Where in the bytes of a source its nodes lie."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def of(self, node: ast.expr) -> tuple[int, int]:
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def alone(self, node: ast.expr) -> str:
        """The text of a node that can stand anywhere."""
        text = self.source[slice(*self.of(node))].decode()
        return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Constant) else f"({text})"


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _computing(child)


def _of(node: ast.AST, places: _Places) -> Iterator[Change]:
    yield from _of_operators(node, places)
    yield from _of_names(node, places)
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield Change(*places.of(node), repr(value + 1 if isinstance(value, int) else 2 * value or 1.0))
        case ast.Constant(value=str() as value) if value in SIDES:
            yield Change(*places.of(node), repr(SIDES[value]))


def _of_operators(node: ast.AST, places: _Places) -> Iterator[Change]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            for before, operator, after in zip([left, *comparators], ops, comparators, strict=False):
                if type(operator) in COMPARISONS:
                    yield _between(before, after, COMPARISONS[type(operator)], places)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            yield _between(left, right, OPERATORS[type(operator)], places)
            yield Change(*places.of(node), places.alone(left))
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield Change(*places.of(node), places.alone(operand))


def _of_names(node: ast.AST, places: _Places) -> Iterator[Change]:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[first, *_]) if name in DROPPED:
            yield Change(*places.of(node), places.alone(first))
        case ast.Attribute(attr=name) if name in OTHER:
            _, stop = places.of(node)
            yield Change(stop - len(name), stop, OTHER[name])
        case ast.Name(id=name) if name in OTHER:
            yield Change(*places.of(node), OTHER[name])


def _between(left: ast.expr, right: ast.expr, operator: str, places: _Places) -> Change:
    """The operator between two operands, parentheses around either of them kept."""
    start, stop = places.of(left)[1], places.of(right)[0]
    closing = places.source[start:stop].decode()
    kept_before = closing[: len(closing) - len(closing.lstrip(" )\n"))].rstrip(" ")
    kept_after = closing[len(closing.rstrip(" (\n")) :].lstrip(" ")
    return Change(start, stop, f"{kept_before} {operator} {kept_after}")


def _plain(line: bytes) -> str:
    return " ".join(line.decode().split())
