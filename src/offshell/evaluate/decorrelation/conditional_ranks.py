"""The rank of a score among background events that are alike in something else, such as the mass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from scipy.spatial import KDTree

from offshell.errors import InputError
from offshell.evaluate.decorrelation.variables import checked
from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["ConditionalRank"]

Scores = Mapping[str, Float[np.ndarray, " n"]]
Variables = Float[np.ndarray, " n"] | Float[np.ndarray, "n variables"]

_FEWEST = 10
_EVENTS_AT_ONCE = 4096  # whose neighbors are held in memory


@dataclass(frozen=True)
class ConditionalRank:
    r"""From scores and variables of events to how rare such a score is among background with the same variables.

    The rareness is $-\ln p$ with the p-value among the k nearest background events,

    .. math:: p = \frac{1 + n_> + n_= / 2}{1 + k} \, e^{-(s - s_{(1)})_+ / \sigma} ,

    where $n_>$ of them score higher and $n_=$ the same. What scores higher than all of them keeps an order by the
    exponential, whose scale is the mean excess of their $2 \sqrt k$ highest scores over the lowest of these. Of background it has
    the same distribution at each value of the variables, as far as a neighborhood is one; so the spectrum of what passes a cut
    on it is that of all background (Dolen et al., arXiv:1603.00027, "designed decorrelated taggers"; in a search, in mass and
    pT, CMS, arXiv:1909.04114).

    Neighbors are nearest in the ranks of the variables, so that units, logarithms and tails do not matter. They have to be many:
    where the background holds the signal, as data do, a neighborhood that is as narrow as a resonance ranks the resonance among
    itself, and its excess is gone.

    Attributes:
        scores: Of the background by name, each (n,).
        variables: Of the background, (n,) or (n, variables).
        neighbors: How many background events are a neighborhood, k.

    Raises:
        InputError: If there are fewer events than that or too few neighbors, or scores or variables are not finite or do not
            belong to each other.
    """

    scores: Scores
    variables: Variables
    neighbors: int

    def __post_init__(self) -> None:
        """Refuses what gives no rank."""
        n_events = len(next(iter(self.scores.values()), ()))
        if not _FEWEST <= self.neighbors <= n_events:
            raise InputError(
                f"Wrong number of neighbors. Expected: {_FEWEST} to {n_events}, the background events. "
                f"Received: neighbors={self.neighbors}."
            )
        checked(self.variables, n_events)
        _refuse_other_lengths(self.scores, n_events)

    def rareness(self, scores: Scores, variables: Variables) -> dict[str, Float[np.ndarray, " m"]]:
        """Returns how rare the scores of events are among the background that is alike.

        Args:
            scores: Of the events, each (m,); the background has to have scores of these names.
            variables: Of the events, (m,) or (m, variables) as those of the background.

        Raises:
            InputError: If the background has no score of a name or another number of variables, or numbers are not finite.
        """
        self._refuse_unknown(scores)
        places = self._places(variables, len(next(iter(scores.values()), ())))
        _refuse_other_lengths(scores, len(places))
        parts: dict[str, list[np.ndarray]] = {name: [] for name in scores}
        for rows, nearest in self._neighborhoods(places):
            for name, values in scores.items():
                parts[name].append(_rareness(np.asarray(values)[rows], self._background[name][nearest]))
        return {name: np.concatenate(of) for name, of in parts.items()}

    def _neighborhoods(
        self, places: Float[np.ndarray, "m variables"]
    ) -> Iterator[tuple[slice, Int[np.ndarray, "part k"]]]:
        for start in range(0, len(places), _EVENTS_AT_ONCE):
            rows = slice(start, start + _EVENTS_AT_ONCE)
            yield rows, self._tree.query(places[rows], k=self.neighbors)[1]

    @cached_property
    def _background(self) -> dict[str, Float[np.ndarray, " n"]]:
        return {name: np.asarray(values, np.float64) for name, values in self.scores.items()}

    @cached_property
    def _rising(self) -> Float[np.ndarray, "n variables"]:
        return np.sort(checked(self.variables, len(self.variables)), axis=0)

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree(self._places(self.variables, len(self.variables)))

    def _places(self, variables: Variables, n_events: int) -> Float[np.ndarray, "m variables"]:
        """The share of the background below each event, in each of the variables."""
        columns, rising = checked(variables, n_events), self._rising
        if columns.shape[1] != rising.shape[1]:
            raise InputError(
                f"Wrong number of variables. Expected: {rising.shape[1]}, as of the background. Received: {columns.shape[1]}."
            )
        found = [
            np.searchsorted(known, values, side=side)
            for known, values in zip(rising.T, columns.T, strict=True)
            for side in ("left", "right")
        ]
        return np.stack([(low + high) / 2 for low, high in zip(found[::2], found[1::2], strict=True)], axis=1)

    def _refuse_unknown(self, scores: Scores) -> None:
        if unknown := [name for name in scores if name not in self.scores]:
            raise InputError(
                f"Scores without a background. Expected: some of {', '.join(self.scores)}. Received: {', '.join(unknown)}."
            )


def _rareness(scores: Float[np.ndarray, " m"], nearest: Float[np.ndarray, "m k"]) -> Float[np.ndarray, " m"]:
    n_neighbors = nearest.shape[1]
    n_above = np.sum(nearest > scores[:, None], axis=1)
    n_equal = np.sum(nearest == scores[:, None], axis=1)
    n_tail = int(np.ceil(2 * np.sqrt(n_neighbors)))
    tail = np.partition(nearest, n_neighbors - n_tail, axis=1)[:, -n_tail:]
    scale = np.mean(tail - tail.min(axis=1, keepdims=True), axis=1)
    excess = np.maximum(scores - tail.max(axis=1), 0.0) / np.where(scale > 0, scale, 1.0)
    rareness: Float[np.ndarray, " m"] = excess - np.log((1 + n_above + n_equal / 2) / (1 + n_neighbors))
    return rareness


def _refuse_other_lengths(scores: Scores, n_events: int) -> None:
    for name, values in scores.items():
        if len(checked_scores(values, name)) != n_events:
            raise InputError(
                f"Scores do not belong to each other. Expected: {n_events} of each. Received: {len(values)} of {name}."
            )
