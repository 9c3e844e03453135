"""Fill the tables of the pages from the results: what stands between `<!-- table NAME -->` and `<!-- end -->`."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import record
from show import (
    benchmarks,
    clouds,
    delphes_trigger,
    demo,
    firmware,
    fpnd,
    generation,
    intervals,
    likelihood,
    monitor,
    outlier_exposure,
    pseudo_anomalies,
    runs,
    scan,
    simulation,
    trigger,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLACE = re.compile(r"(<!-- table (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Table:
    """From the results of some studies to Markdown."""

    show: Callable[..., str]
    studies: tuple[str, ...]

    def text(self) -> str:
        results = (json.loads((HERE / "results" / f"{name}.json").read_text()) for name in self.studies)
        return f"{self.show(*results)}\n\n{record.caption(self.studies)}"


@dataclass(frozen=True)
class Benchmark:
    """The same from a file of benchmarks/results, which says itself where it comes from."""

    name: str

    def text(self) -> str:
        path = ROOT / "benchmarks" / "results" / f"{self.name}.json"
        return benchmarks.speeds(json.loads(path.read_text()))


RUNS = ("joint-vae", "swapped", "conv-ae", "delphes", "delphes-swapped")
BENCHMARKS = (
    "images",
    "training",
    "scoring",
    "trigger_training",
    "trigger_scoring",
    "gan",
    "flow",
    "simulation",
    "dijets",
    "observables",
)
TABLES = {
    "demo": Table(demo.both_ways, ("demo",)),
    **{name: Table(runs.scores, (name,)) for name in RUNS},
    "outlier-exposure": Table(outlier_exposure.areas, ("outlier-exposure",)),
    "outlier-exposure-paired": Table(outlier_exposure.paired, ("outlier-exposure",)),
    "outlier-exposure-prior": Table(outlier_exposure.prior, ("outlier-exposure",)),
    "outlier-exposure-weights": Table(outlier_exposure.weights, ("outlier-exposure",)),
    "decorrelation": Table(runs.decorrelated, ("decorrelation",)),
    "scan": Table(scan.settings, ("scan",)),
    "trigger-areas": Table(trigger.areas, ("trigger",)),
    "trigger-efficiencies": Table(trigger.efficiencies, ("trigger",)),
    "delphes-trigger-areas": Table(delphes_trigger.areas, ("delphes-trigger",)),
    "delphes-trigger-tails": Table(delphes_trigger.tails, ("delphes-trigger",)),
    "delphes-trigger-gains": Table(delphes_trigger.gains, ("delphes-trigger",)),
    "monitor": Table(monitor.drifts, ("monitor",)),
    "clouds-detection": Table(clouds.detection, ("clouds",)),
    "clouds-signals": Table(clouds.signals, ("clouds",)),
    "clouds-signals-1tev": Table(clouds.signals, ("clouds-1tev",)),
    "clouds-reconstruction": Table(clouds.reconstruction, ("clouds",)),
    "intervals": Table(intervals.coverage, ("intervals",)),
    "intervals-rates": Table(intervals.rates, ("intervals",)),
    "intervals-tails": Table(intervals.tails, ("intervals",)),
    "generation": Table(generation.distances, ("jets-flow", "jets-flow-matching", "jets-mpgan")),
    "fpnd-simulated": Table(fpnd.simulated, ("fpnd",)),
    "fpnd-generated": Table(fpnd.generated, ("fpnd",)),
    "likelihood": Table(likelihood.coordinates, ("likelihood",)),
    "firmware": Table(firmware.triggers, ("firmware",)),
    "pseudo-anomalies": Table(pseudo_anomalies.families, ("pseudo-anomalies",)),
    "simulated-jets": Table(simulation.jets, ("simulated-jets",)),
    "simulated-events": Table(simulation.events, ("simulated-events",)),
    "simulated-dijets": Table(simulation.dijets, ("simulated-dijets",)),
    **{f"benchmark-{name}": Benchmark(name) for name in BENCHMARKS},
}


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted(HERE.parent.glob("*.md"))]


def fill() -> None:
    for page in pages():
        before = page.read_text()
        if (after := filled(before)) != before:
            page.write_text(after)


def filled(text: str) -> str:
    """The text of a page with its tables as the results have them."""
    return PLACE.sub(lambda place: f"{place[1]}\n{TABLES[place[2]].text()}\n\n{place[3]}", text)


def places(text: str) -> list[str]:
    """The names of the tables of a page."""
    return [name for _, name, _ in PLACE.findall(text)]
