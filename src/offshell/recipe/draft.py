"""A recipe whose detector nobody has looked at yet: what can be said without Keras, whose import takes seconds."""

from typing import Any, Self

from pydantic import Field, model_validator

from offshell.evaluate.decorrelation.variables import NAMES as VARIABLES
from offshell.samples.settings import JetSamples, Samples
from offshell.settings.deployment import Compress, Firmware
from offshell.settings.inputs import Images, Inputs, Observables
from offshell.settings.table import Table
from offshell.settings.training import Evaluate, Generate, PseudoAnomalies, Train

__all__ = ["Draft"]


class Draft(Table):
    """Everything that one run needs to be told; the table `[model]` is not checked."""

    title: str
    seed: int = Field(default=1, ge=0, lt=2**32)
    samples: Samples = JetSamples()
    inputs: Inputs = Images()
    model: Any
    train: Train
    pseudo_anomalies: PseudoAnomalies | None = None
    evaluate: Evaluate = Evaluate()
    generate: Generate | None = None
    compress: Compress | None = None
    firmware: Firmware | None = None

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
        return self

    @model_validator(mode="after")
    def _clouds_can_be_generated(self) -> Self:
        if self.generate and self.inputs.kind != "clouds":
            raise ValueError(
                f"jets are generated as clouds. Expected: inputs.kind = clouds. Received: [generate] with {self.inputs.kind}"
            )
        return self

    @model_validator(mode="after")
    def _decorrelated_from_what_samples_have(self) -> Self:
        known = VARIABLES[self.samples.kind]
        if unknown := [name for name in self.evaluate.decorrelate if name not in known]:
            raise ValueError(
                f"{self.samples.kind} have no such variable. Expected: evaluate.decorrelate = {', '.join(known)}. "
                f"Received: {', '.join(unknown)}"
            )
        return self

    @model_validator(mode="after")
    def _inputs_fit_samples(self) -> Self:
        fitting = {"jets": ("images", "clouds", "observables"), "events": ("objects", "observables")}[
            self.samples.kind
        ]
        if self.inputs.kind not in fitting:
            raise ValueError(
                f"inputs.kind does not fit samples of {self.samples.kind}. Expected: {' or '.join(fitting)}. "
                f"Received: {self.inputs.kind}"
            )
        return self

    @model_validator(mode="before")
    @classmethod
    def _observables_of_events(cls, tables: Any) -> Any:  # noqa: ANN401 - whatever the user wrote
        """The set of observables that events have needs no mention."""
        match tables:
            case {"samples": {"kind": "events"}, "inputs": {"kind": "observables", **others}} if (
                "set" not in others
            ):
                return {**tables, "inputs": {**tables["inputs"], "set": "trigger"}}
        return tables

    @model_validator(mode="after")
    def _observables_fit_samples(self) -> Self:
        fitting = {"jets": ("infrared-safe", "full"), "events": ("trigger",)}[self.samples.kind]
        if isinstance(self.inputs, Observables) and self.inputs.set not in fitting:
            raise ValueError(
                f"these are no observables of {self.samples.kind}. Expected: inputs.set = {' or '.join(fitting)}. "
                f"Received: {self.inputs.set}"
            )
        return self

    @model_validator(mode="after")
    def _observables_stay_in_software(self) -> Self:
        if isinstance(self.inputs, Observables) and self.firmware:
            raise ValueError(
                "firmware takes images, or objects in hardware units. Expected: inputs.kind = images or objects. "
                "Received: [firmware] with observables"
            )
        return self
