"""The tables `[train]`, `[pseudo_anomalies]`, `[evaluate]` and `[generate]`."""

from typing import Annotated, Self

from pydantic import AliasChoices, BeforeValidator, Field, PositiveFloat, PositiveInt, model_validator

from offshell.settings.rates import INPUT_RATE_HZ
from offshell.settings.table import Table, listed

__all__ = ["Evaluate", "Generate", "PseudoAnomalies", "Train"]


class Train(Table):
    """See `offshell.fit`; `ensemble` trainings with different seeds; `sparsity` is pruned to after a first training."""

    loss: str
    epochs: PositiveInt = 20
    batch_size: PositiveInt = 128
    learning_rate: PositiveFloat = 1e-3
    patience: PositiveInt = 10
    plateau: PositiveInt = 4
    validation: float = Field(default=0.1, gt=0, lt=1)
    ensemble: PositiveInt = 1
    sparsity: float = Field(default=0.0, ge=0, lt=1)


class PseudoAnomalies(Table):
    """Of how many jets each family of `[model] families` consists, and in which range of masses in GeV they are made.

    See `offshell.pseudo_anomalies.jets`; heavier ones than fit into the jets are not made.
    """

    n_jets: PositiveInt = 10_000
    mass: Annotated[tuple[PositiveFloat, PositiveFloat], BeforeValidator(listed)] = (30.0, 350.0)


class Evaluate(Table):
    """Scores beside the terms: weighted sums such as "dice + bce"; for events the trigger rates to quote.

    `score` is the one that most anomalous events and operating points are shown for; None takes the training loss. With
    `all_signals` there is one more signal, `all-signals`: all of them together. With `decorrelate` each score is also ranked
    among background with the same mass or other variables, see `offshell.evaluate.decorrelation.variables.NAMES`.
    """

    score: str | None = None
    sums: Annotated[list[str], BeforeValidator(listed)] = []
    # Recipes of runs made with version 0.1 have the old name.
    all_signals: bool = Field(default=False, validation_alias=AliasChoices("all_signals", "mixture"))
    decorrelate: Annotated[list[str], BeforeValidator(listed)] = []
    rates_hz: list[PositiveFloat] = [100.0, 1e3, 1e4]
    input_rate_hz: PositiveFloat = INPUT_RATE_HZ

    @model_validator(mode="after")
    def _rates_are_below_the_input(self) -> Self:
        if max(self.rates_hz, default=0) >= self.input_rate_hz:
            raise ValueError(
                f"a rate is not below that of all events. Expected: rates_hz < {self.input_rate_hz:g}. "
                f"Received: {max(self.rates_hz):g}"
            )
        return self


class Generate(Table):
    """How many jets a generative detector makes to be compared with jets of the test sample, best with twice as many of these."""

    n_jets: int = Field(default=5_000, ge=100)
