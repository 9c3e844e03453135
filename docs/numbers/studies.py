"""The list of studies: what makes each number of README.md and docs/*.md from the code, and how long that takes."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fingerprint import code_of, contents_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = "runs/numbers"  # runs, simulated samples and unfinished results of the studies
DELPHES = "runs/delphes"  # files of real Delphes, which nobody can make here
MINUTES_OF_QUICK = 10
HOUR = 60


@dataclass(frozen=True)
class Study:
    """A script of docs/numbers/measure, called with the file of its result and these arguments."""

    name: str
    script: str
    arguments: tuple[str, ...]
    minutes: float
    """On two quiet cores, what it simulates included."""
    inputs: tuple[str, ...] = ()
    """Files that it cannot make itself."""
    figure: str | None = None
    """The result, if that is a figure of docs/figures and not docs/numbers/results/NAME.json."""

    @property
    def result(self) -> Path:
        return (
            HERE.parent / "figures" / self.figure if self.figure else HERE / "results" / f"{self.name}.json"
        )

    @property
    def command(self) -> str:
        return f"nox -s numbers -- {self.name}"

    @property
    def path(self) -> Path:
        return HERE / "measure" / f"{self.script}.py"

    @property
    def duration(self) -> str:
        return f"{self.minutes / HOUR:g} h" if self.minutes >= HOUR else f"{self.minutes:g} min"

    @property
    def is_quick(self) -> bool:
        return self.minutes <= MINUTES_OF_QUICK

    @property
    def missing(self) -> list[str]:
        return [name for name in self.inputs if not (ROOT / name).exists()]

    @cached_property
    def code(self) -> str:
        """The fingerprint of the script, of the code that it reaches, and of its arguments."""
        return code_of(self.path, self.arguments)

    @property
    def contents(self) -> str:
        """The fingerprint of what stands in its inputs; all of them have to be there."""
        return contents_of(ROOT / name for name in self.inputs)


def run(name, kept, recipe, *changes, minutes, inputs=()):
    """A study that carries out a recipe and keeps one file of its run."""
    return Study(name, "run", (f"{WORK}/{name}", kept, recipe, *changes), minutes, inputs)


TOPTAGGING = {name: f"{DELPHES}/toptagging_delphes_{name}.h5" for name in ("qcd", "top")}
ADC2021 = tuple(
    f"{DELPHES}/adc2021_delphes_{name}.h5"
    for name in ("background", "Ato4l", "leptoquark", "hToTauTau", "hChToTauNu")
)


# Half of the recipe's jets, and enough of them to test on for intervals of half a percent.
LEAN_COMMITTEE = ("samples.n_train=16000", "samples.n_signal=5000", "pseudo_anomalies.n_jets=4000")


def on_delphes(name, background, signal, *others, recipe="joint-vae", minutes=2):
    samples = [f"{TOPTAGGING[sample]}:{sample}" for sample in (background, signal)]
    changes = (f"samples.{key}={file}" for key, file in zip(("background", "signals"), samples, strict=True))
    inputs = tuple(TOPTAGGING.values())
    return run(name, "metrics.json", recipe, *changes, *others, minutes=minutes, inputs=inputs)


LHCO = "tests/data/lhco_dijets.npz"

STUDIES = (
    Study("demo", "demo", (f"{WORK}/demo",), 5),
    Study("demo-figure", "demo_figure", (f"{WORK}/demo",), 0.1, (f"{WORK}/demo",), figure="demo.png"),
    run("joint-vae", "metrics.json", "joint-vae", minutes=3),
    run("swapped", "metrics.json", "joint-vae", "samples.background=top", "samples.signals=qcd", minutes=4),
    run("conv-ae", "metrics.json", "conv-ae", minutes=4),
    on_delphes("delphes", "qcd", "top"),
    on_delphes("delphes-swapped", "top", "qcd"),
    Study(
        "outlier-exposure",
        "outlier_exposure",
        (f"{WORK}/outlier-exposure", *TOPTAGGING.values()),
        8,
        tuple(TOPTAGGING.values()),
    ),
    Study("pretrained", "pretrained", (f"{WORK}/pretrained",), 9),
    on_delphes("decorrelation", "qcd", "top", *LEAN_COMMITTEE, recipe="outlier-exposure", minutes=5),
    Study("scan", "scan", (f"{WORK}/samples",), 15),
    Study("clouds", "clouds", (f"{WORK}/samples", "20000"), 120),
    Study("clouds-1tev", "clouds", (f"{WORK}/samples", "20000", "900-1100"), 120),
    run("jets-flow", "generation.json", "jets-flow", minutes=6),
    run("jets-flow-matching", "generation.json", "jets-flow-matching", minutes=6),
    run("jets-mpgan", "generation.json", "jets-mpgan", minutes=8),
    Study("fpnd", "fpnd", (f"{WORK}/samples", "50000", "g,q,t"), 150),
    Study("likelihood", "likelihood", (f"{WORK}/samples",), 6),
    Study("intervals", "intervals", ("150",), 3),
    Study("simulated-jets", "simulated_jets", (DELPHES, "docs/figures"), 3, tuple(TOPTAGGING.values())),
    Study("simulated-events", "simulated_events", (DELPHES, f"{WORK}/samples", "docs/figures"), 5, ADC2021),
    Study(
        "pseudo-anomalies",
        "pseudo_anomalies",
        (TOPTAGGING["qcd"], "docs/figures"),
        0.5,
        (TOPTAGGING["qcd"],),
    ),
    Study("simulated-dijets", "simulated_dijets", (LHCO,), 1, (LHCO,)),
    Study("monitor", "monitor", (ADC2021[0], "docs/figures/monitor.png"), 2, ADC2021[:1]),
    Study("trigger", "trigger", (f"{WORK}/samples", "1000000", "60000"), 180),
    Study("delphes-trigger", "delphes_trigger", (DELPHES,), 5, ADC2021),
    Study("firmware", "firmware", (f"{WORK}/samples", "1000000", "60000"), 240),
    Study(
        "firmware-figure",
        "firmware_figure",
        ("docs/numbers/results/firmware.json",),
        0.1,
        ("docs/numbers/results/firmware.json",),
        figure="firmware_pareto.svg",
    ),
    Study("firmware-estimates", "firmware_estimates", (), 15),
)
