"""Processes in files of a user: settings of Pythia, hard processes (LHE) and whole events (HepMC)."""

import gzip
import logging

import numpy as np
import pytest
from collision_files import lhe_text, write_hepmc

from offshell.errors import InputError
from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate import PROCESSES, EventProcess, Process, events, given_process, iter_jets, jets
from offshell.simulate.generator.files import events as of_files
from offshell.simulate.generator.files.events import blocks, checked_event_file
from offshell.simulate.generator.pythia import collisions
from offshell.simulate.large_radius.production import JetChunk
from offshell.simulate.shares import first_of

N_EVENTS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Sixty hard processes as LHE, and the final particles of other collisions as HepMC."""
    found = tmp_path_factory.mktemp("events")
    (found / "qcd.lhe").write_text(lhe_text(N_EVENTS, pt=620.0))
    (found / "qcd.lhe.gz").write_bytes(gzip.compress((found / "qcd.lhe").read_bytes()))
    write_hepmc(found / "qcd.hepmc", generated())
    return found


def generated():
    return next(collisions(PROCESSES["qcd"], seed=2))


def test_hepmc_gives_the_particles_that_were_written_in_our_units(folder):
    file = checked_event_file(folder / "qcd.hepmc")
    assert file.n_events == 100
    (block,) = blocks(file)
    read = next(collisions(Process("events"), seed=1, block=block))
    written = generated().final
    order = np.argsort(read.particles.event, kind="stable")
    np.testing.assert_array_equal(read.particles.event, written.event)
    np.testing.assert_allclose(read.weight, 0.5)
    for number in (0, 50, 99):
        mine, theirs = (part.where(part.event == number) for part in (read.particles.where(order), written))
        by_energy, their_energy = np.argsort(mine.momentum[:, 0]), np.argsort(theirs.momentum[:, 0])
        np.testing.assert_allclose(mine.momentum[by_energy], theirs.momentum[their_energy], rtol=1e-12)
        np.testing.assert_array_equal(mine.pdg_id[by_energy], theirs.pdg_id[their_energy])
        np.testing.assert_allclose(mine.vertex[by_energy], theirs.vertex[their_energy], rtol=1e-12)


@pytest.mark.parametrize("name", ["qcd.lhe", "qcd.hepmc"])
def test_a_file_gives_all_its_jets_on_any_number_of_workers(folder, name, monkeypatch):
    monkeypatch.setattr(of_files, "_EVENTS_PER_BLOCK", {"lhe": 20, "hepmc": 40})
    chunks = list(iter_jets(folder / name, None, seed=3, workers=1))
    n_events = checked_event_file(folder / name).n_events
    assert [chunk.n_tried for chunk in chunks] == ([20] * 3 if "lhe" in name else [40, 40, 20])
    assert 0.15 * n_events < sum(map(len, chunks)) < n_events
    together = jets(folder / name, None, seed=3, workers=2)
    np.testing.assert_array_equal(np.concatenate([chunk.constituents for chunk in chunks]), together)
    np.testing.assert_array_equal(jets(str(folder / name), 3, seed=3, workers=1), together[:3])
    pt, eta, _ = pt_eta_phi(together.sum(axis=1, dtype=np.float64))
    assert np.all((pt >= 549.99) & (pt <= 650.01) & (np.abs(eta) < 2))


def test_a_compressed_file_gives_the_same(folder):
    plain, compressed = (jets(folder / f"qcd.lhe{end}", 5, seed=1, workers=1) for end in ("", ".gz"))
    np.testing.assert_array_equal(plain, compressed)


def test_hard_processes_are_showered_and_know_their_flavor(folder):
    (chunk,) = iter_jets(folder / "qcd.lhe", None, seed=1, workers=1)
    assert (chunk.columns["flavor"] == 21).mean() > 0.9
    assert (chunk.constituents[..., 0] > 0).sum(axis=1).mean() > 20


def test_blocks_hold_every_event_once_and_in_order(folder, monkeypatch):
    monkeypatch.setattr(of_files, "_EVENTS_PER_BLOCK", {"lhe": 25})
    found = list(blocks(checked_event_file(folder / "qcd.lhe.gz")))
    assert [block.n_events for block in found] == [25, 25, 10]
    header, _, rest = (folder / "qcd.lhe").read_bytes().partition(b"<event>")
    assert all(block.text.startswith(header) for block in found)
    assert b"".join(
        block.text.removeprefix(header).replace(b"</LesHouchesEvents>\n", b"") for block in found
    ) == (b"<event>" + rest.replace(b"</LesHouchesEvents>\n", b""))


def test_a_file_that_ends_early_is_said_in_one_line(folder, caplog):
    with caplog.at_level(logging.WARNING):
        found = jets(folder / "qcd.lhe", 1000, seed=1, workers=1)
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == f"qcd.lhe ends early: {len(found)} jets instead of 1000."


def test_a_file_without_any_jet_is_refused(folder):
    with pytest.raises(InputError, match=r"qcd\.lhe gives no jets\. Expected: .* Received: none"):
        jets(folder / "qcd.lhe", None, seed=1, pt=(1500, 1600), workers=1)


def test_chunks_are_passed_on_until_there_are_enough():
    chunks = (JetChunk(np.full((n, 200, 4), n), 10, {"pt_hat": np.arange(n)}) for n in (3, 4, 5))
    first, second = first_of(chunks, 5, source="x", unit="jets")
    assert (len(first), len(second)) == (3, 2)
    assert second.columns["pt_hat"].tolist() == [0, 1]
    assert len(next(chunks)) == 5  # not asked for before


def damaged(folder, name, tmp_path):
    whole = (folder / "qcd.lhe").read_text()
    texts = {
        "truncated.lhe": whole[: len(whole) // 2],
        "truncated.hepmc": (folder / "qcd.hepmc").read_text()[:300_000],
        "letters.lhe": whole.replace("e+02", "e+xx", 1),
        "count.lhe": whole.replace("\n4 1 1.0", "\n7 1 1.0", 1),
        "empty.lhe": "",
        "empty.hepmc": "",
        "jets.lhe": "no events",
    }
    path = tmp_path / name
    if name in texts:
        path.write_text(texts[name])
    elif name == "truncated.lhe.gz":
        path.write_bytes((folder / "qcd.lhe.gz").read_bytes()[:-2000])
    return path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("truncated.lhe", "Expected: a complete file of events in the format lhe"),
        ("truncated.lhe.gz", "Expected: a complete file of events in the format lhe"),
        ("truncated.hepmc", "Received: [0-9]+ events and an end in the middle"),
        ("letters.lhe", "Received: could not convert string to float"),
        ("count.lhe", "Received: 4 instead of 7 particles in event 1"),
        ("empty.lhe", "Cannot read .*empty.lhe"),
        ("empty.hepmc", "empty.hepmc holds no event"),
        ("jets.lhe", "Cannot read .*jets.lhe"),
        ("missing.lhe", "No such file"),
        ("missing.hepmc.gz", "No such file"),
    ],
)
def test_a_damaged_file_is_refused_in_one_line_before_anything_is_simulated(folder, name, said, tmp_path):
    with pytest.raises(InputError, match=said) as error:
        jets(damaged(folder, name, tmp_path), None, seed=1)
    assert "\n" not in str(error.value)


CMND = """! my process
HardQCD:gg2gg = on  ! gluons
/* not
HardQCD:all = on */
*/
PhaseSpace:pTHatMin = 560
PhaseSpace:pTHatMax = 700
Random:seed = 7
Print:quiet = off
"""


def test_settings_are_read_without_comments_and_do_not_touch_seeds(tmp_path, capfd):
    (tmp_path / "my.cmnd").write_text(CMND)
    process = given_process(tmp_path / "my.cmnd")
    assert process.name == "my.cmnd"
    assert process.settings[0] == "HardQCD:gg2gg = on  ! gluons"
    assert len(process.settings) == 5
    (chunk,), (other,) = (iter_jets(tmp_path / "my.cmnd", 4, seed=seed, workers=1) for seed in (1, 2))
    assert not np.array_equal(chunk.constituents, other.constituents)
    assert capfd.readouterr() == ("", "")
    assert set(chunk.columns["flavor"]) <= {21, 0}
    assert np.all((chunk.columns["pt_hat"] > 560) & (chunk.columns["pt_hat"] < 700))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("HardQDC:all = on", "line 10: Pythia refuses the setting"),
        ("9999:m0 = 3", "line 10: Pythia refuses the setting"),
        ("include = other.cmnd", "line 10: more than one file or run"),
        ("Main:subrun = 1", "line 10: more than one file or run"),
        ("Beams:frameType = 4", "line 10: events of another generator"),
    ],
)
def test_a_wrong_line_of_settings_is_named(tmp_path, line, said, capfd):
    (tmp_path / "my.cmnd").write_text(CMND + line + "\n")
    with pytest.raises(InputError, match=said) as error:
        given_process(tmp_path / "my.cmnd")
    assert f"Received: {line!r}" in str(error.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("text", "said"), [("", "holds no setting"), (None, "Cannot read")])
def test_settings_that_are_not_there_are_refused(tmp_path, text, said):
    if text is not None:
        (tmp_path / "my.cmnd").write_text(text)
    with pytest.raises(InputError, match=said):
        given_process(tmp_path / "my.cmnd")


def test_what_a_file_decides_is_not_an_option(folder, tmp_path):
    (tmp_path / "my.cmnd").write_text(CMND + "beams:eCM = 13000\nPartonLevel:MPI = on\n")
    for options in ({"energy": 13.6}, {"multiparton": False}):
        with pytest.raises(InputError, match=f"'my.cmnd' decides on {next(iter(options))} itself"):
            jets(tmp_path / "my.cmnd", 1, seed=1, **options)
    for name, options in (("qcd.lhe", {"energy": 13}), ("qcd.hepmc", {"multiparton": True})):
        with pytest.raises(InputError, match=f"decides on {next(iter(options))} itself.*the collisions of"):
            jets(folder / name, 1, seed=1, **options)


def test_a_process_without_end_needs_a_number_of_jets():
    with pytest.raises(InputError, match=r"n_jets is not a valid count.* Received: None"):
        jets("qcd", None, seed=1)


W_EVENTS = ("WeakSingleBoson:ffbar2W = on", "24:onMode = off", "24:onIfAny = 11 13")


def test_events_of_your_own_process_and_of_files_pass_the_same_trigger(tmp_path):
    own = EventProcess("my w", settings=W_EVENTS)
    (tmp_path / "w.cmnd").write_text("\n".join(W_EVENTS))
    of_process, of_file = (
        events(given, 12, seed=1, pileup=0, workers=1) for given in (own, tmp_path / "w.cmnd")
    )
    np.testing.assert_array_equal(of_process, of_file)
    assert of_process.shape == (12, 19, 4)
    assert np.all(of_process[:, 1:9, 0].max(axis=1) > 23)
    with pytest.raises(InputError, match="n_events is not a valid count"):
        events(own, None, seed=1)
