"""A whole recipe: its tables, and how they have to fit each other."""

from collections.abc import Collection
from typing import Self

from pydantic import Field, model_validator

from offshell.errors import InputError
from offshell.models.terms.weighted_sum import restricted
from offshell.samples.settings import JetSamples, Samples
from offshell.settings.deployment import Compress, Firmware
from offshell.settings.inputs import Images, Inputs
from offshell.settings.models import Model
from offshell.settings.table import Table
from offshell.settings.training import Evaluate, Generate, Train

__all__ = ["Recipe"]


class Recipe(Table):
    """Everything that one run needs to be told."""

    title: str
    seed: int = Field(default=1, ge=0, lt=2**32)
    samples: Samples = JetSamples()
    inputs: Inputs = Images()
    model: Model
    train: Train
    evaluate: Evaluate = Evaluate()
    generate: Generate | None = None
    compress: Compress | None = None
    firmware: Firmware | None = None

    def score_among(self, terms: Collection[str]) -> str:
        """The score to trigger on: the chosen one, or the loss without the terms that exist only in training.

        A student has one score, whatever its teacher was chosen for.
        """
        if "student" in terms:
            return "student"
        score = self.evaluate.score or restricted(self.train.loss, terms)
        if not score:
            raise InputError(
                f"The loss {self.train.loss!r} exists only in training. Expected: a score in evaluate.score, such as "
                f"{next(iter(terms))}. Received: none."
            )
        return score

    @model_validator(mode="after")
    def _can_be_compressed(self) -> Self:
        if self.compress and not self.compress.student and self.train.ensemble > 1:
            raise ValueError(
                "an ensemble is compressed into a student. Expected: compress.student, or train.ensemble = 1. "
                f"Received: train.ensemble = {self.train.ensemble}"
            )
        return self

    @model_validator(mode="after")
    def _can_be_firmware(self) -> Self:
        if self.firmware and not self.compress and self.firmware.score != "ht":
            raise ValueError(
                "firmware computes in fixed point. Expected: a table [compress]. Received: [firmware] without it"
            )
        if self.firmware and self.inputs.kind == "objects":
            received = f"inputs.units = {self.inputs.units}, model.scaling = {self.model.scaling}"
            if self.inputs.units != "hardware" or self.model.scaling not in {"shift", "power-of-two"}:
                raise ValueError(
                    "firmware takes integers, and scales by subtracting and shifting. Expected: inputs.units = hardware, "
                    f"model.scaling = shift or power-of-two. Received: {received}"
                )
        return self

    @model_validator(mode="after")
    def _clouds_can_be_generated(self) -> Self:
        if self.generate and self.inputs.kind != "clouds":
            raise ValueError(
                f"jets are generated as clouds. Expected: inputs.kind = clouds. Received: [generate] with {self.inputs.kind}"
            )
        return self

    @model_validator(mode="after")
    def _inputs_fit_samples(self) -> Self:
        fitting = {"jets": ("images", "clouds"), "events": ("objects",)}[self.samples.kind]
        if self.inputs.kind not in fitting:
            raise ValueError(
                f"inputs.kind does not fit samples of {self.samples.kind}. Expected: {' or '.join(fitting)}. "
                f"Received: {self.inputs.kind}"
            )
        return self
