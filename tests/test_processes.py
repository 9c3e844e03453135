"""The table of processes is complete, and a wrong name gets an answer."""

import pytest

from offshell.errors import InputError
from offshell.simulate.generator.processes.of_events import EVENT_PROCESSES
from offshell.simulate.generator.processes.of_jets import PROCESSES, process_named
from offshell.simulate.generator.processes.process import Process


def test_the_table_has_the_background_the_bosons_and_new_physics():
    names = {"qcd", "top", "w", "z", "gluon", "quark", "h_bb", "dark_shower", "heavy_resonance"}
    assert names <= set(PROCESSES)


def test_processes_of_events_are_numbered_in_the_order_of_the_table():
    """The number chooses the seed of a process in the mixture, and marks its events in files."""
    assert [process.code for process in EVENT_PROCESSES.values()] == list(range(len(EVENT_PROCESSES)))


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_says_what_it_is_and_where_it_comes_from(name):
    process = process_named(name)
    assert process.name == name
    assert process.title
    assert process.source
    assert process.settings


@pytest.mark.parametrize(
    ("wrong", "nearest"), [("QCD", "qcd"), ("tops", "top"), ("h_b", "h_bb"), ("dark-shower", "dark_shower")]
)
def test_an_unknown_process_is_refused_with_the_nearest_name(wrong, nearest):
    with pytest.raises(InputError, match=f"Did you mean '{nearest}'.*Received: '{wrong}'"):
        process_named(wrong)


def test_a_process_without_room_for_a_jet_is_refused():
    with pytest.raises(InputError, match=r"Process 'mine': no range of pt.* Received: 650 to 550"):
        Process("mine", jet_pt=(650, 550))


def test_the_table_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        PROCESSES["mine"] = PROCESSES["qcd"]
