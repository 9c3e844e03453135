"""The CMS level-1 data of 2026: hardware units, files that follow one another, and their defects."""

import awkward as ak
import numpy as np
import pyarrow.parquet as pq
import pytest
from event_files import hugging_face, level1_columns, toy_events, write_table, zenodo

from offshell.errors import InputError
from offshell.inputs.hardware import decode, encode
from offshell.io.events.reading import describe_events, read_events


@pytest.fixture(scope="module")
def events():
    return toy_events(40)


def test_counts_become_gev_and_radians(tmp_path):
    columns = {
        "MET_Et": [[61]],
        "MET_phi": [[36]],
        "egammas_egIEt": [[46]],
        "egammas_egIEta": [[-20]],
        "egammas_egIPhi": [[143]],
        "muons_muonIEt": [[47]],
        "muons_muonIEta": [[80]],
        "muons_muonIPhi": [[288]],
        "jets_jetIEt": [[30, 2047]],
        "jets_jetIEta": [[0, 100]],
        "jets_jetIPhi": [[0, 72]],
    }
    received = read_events(write_table(tmp_path / "one.parquet", columns))[0]
    np.testing.assert_allclose(received[0], [30.5, 0, np.pi / 2, 1], rtol=1e-6)
    np.testing.assert_allclose(received[1], [23, -0.87, -2 * np.pi / 144, 2], rtol=1e-6)
    np.testing.assert_allclose(received[5], [23, 0.87, -np.pi, 3], rtol=1e-6)
    np.testing.assert_allclose(received[9], [1023.5, 4.35, -np.pi, 4], rtol=1e-6)
    np.testing.assert_allclose(received[10], [15, 0, 0, 4], rtol=1e-6)
    assert not received[11:].any()


@pytest.mark.parametrize("write", [hugging_face, zenodo])
@pytest.mark.parametrize("rows", [3, 7, 1000])
@pytest.mark.parametrize("chunk", [6, 32_768])
def test_row_groups_and_files_leave_no_trace(tmp_path, events, monkeypatch, write, rows, chunk):  # noqa: PLR0917
    monkeypatch.setattr("offshell.io.events.level1.CHUNK", chunk)
    path = write(tmp_path / "some.parquet", events, rows=rows)
    physical = decode(encode(events))
    np.testing.assert_array_equal(read_events(path), physical)
    np.testing.assert_array_equal(read_events(path, start=17, stop=31), physical[17:31])


def test_collections_cut_at_different_places_stay_together(tmp_path, events, monkeypatch):
    monkeypatch.setattr("offshell.io.events.level1.CHUNK", 9)
    for rows, (collection, columns) in enumerate(level1_columns(events).items(), start=4):
        write_table(tmp_path / collection / "00000.parquet", columns, rows=rows)
    np.testing.assert_array_equal(read_events(tmp_path), decode(encode(events)))
    assert describe_events(tmp_path).layout == "CMS level-1 2026 (Zenodo)"


def refusal(path):
    with pytest.raises(InputError) as refused:
        read_events(path)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_missing_column_is_named(tmp_path, events):
    table = pq.read_table(hugging_face(tmp_path / "whole.parquet", events)).drop_columns(["jets_jetIEta"])
    pq.write_table(table, tmp_path / "part.parquet")
    assert "a table without jets_jetIEta" in refusal(tmp_path / "part.parquet")


def test_a_missing_folder_is_named(tmp_path, events):
    for file in (zenodo(tmp_path, events) / "muons").iterdir():
        file.unlink()
    assert "none in muons" in refusal(tmp_path)


def test_folders_of_different_length(tmp_path, events):
    (zenodo(tmp_path, events) / "jets" / "00001.parquet").unlink()
    message = refusal(tmp_path)
    assert "folders that do not fit" in message
    assert "'jets': 20" in message


@pytest.mark.parametrize("values", [[[46], None], [[46], [None]]])
def test_missing_values(tmp_path, values):
    columns = {
        f"{collection}_{name}": [[1], [1]]
        for collection, names in level1_columns(toy_events(2)).items()
        for name in names
    }
    columns["egammas_egIEt"] = values
    assert "null in egammas_egIEt" in refusal(write_table(tmp_path / "null.parquet", columns))


def test_unequal_numbers_of_pt_and_eta(tmp_path, events):
    joined = ak.from_arrow(pq.read_table(hugging_face(tmp_path / "whole.parquet", events)))
    columns = {name: joined[name] for name in joined.fields}
    columns["jets_jetIEta"] = columns["jets_jetIEta"][::-1]
    assert "as many pt as eta and phi" in refusal(write_table(tmp_path / "part.parquet", columns))


def test_columns_that_are_not_numbers(tmp_path, events):
    joined = ak.from_arrow(pq.read_table(hugging_face(tmp_path / "whole.parquet", events)))
    columns = {name: joined[name] for name in joined.fields}
    columns["jets_jetIEt"] = [["a"]] * len(events)
    assert "wrong type of jets_jetIEt" in refusal(write_table(tmp_path / "text.parquet", columns))


def test_one_number_in_place_of_a_list(tmp_path, events):
    joined = ak.from_arrow(pq.read_table(hugging_face(tmp_path / "whole.parquet", events)))
    columns = {name: joined[name] for name in joined.fields}
    columns["MET_Et"] = ak.flatten(columns["MET_Et"])
    assert "lists of integers. Received: int16" in refusal(write_table(tmp_path / "flat.parquet", columns))
