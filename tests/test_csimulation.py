import numpy as np
import pytest

from offshell.errors import FirmwareError, InputError
from offshell.firmware.hls.csimulation import csimulate
from offshell.firmware.hls.project import write_hls
from offshell.firmware.trigger.definition import Shift, Trigger
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import ScalarSum


@pytest.fixture
def project(tmp_path):
    """The sum of two numbers with four bits, and whether it is above 20; each test may edit its own."""
    folder = tmp_path / "project"
    scaling = Shift(np.zeros(2, np.int64), np.zeros(2, np.int64), 1)
    formats = (Fixed(signed=False, integer=4, fraction=0),) * 2
    write_hls(
        Trigger(formats, (2,), scaling, None, ScalarSum((0, 1)), 0, 20), folder, clock_ns=5, part="xcvu9p"
    )
    return folder


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return tmp_path_factory.mktemp("build")


def test_score_and_bit_of_every_event(project, build):
    integers = np.stack(np.meshgrid(np.arange(16), np.arange(16)), axis=-1).reshape(-1, 2)
    sums = integers.sum(1)
    np.testing.assert_array_equal(
        csimulate(project, integers, build=build), np.stack([sums, sums > 20], axis=1)
    )


def test_a_build_is_used_again_until_the_project_changes(project, tmp_path):
    builds = tmp_path / "builds"
    builds.mkdir()
    integers = np.array([[10, 10]])
    assert csimulate(project, integers, build=builds).tolist() == [[20, 0]]
    (first,) = builds.iterdir()
    made = first.stat().st_mtime_ns
    csimulate(project, integers, build=builds)
    assert first.stat().st_mtime_ns == made
    source = project / "trigger.cpp"
    source.write_text(source.read_text().replace("THRESHOLD = 20LL", "THRESHOLD = 19LL"))
    assert csimulate(project, integers, build=builds).tolist() == [[20, 1]]


@pytest.mark.parametrize("integers", [np.zeros((3, 3), np.int64), np.zeros((3, 2)), np.zeros(2, np.int64)])
def test_other_vectors_are_refused(integers, project, build):
    with pytest.raises(InputError, match=r"Expected: integers, \(n, 2\)"):
        csimulate(project, integers, build=build)


@pytest.mark.parametrize("integer", [-1, 16, 2**40])
def test_an_integer_that_does_not_fit_is_refused(integer, project, build):
    with pytest.raises(InputError, match="Event 1 does not fit"):
        csimulate(project, np.array([[1, 2], [3, integer]]), build=build)


def test_code_that_does_not_compile_is_one_line(project, tmp_path):
    builds, source = tmp_path / "builds", project / "trigger.cpp"
    builds.mkdir()
    source.write_text(source.read_text() + "nonsense\n")
    with pytest.raises(FirmwareError, match=r"does not compile.*error:.*nonsense") as caught:
        csimulate(project, np.array([[1, 2]]), build=builds)
    assert "\n" not in str(caught.value)
    assert list(builds.iterdir()) == []


def test_without_a_compiler(project, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FirmwareError, match="no C\\+\\+ compiler"):
        csimulate(project, np.array([[1, 2]]), build=tmp_path)
