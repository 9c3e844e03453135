"""The settings of a run: which keys a recipe may have, of which type, with which defaults."""

from collections.abc import Collection
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    Tag,
    model_validator,
)

from offshell.errors import InputError
from offshell.models.weighted_sum import restricted

__all__ = [
    "NAE",
    "PCA",
    "VAE",
    "Autoencoder",
    "Compress",
    "Contractive",
    "Conv",
    "DeepSVDD",
    "Denoising",
    "Dense",
    "Evaluate",
    "EventSamples",
    "Firmware",
    "Images",
    "Inputs",
    "JetSamples",
    "JointVAE",
    "LearnedWidths",
    "Model",
    "Network",
    "Objects",
    "Recipe",
    "Residual",
    "Samples",
    "Sparse",
    "StudentNetwork",
    "Train",
    "UniformWidths",
    "VICReg",
    "Widths",
]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: object) -> object:
    """Lets the command line say `samples.signals=top,w`."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _kind_or(default: str) -> Discriminator:
    """Tells the variants of a table apart by its key `kind`; a table without one is of the default kind."""

    def kind(table: Any) -> Any:  # noqa: ANN401 - whatever the user wrote
        return table.get("kind", default) if isinstance(table, dict) else getattr(table, "kind", None)

    return Discriminator(kind)


_Signals = Annotated[list[str], Field(min_length=1), BeforeValidator(_listed)]


class JetSamples(_Settings):
    """Which jets; a name such as "qcd" is simulated, a path such as "train.h5" or "train.h5:qcd" is read."""

    kind: Literal["jets"] = "jets"
    background: str = "qcd"
    signals: _Signals = ["top"]
    n_train: PositiveInt = 10_000
    n_test: PositiveInt = 6_000
    n_signal: PositiveInt = 3_000
    detector: Literal["ATLAS", "CMS"] = "ATLAS"


class EventSamples(_Settings):
    """Which events; a name such as "background" is simulated, a path such as "events.h5" is read."""

    kind: Literal["events"] = "events"
    background: str = "background"
    signals: _Signals = ["a-4l", "leptoquark", "h-tautau", "hch-taunu"]
    n_train: PositiveInt = 20_000
    n_test: PositiveInt = 40_000
    n_signal: PositiveInt = 4_000
    pileup: NonNegativeFloat = 20.0


Samples = Annotated[
    Annotated[JetSamples, Tag("jets")] | Annotated[EventSamples, Tag("events")], _kind_or("jets")
]


class Images(_Settings):
    """A jet as an image."""

    kind: Literal["images"] = "images"
    image: Literal["aligned", "plain"] = "aligned"
    power: PositiveFloat = 1.0


class Objects(_Settings):
    """An event as the 57 numbers of its trigger objects."""

    kind: Literal["objects"] = "objects"
    units: Literal["GeV", "hardware"] = "GeV"


Inputs = Annotated[Annotated[Images, Tag("images")] | Annotated[Objects, Tag("objects")], _kind_or("images")]


class Dense(_Settings):
    """Fully connected layers; the decoder is their mirror image."""

    kind: Literal["dense"]
    hidden: list[PositiveInt] = [32, 16]
    activation: Literal["relu", "leaky_relu"] = "relu"
    normalize: bool = False


class Conv(_Settings):
    """Strided convolutions; the decoder is their mirror image."""

    kind: Literal["conv"]
    filters: list[PositiveInt] = [128, 128]


class Residual(_Settings):
    """Residual stages, and a spatial-broadcast decoder of its own size."""

    kind: Literal["residual"]
    filters: list[PositiveInt]
    blocks: list[NonNegativeInt]
    squeeze: PositiveInt
    decoder_filters: list[PositiveInt]
    decoder_blocks: list[PositiveInt]


Network = Annotated[Dense | Conv | Residual, Field(discriminator="kind")]


class _Model(_Settings):
    scaling: Literal["none", "standard", "power-of-two", "shift"] = "none"


class PCA(_Model):
    """`offshell.models.PCA`."""

    kind: Literal["pca"]
    components: PositiveInt = 96


class Autoencoder(_Model):
    """`offshell.models.Autoencoder`; sparse with a loss such as "mse + 0.1 * l1"."""

    kind: Literal["autoencoder"]
    size: PositiveInt = 2
    network: Network


class Sparse(_Model):
    """`offshell.models.SparseAutoencoder`."""

    kind: Literal["sparse"]
    size: PositiveInt = 64
    activity: float = Field(default=0.05, gt=0, lt=1)
    network: Network


class Denoising(_Model):
    """`offshell.models.DenoisingAutoencoder`."""

    kind: Literal["denoising"]
    size: PositiveInt = 3
    noise: NonNegativeFloat = 0.1
    masking: float = Field(default=0.1, ge=0, lt=1)
    network: Network


class Contractive(_Model):
    """`offshell.models.ContractiveAutoencoder`."""

    kind: Literal["contractive"]
    size: PositiveInt = 3
    network: Network


class VAE(_Model):
    """`offshell.models.VAE`."""

    kind: Literal["vae"]
    size: PositiveInt = 8
    network: Network


class JointVAE(_Model):
    """`offshell.models.JointVAE`."""

    kind: Literal["joint-vae"]
    gaussian: int = Field(default=32, ge=0)
    categorical: int = Field(default=1, ge=0)
    classes: PositiveInt = 20
    temperature: PositiveFloat = 0.67
    network: Network


class DeepSVDD(_Model):
    """`offshell.models.DeepSVDD`; the network has no biases."""

    kind: Literal["deep-svdd"]
    size: PositiveInt = 8
    network: Dense


class VICReg(_Model):
    """`offshell.models.VICReg`: an embedding `hidden` + `embedding`, and an autoencoder `network` + `size` in it."""

    kind: Literal["vicreg"]
    hidden: list[PositiveInt] = [29]
    embedding: PositiveInt = 10
    expander: list[PositiveInt] = Field(default=[64, 64], min_length=1)
    size: PositiveInt = 4
    noise: NonNegativeFloat = 0.1
    masking: float = Field(default=0.1, ge=0, lt=1)
    network: Dense


class NAE(_Model):
    """`offshell.models.NormalizedAutoencoder`."""

    kind: Literal["nae"]
    size: int = Field(default=3, gt=1)
    steps: PositiveInt = 10
    step: PositiveFloat = 0.1
    noise: NonNegativeFloat = 0.05
    network: Dense


Model = Annotated[
    PCA | Autoencoder | Sparse | Denoising | Contractive | VAE | JointVAE | DeepSVDD | VICReg | NAE,
    Field(discriminator="kind"),
]


class Train(_Settings):
    """See `offshell.fit`; `ensemble` trainings with different seeds; `sparsity` is pruned to after a first training."""

    loss: str
    epochs: PositiveInt = 20
    batch_size: PositiveInt = 128
    learning_rate: PositiveFloat = 1e-3
    patience: PositiveInt = 10
    plateau: PositiveInt = 4
    ensemble: PositiveInt = 1
    sparsity: float = Field(default=0.0, ge=0, lt=1)


class Evaluate(_Settings):
    """Scores beside the terms: weighted sums such as "dice + bce"; for events the trigger rates to quote.

    `score` is the one that most anomalous events and operating points are shown for; None takes the training loss.
    """

    score: str | None = None
    sums: Annotated[list[str], BeforeValidator(_listed)] = []
    rates_hz: list[PositiveFloat] = [100.0, 1e3, 1e4]
    input_rate_hz: PositiveFloat = 28.6e6

    @model_validator(mode="after")
    def _rates_are_below_the_input(self) -> Self:
        if max(self.rates_hz, default=0) >= self.input_rate_hz:
            raise ValueError(
                f"a rate is not below that of all events. Expected: rates_hz < {self.input_rate_hz:g}. "
                f"Received: {max(self.rates_hz):g}"
            )
        return self


class UniformWidths(_Settings):
    """`offshell.compress.quantize.Uniform`: the same number of bits everywhere."""

    kind: Literal["uniform"]
    bits: int = Field(default=8, ge=2, le=24)
    integer: int | None = None


class LearnedWidths(_Settings):
    """`offshell.compress.widths.learn_widths`; of the networks on the way the best one with at most `ebops` is kept.

    Without `ebops` it is the smallest one whose validation loss is at most a tenth above the lowest.
    """

    kind: Literal["learned"] = "learned"
    bits: int = Field(default=6, ge=1, le=16)
    beta: tuple[PositiveFloat, PositiveFloat] = (1e-6, 3e-3)
    ebops: PositiveInt | None = None


Widths = Annotated[
    Annotated[UniformWidths, Tag("uniform")] | Annotated[LearnedWidths, Tag("learned")], _kind_or("learned")
]


class StudentNetwork(_Settings):
    """`offshell.compress.distill.distilled`: a small network that learns the score of the detector, by default the default one."""

    hidden: list[PositiveInt] = [16, 8]
    score: str | None = None


class Compress(_Settings):
    """What makes the detector small after its training; see `offshell.compress.prune` for `sparsity`, `begin` and `ramp`."""

    widths: Widths = LearnedWidths()
    student: StudentNetwork | None = None
    sparsity: float = Field(default=0.0, ge=0, lt=1)
    begin: NonNegativeInt = 0
    ramp: NonNegativeInt = 0
    epochs: PositiveInt = 80
    learning_rate: PositiveFloat = 2e-3


class Firmware(_Settings):
    """The trigger to build: its score, rate, clock and device; without a score it is the default one of the evaluation.

    `vectors` is how many it is proven with at least, `hls_strategy` how hls4ml multiplies. `place` also places and routes the design for a Lattice ECP5, which takes
    minutes and measures a clock.
    """

    score: str | None = None
    rate_hz: PositiveFloat = 1e3
    clock_mhz: PositiveFloat = 200.0
    part: str = "xcvu13p-flga2577-2-e"
    vectors: PositiveInt = 100_000
    hls_strategy: Literal["latency", "distributed_arithmetic"] = "latency"
    place: bool = True


class Recipe(_Settings):
    """Everything that one run needs to be told."""

    title: str
    seed: int = Field(default=1, ge=0, lt=2**32)
    samples: Samples = JetSamples()
    inputs: Inputs = Images()
    model: Model
    train: Train
    evaluate: Evaluate = Evaluate()
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
    def _inputs_fit_samples(self) -> Self:
        fitting = {"jets": "images", "events": "objects"}[self.samples.kind]
        if self.inputs.kind != fitting:
            raise ValueError(
                f"inputs.kind does not fit samples of {self.samples.kind}. Expected: {fitting}. "
                f"Received: {self.inputs.kind}"
            )
        return self
