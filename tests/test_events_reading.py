"""Events are read from every layout in one form, and each defect of a file gives one clear line."""

import sys
import tracemalloc
from contextlib import nullcontext
from pathlib import Path

import h5py
import numpy as np
import pytest
from event_files import (
    delphes,
    hdf5,
    hugging_face,
    level1_nanoaod,
    level1_ntuple,
    nanoaod,
    toy_events,
    zenodo,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from offshell.errors import InputError, MissingDependencyError
from offshell.inputs.hardware import decode, encode
from offshell.io.events.reading import count_events, describe_events, iter_events, read_events
from offshell.io.events.source import EventFile, EventSource
from offshell.io.store import EventArrays, write_events

WRITERS = {
    "particles.h5": hdf5,
    "delphes.root": delphes,
    "nano.root": nanoaod,
    "nano-level1.root": level1_nanoaod,
    "ntuple.root": level1_ntuple,
    "mirror.parquet": hugging_face,
    "record": zenodo,
}
HARDWARE = {"mirror.parquet", "record"}


@pytest.fixture(scope="module")
def events():
    return toy_events(60)


@pytest.fixture(scope="module", params=WRITERS)
def written(request, events, tmp_path_factory):
    """A file of each layout, and the events that it holds."""
    path = WRITERS[request.param](tmp_path_factory.mktemp("events") / request.param, events)
    return path, decode(encode(events)) if request.param in HARDWARE else events


def test_every_layout_gives_the_events_that_were_written(written):
    path, events = written
    received = read_events(str(path))
    assert received.dtype == np.float32
    np.testing.assert_array_equal(received, events)


@pytest.mark.parametrize("chunk", [17, 32_768])
def test_ranges_are_those_of_slices(written, monkeypatch, chunk):
    path, events = written
    for module in ("layouts", "root", "level1"):
        monkeypatch.setattr(f"offshell.io.events.{module}.CHUNK", chunk)
    np.testing.assert_array_equal(read_events(path), events)
    np.testing.assert_array_equal(read_events(path, start=5, stop=20), events[5:20])
    np.testing.assert_array_equal(read_events(path, start=33, stop=1000), events[33:])


def test_batches_have_the_asked_size_and_hold_every_event_once(written):
    path, events = written
    batches = list(iter_events(path, batch_size=25))
    assert [len(batch) for batch in batches] == [25, 25, 10]
    np.testing.assert_array_equal(np.concatenate(batches), events)


def test_events_are_counted_and_described(written):
    path, _ = written
    assert count_events(path) == 60
    source = describe_events(path)
    assert (source.path, source.n_events, source.version) == (path, 60, "unknown")


@pytest.mark.parametrize(
    ("name", "attributes", "version"),
    [
        ("Ato4l_lepFilter_13TeV.h5", {}, "unfiltered"),
        ("Ato4l_lepFilter_13TeV_filtered.h5", {}, "filtered"),
        ("hChToTauNu_13TeV_PU20.h5", {}, "unfiltered"),
        ("hChToTauNu_13TeV_PU20_filtered.h5", {}, "filtered"),
        ("background_for_training.h5", {}, "filtered"),
        ("mine.h5", {}, "unknown"),
        ("mine_filtered.h5", {"offshell_version": "0.1.0"}, "simulated"),
    ],
)
def test_the_release_of_a_file_is_told(tmp_path, events, name, attributes, version):
    assert describe_events(hdf5(tmp_path / name, events, **attributes)).version == version


def test_double_precision_is_read_as_float32(tmp_path, events):
    received = read_events(hdf5(tmp_path / "double.h5", events.astype(np.float64)))
    np.testing.assert_array_equal(received, events)


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("offshell.io.events.layouts.CHUNK", 200)
    events = toy_events(20_000)
    path = hdf5(tmp_path / "many.h5", events)
    tracemalloc.start()
    assert sum(len(batch) for batch in iter_events(path, batch_size=200)) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 0.1 * events.nbytes


def test_what_was_simulated_is_read(tmp_path, events):
    rows = EventArrays(events, np.zeros(60, np.int8), np.arange(60), np.ones(60))
    write_events(tmp_path / "background.h5", [rows], attributes={"process": "background"})
    np.testing.assert_array_equal(read_events(tmp_path / "background.h5"), events)
    assert describe_events(tmp_path / "background.h5").version == "simulated"


def refusal(path, **options):
    """The message with which a file is refused: one line that names the file."""
    with pytest.raises(InputError) as refused:
        read_events(path, **options)
    message = str(refused.value)
    assert "\n" not in message
    assert str(path) in message
    assert "Expected: " in message
    assert "Received: " in message
    return message


def test_a_missing_file(tmp_path):
    assert "no such file" in refusal(tmp_path / "absent.h5")


def test_a_file_of_zero_bytes(tmp_path):
    (tmp_path / "zero.root").touch()
    assert "an empty file" in refusal(tmp_path / "zero.root")


def test_a_file_of_another_kind(tmp_path):
    (tmp_path / "note.h5").write_text("pt eta phi\n")
    assert "a file of another kind" in refusal(tmp_path / "note.h5")


def test_a_folder_of_something_else(tmp_path):
    assert "Received: none in MET" in refusal(tmp_path)


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.8])
def test_a_truncated_file(written, tmp_path, share):
    path, _ = written
    if path.is_dir():
        path = next(path.glob("jets/*"))
    content = path.read_bytes()
    part = tmp_path / path.name
    part.write_bytes(content[: max(int(share * len(content)), 4)])
    assert "truncated" in refusal(part) or "damaged" in refusal(part)


def test_a_missing_key_says_which_keys_there_are(tmp_path, events):
    with h5py.File(tmp_path / "jets.h5", "w") as file:
        file["constituents"] = events
    message = refusal(tmp_path / "jets.h5")
    assert "Expected: the key Particles. Received: the keys constituents" in message


@pytest.mark.parametrize("shape", [(5, 19), (5, 19, 3), (5, 18, 4), (76,), ()])
def test_a_wrong_shape(tmp_path, shape):
    message = refusal(hdf5(tmp_path / "flat.h5", np.ones(shape)))
    assert f"Expected: (n, 19, 4). Received: {shape}" in message


def test_a_group_in_place_of_the_events(tmp_path):
    with h5py.File(tmp_path / "group.h5", "w") as file:
        file["Particles/pt"] = np.ones(3)
    assert "Received: a group" in refusal(tmp_path / "group.h5")


def test_events_that_are_not_numbers(tmp_path):
    assert "wrong type of Particles" in refusal(hdf5(tmp_path / "text.h5", np.full((2, 19, 4), b"a")))


def test_a_file_without_events(tmp_path):
    path = hdf5(tmp_path / "none.h5", np.empty((0, 19, 4), np.float32))
    assert "at least one. Received: 0" in refusal(path)


def test_a_file_that_was_not_written_to_its_end(tmp_path, events):
    with h5py.File(tmp_path / "part.h5", "w") as file:
        dataset = file.create_dataset("Particles", (60, 19, 4), np.float32, chunks=(7, 19, 4))
        dataset[:40] = events[:40]
    assert "unwritten events. Expected: all of 60" in refusal(tmp_path / "part.h5")
    with h5py.File(tmp_path / "part.h5", "a") as file:
        file["Particles"][40:] = events[40:]
    np.testing.assert_array_equal(read_events(tmp_path / "part.h5"), events)


def test_a_file_that_says_it_has_more_events_than_it_has(monkeypatch, events):
    def chunks(_start, _stop):
        yield events
        while True:
            yield events[:0]

    source = EventSource(Path("short.root"), "toy", 10**15)
    monkeypatch.setattr(
        "offshell.io.events.reading.open_events", lambda _path: nullcontext(EventFile(source, chunks))
    )
    assert "events are missing. Expected: 1000000000000000 from 0 on" in refusal("short.root")


def test_a_file_of_nothing_but_padding(tmp_path):
    path = hdf5(tmp_path / "padding.h5", np.zeros((40, 19, 4), np.float32))
    assert "only padding" in refusal(path)


def test_an_event_of_nothing_but_padding_stays_an_event(tmp_path, events):
    some = events.copy()
    some[7] = 0
    received = read_events(hdf5(tmp_path / "some.h5", some))
    assert len(received) == 60
    assert received[7, 0].tolist() == [0, 0, 0, 1]
    assert not received[7, 1:].any()


def test_a_range_past_the_end(written):
    assert "no events left" in refusal(written[0], start=60)


@pytest.mark.parametrize("options", [{"start": -1}, {"stop": -1}])
def test_a_negative_range(written, options):
    with pytest.raises(InputError, match="Expected: 0 <= start < stop"):
        read_events(written[0], **options)


def test_a_batch_size_of_zero(written):
    with pytest.raises(InputError, match="batch_size=0"):
        next(iter_events(written[0], batch_size=0))


@pytest.mark.parametrize(
    ("write", "missing"), [(nanoaod, ("uproot", "root")), (hugging_face, ("pyarrow", "parquet"))]
)
def test_a_file_without_the_extra_says_what_to_install(tmp_path, events, monkeypatch, write, missing):
    package, extra = missing
    path = write(tmp_path / "file", events)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=rf"pip install 'offshell\[{extra}\]'"):
        read_events(path)


def sound_or_refused(path):
    """The events of a file, or None if it is refused in one line."""
    try:
        return read_events(path)
    except InputError as error:
        message = str(error)
    assert "\n" not in message
    return None


numbers = st.one_of(
    st.floats(width=32), st.sampled_from([np.nan, np.inf, -np.inf, -1.0, 0.0, 1e30, 3.2, 7.0])
)
places = st.tuples(st.integers(0, 4), st.integers(0, 18), st.integers(0, 3))


@given(values=st.lists(st.tuples(places, numbers), max_size=6))
def test_whatever_the_numbers_events_are_sound_or_refused(values, tmp_path_factory):
    events = toy_events(5)
    for place, value in values:
        events[place] = value
    received = sound_or_refused(hdf5(tmp_path_factory.getbasetemp() / "fuzz.h5", events))
    if received is not None:
        assert received.shape == (5, 19, 4)
        assert np.isfinite(received).all()
        assert (received[..., 0] >= 0).all()
        assert (np.diff(received[:, 9:, 0], axis=1) <= 0).all()
        assert np.abs(received[..., 1]).max() <= 6
        assert np.abs(received[..., 2]).max() <= np.pi + 1e-5
        assert not received[received[..., 3] == 0].any()


@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_whatever_bytes_are_changed_events_are_sound_or_refused(data, written, tmp_path_factory):
    path, _ = written
    original = next(path.glob("jets/*")) if path.is_dir() else path
    content = bytearray(original.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    new = data.draw(st.binary(min_size=1, max_size=30))
    content[place : place + len(new)] = new
    broken = tmp_path_factory.getbasetemp() / f"broken{original.suffix}"
    broken.write_bytes(content)
    received = sound_or_refused(broken)
    assert received is None or np.isfinite(received).all()
