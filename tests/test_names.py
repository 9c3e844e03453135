"""What a name means: a process, a file or a folder."""

import logging
from pathlib import Path

import pytest

from offshell.errors import InputError
from offshell.io.addresses import refuse_address
from offshell.io.events.reading import read_events
from offshell.io.jets.reading import read_jets
from offshell.samples.names import KINDS, about_process, file_named, refuse_unknown_process
from offshell.samples.samples import anchored
from offshell.samples.settings import EventSamples, JetSamples


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def touch(name):
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).touch()


@pytest.mark.parametrize(
    "name",
    [
        "JETS.H5",
        "jets.hd5",
        "jets.HDF5",
        "jets",
        "jets.root.1",
        "run:1/jets.h5",
        "a:b.h5",
        "jets.h5:2",
        "qcd",
        "x.h5:qcd",
    ],
)
def test_an_existing_file_is_a_file_whatever_its_name(name):
    touch(name)
    assert file_named(name, "jets") == (Path(name), None)
    assert file_named(f"{name}:top", "jets") == (Path(name), "top")


def test_a_file_called_like_a_process_is_not_taken_without_a_word(caplog):
    touch("qcd")
    with caplog.at_level(logging.INFO):
        file_named("qcd", "jets")
    assert "qcd is the file of this name, not the process." in caplog.text


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in KINDS[kind]])
def test_a_folder_called_like_a_process_does_not_hide_it(kind, name):
    assert file_named(name, kind) is None
    Path(name).mkdir()
    assert file_named(name, kind) is None
    assert file_named(f"./{name}", kind) == (Path(name), None)


def test_another_folder_is_a_folder():
    Path("shards").mkdir()
    Path("jets.h5").mkdir()
    assert file_named("shards", "events") == (Path("shards"), None)
    assert file_named("jets.h5", "events") == (Path("jets.h5"), None)


@pytest.mark.parametrize(
    ("name", "path", "label"),
    [
        ("none.h5", "none.h5", None),
        ("none.H5:top", "none.H5", "top"),
        ("there/none", "there/none", None),
        ("/a:b/none.h5", "/a:b/none.h5", None),
        ("/a:b/none.h5:qcd", "/a:b/none.h5", "qcd"),
    ],
)
def test_what_is_like_a_path_is_one_though_nothing_is_there(name, path, label):
    assert file_named(name, "jets") == (Path(path), label)


@pytest.mark.parametrize("name", ["tops", "", ":", "top:qcd", "x" * 5000, "a\0b"])
def test_what_is_like_nothing_is_no_file(name):
    assert file_named(name, "jets") is None


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("jets", "a-4l", "a-4l is a process of events: offshell simulate events a-4l."),
        ("jets", "A-4L", "offshell simulate events a-4l."),
        ("jets", "background", "offshell simulate events background."),
        ("events", "qcd", "qcd is a process of jets: offshell simulate jets qcd."),
        ("jets", "QCD", "offshell simulate jets qcd."),
        ("jets", "tops", "Did you mean 'top'?"),
        ("events", "leptoquarks", "Did you mean 'leptoquark'?"),
    ],
)
def test_the_right_process_is_offered(kind, name, words):
    with pytest.raises(InputError) as refused:
        refuse_unknown_process(name, kind)
    assert words in str(refused.value)


@pytest.mark.parametrize(("kind", "name"), [("jets", "xyzzy"), ("events", "jets"), ("jets", "h-tautaus")])
def test_nothing_is_offered_where_nothing_is_near(kind, name):
    with pytest.raises(InputError, match="Unknown process") as refused:
        refuse_unknown_process(name, kind)
    assert "Did you mean" not in str(refused.value)


def test_processes_of_the_two_kinds_have_different_names():
    assert not set(KINDS["jets"]) & set(KINDS["events"])
    assert about_process("pca") is None


@pytest.mark.parametrize(
    ("address", "tool"),
    [
        ("root://eos.cern.ch//eos/a.root", "xrdcp"),
        ("https://zenodo.org/a.h5", "curl -LO"),
        ("HTTP://a.org/b", "curl -LO"),
        ("s3://bucket/a.h5", "the tool of that storage"),
    ],
)
def test_an_address_is_answered_with_what_is_possible(address, tool):
    for refuse in (refuse_address, read_events, read_jets, lambda name: file_named(name, "jets")):
        with pytest.raises(InputError, match=f"copy the file first, with {tool}"):
            refuse(address)
    with pytest.raises(InputError, match=f"copy the file first, with {tool}"):
        read_events(Path(address))


@pytest.mark.parametrize("name", ["run:1/jets.h5", "roots/a.h5", "a.h5", "root"])
def test_a_path_is_no_address(name):
    refuse_address(name)


def test_a_table_means_the_same_wherever_it_is_read(tmp_path, monkeypatch):
    touch("run:1/JETS.H5")
    settings = JetSamples(background="run:1/JETS.H5:qcd", signals=["top", "none.h5:top"])
    fixed = anchored(settings)
    assert fixed.background == f"{tmp_path}/run:1/JETS.H5:qcd"
    assert fixed.signals == ["top", f"{tmp_path}/none.h5:top"]
    monkeypatch.chdir("/")
    assert anchored(fixed) == fixed
    assert file_named(fixed.background, "jets") == (tmp_path / "run:1/JETS.H5", "qcd")
    assert anchored(EventSamples()) == EventSamples()
