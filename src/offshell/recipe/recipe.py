"""A whole recipe: its tables, and how they have to fit each other."""

from collections.abc import Collection
from typing import Self

from pydantic import model_validator

from offshell.errors import InputError
from offshell.models.detectors import Model
from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
from offshell.models.terms.weighted_sum import restricted
from offshell.recipe.draft import Draft

__all__ = ["Recipe"]


class Recipe(Draft):
    """Everything that one run needs to be told."""

    model: Model

    @property
    def committee(self) -> OutlierExposureSettings | None:
        """The detector that learns from pseudo-anomalies, or teaches one that learns from it; None where there is none."""
        table = getattr(self.model, "teacher", self.model)
        return table if isinstance(table, OutlierExposureSettings) else None

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
    def _jets_become_pseudo_anomalies(self) -> Self:
        exposed = self.committee is not None
        if exposed and self.samples.kind != "jets":
            raise ValueError(
                f"pseudo-anomalies are made of jets. Expected: samples.kind = jets. Received: {self.samples.kind}"
            )
        if self.pseudo_anomalies and not exposed:
            raise ValueError(
                "the detector learns from background alone. Expected: model.kind = outlier-exposure, or no table "
                f"[pseudo_anomalies]. Received: [pseudo_anomalies] with {self.model.kind}"
            )
        return self

    @model_validator(mode="after")
    def _firmware_can_scale(self) -> Self:
        if self.firmware and self.inputs.kind == "objects":
            received = f"inputs.units = {self.inputs.units}, model.scaling = {self.model.scaling}"
            if self.inputs.units != "hardware" or self.model.scaling not in {"shift", "power-of-two"}:
                raise ValueError(
                    "firmware takes integers, and scales by subtracting and shifting. Expected: inputs.units = hardware, "
                    f"model.scaling = shift or power-of-two. Received: {received}"
                )
        return self

    @model_validator(mode="after")
    def _observables_are_scaled_one_by_one(self) -> Self:
        if self.inputs.kind == "observables" and self.model.scaling not in {"clipped", "none"}:
            raise ValueError(
                "observables are no objects and scaled one by one. Expected: model.scaling = clipped. "
                f"Received: {self.model.scaling}"
            )
        return self
