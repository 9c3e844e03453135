"""Public data sets: what they are, where, under which license, how large, and the checksums of their files.

Checksums and sizes are those that public code states for the files; where none was found they are None, and
`fetch` asks Zenodo for the checksum before it downloads. Records and file names were looked up in November 2026 in
public code and documentation, not on Zenodo itself.
"""

from dataclasses import dataclass

from offshell.datasets import zenodo
from offshell.errors import InputError, did_you_mean

__all__ = ["CATALOG", "DataFile", "DataSet", "dataset_named"]


@dataclass(frozen=True)
class DataFile:
    """A file of a data set.

    Attributes:
        name: Its name in the Zenodo record.
        checksum: "md5:" and the sum; None where no public source states it.
        size: In bytes; None where no public source states it.
    """

    name: str
    checksum: str | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """A public data set.

    Attributes:
        title: What it is, in one line.
        record: Its number on Zenodo.
        files: What `fetch` downloads.
        license: As stated by its authors.
        citation: What to cite.
        note: What to know before use; empty if nothing.
    """

    title: str
    record: int
    files: tuple[DataFile, ...]
    license: str
    citation: str
    note: str = ""

    @property
    def address(self) -> str:
        """Its page."""
        return zenodo.record_address(self.record)

    @property
    def size(self) -> int | None:
        """Of all files in bytes; None where one is not known."""
        sizes = [file.size for file in self.files if file.size is not None]
        return sum(sizes) if len(sizes) == len(self.files) else None


def dataset_named(name: str) -> DataSet:
    """Returns a data set of the catalog.

    Raises:
        InputError: If there is none of this name.
    """
    if name not in CATALOG:
        raise InputError(
            f"Unknown data set.{did_you_mean(name, CATALOG)} Expected: one of {', '.join(CATALOG)}. Received: {name!r}."
        )
    return CATALOG[name]


_ADC2021 = "Govorkova et al., Sci. Data 9 (2022) 118, arXiv:2107.02157"
_UNFILTERED = "without the lepton preselection of the background: results differ much from those with it"
_FILTERED = "with the lepton preselection of the background, pt > 23 GeV"


def _signal(title: str, stem: str, record: int, *, filtered: bool) -> DataSet:
    return DataSet(
        title=f"ADC2021 {title}",
        record=record,
        files=(DataFile(f"{stem}_filtered.h5" if filtered else f"{stem}.h5"),),
        license="see the record; CC-BY-4.0 for the background",
        citation=f"{_ADC2021}, doi:10.5281/zenodo.{record}",
        note=_FILTERED if filtered else _UNFILTERED,
    )


_A_TO_4L = ("A -> 4 leptons", "Ato4l_lepFilter_13TeV")
_LEPTOQUARK = ("leptoquark -> b tau", "leptoquark_LOWMASS_lepFilter_13TeV")
_H_TO_TAU_TAU = ("h0 -> tau tau", "hToTauTau_13TeV_PU20")
_H_TO_TAU_NU = ("h+ -> tau nu", "hChToTauNu_13TeV_PU20")


def _level1(split: str) -> DataSet:
    return DataSet(
        title=f"CMS level-1 trigger objects of 2025, {split}",
        record=21787779,
        files=(DataFile(f"{split}.tar"),),
        license="CC0-1.0",
        citation="Trigger Anomaly Detection for New Physics at the LHC, doi:10.5281/zenodo.21787779",
        note="unpack with tar xf; each <category>/<sample>/<split> in it is a folder of events",
    )


CATALOG = {
    "adc2021-background": DataSet(
        title="ADC2021 background: W, QCD, Z and top pairs with a lepton",
        record=5046389,
        files=(DataFile("background_for_training.h5"),),
        license="CC-BY-4.0",
        citation=f"{_ADC2021}, doi:10.5281/zenodo.5046389",
        note="lepton preselection, pt > 23 GeV",
    ),
    "adc2021-a-4l": _signal(*_A_TO_4L, 5046446, filtered=False),
    "adc2021-leptoquark": _signal(*_LEPTOQUARK, 5055454, filtered=False),
    "adc2021-h-tautau": _signal(*_H_TO_TAU_TAU, 5061633, filtered=False),
    "adc2021-h-taunu": _signal(*_H_TO_TAU_NU, 5061688, filtered=False),
    "adc2021-a-4l-filtered": _signal(*_A_TO_4L, 7152590, filtered=True),
    "adc2021-leptoquark-filtered": _signal(*_LEPTOQUARK, 7152599, filtered=True),
    "adc2021-h-tautau-filtered": _signal(*_H_TO_TAU_TAU, 7152614, filtered=True),
    "adc2021-h-taunu-filtered": _signal(*_H_TO_TAU_NU, 7152617, filtered=True),
    "cms-level1-train": _level1("train"),
    "cms-level1-valid": _level1("valid"),
    "cms-level1-test": _level1("test"),
    "top-tagging": DataSet(
        title="Top Tagging reference set: QCD and top jets",
        record=2603256,
        files=(
            DataFile("train.h5", "md5:45663819f47c13724f67eb0fd80bfa5c", 1_038_496_555),
            DataFile("val.h5", "md5:dca4b7248027618f041f9baa86d360fc", 347_378_076),
            DataFile("test.h5", "md5:13163479dee30a5fe546e4536cc3d04d", 347_849_376),
        ),
        license="CC-BY-4.0",
        citation="Kasieczka et al., SciPost Phys. 7 (2019) 014, arXiv:1902.09914, doi:10.5281/zenodo.2603256",
    ),
    "jetnet": DataSet(
        title="JetNet: gluon, quark, top, W and Z jets of up to 30 particles",
        record=6975118,
        files=(
            DataFile("g.hdf5", size=87_919_040),
            DataFile("q.hdf5", size=84_658_832),
            DataFile("t.hdf5", size=88_262_768),
            DataFile("w.hdf5", size=87_879_360),
            DataFile("z.hdf5", size=87_770_240),
        ),
        license="CC-BY-4.0",
        citation="Kansal et al., NeurIPS 2021, arXiv:2106.11535, doi:10.5281/zenodo.6975118",
    ),
    "lhc-olympics": DataSet(
        title="LHC Olympics 2020 R&D: features of dijet events, two- and three-prong signals",
        record=6466204,
        files=(
            DataFile("events_anomalydetection_v2.features.h5", "md5:271cf5e71fc756b2a8d2b32730689bdb"),
            DataFile("events_anomalydetection_Z_XY_qqq.features.h5", "md5:1e729f7dff225451182c28afaa4bb411"),
        ),
        license="CC-BY-4.0",
        citation="Kasieczka et al., Rep. Prog. Phys. 84 (2021) 124201, arXiv:2101.08320, doi:10.5281/zenodo.6466204",
        note="no reader yet",
    ),
    "dark-machines": DataSet(
        title="Dark Machines unsupervised challenge: events of four channels",
        record=3961917,
        files=(DataFile("training_files.tar"),),
        license="CC-BY-4.0",
        citation="Aarrestad et al., SciPost Phys. 12 (2022) 043, arXiv:2105.14027, doi:10.5281/zenodo.3961917",
        note="no reader yet",
    ),
}
"""The data sets by name."""
