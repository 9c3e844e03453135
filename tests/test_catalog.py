"""Every data set of the catalog says where it is from and what may be done with it."""

import re

import pytest

from offshell.datasets.catalog import CATALOG, dataset_named
from offshell.errors import InputError


@pytest.mark.parametrize("name", CATALOG)
def test_an_entry_is_complete(name):
    dataset = dataset_named(name)
    assert re.fullmatch(r"[a-z0-9-]+", name)
    assert dataset.address == f"https://zenodo.org/records/{dataset.record}"
    assert f"zenodo.{dataset.record}" in dataset.citation
    assert dataset.title
    assert dataset.license
    assert dataset.files
    for file in dataset.files:
        assert file.checksum is None or re.fullmatch(r"md5:[0-9a-f]{32}", file.checksum)
        assert file.size is None or file.size > 0


def test_no_record_but_the_level_1_splits_is_there_twice():
    records = [dataset.record for name, dataset in CATALOG.items() if "level1" not in name]
    assert len(records) == len(set(records))


def test_size_is_that_of_all_files():
    assert CATALOG["top-tagging"].size == 1_038_496_555 + 347_378_076 + 347_849_376
    assert CATALOG["adc2021-background"].size is None


def test_both_releases_of_each_signal_are_there_and_told_apart():
    signals = [name for name in CATALOG if name.startswith("adc2021") and "background" not in name]
    filtered = {name.removesuffix("-filtered") for name in signals if name.endswith("-filtered")}
    assert filtered == {name for name in signals if not name.endswith("-filtered")}
    assert len(filtered) == 4
    for name in filtered:
        assert CATALOG[name].note.startswith("without the lepton preselection")
        assert CATALOG[f"{name}-filtered"].note.startswith("with the lepton preselection")


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError, match=r"one of adc2021-background, .* Received: 'adc'"):
        dataset_named("adc")
