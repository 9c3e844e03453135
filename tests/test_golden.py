import numpy as np
import pytest

from offshell.errors import InputError
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.golden import Golden, read_golden, write_golden
from offshell.firmware.trigger.ports import Ports

PORTS = Ports(
    (Fixed(signed=True, integer=11, fraction=0),) * 3,
    (Fixed(signed=False, integer=15, fraction=0), Fixed(signed=False, integer=1, fraction=0)),
    latency=4,
)


@pytest.fixture
def golden():
    rng = np.random.default_rng(1)
    inputs = rng.integers(-2048, 2048, (50, 3))
    inputs[0] = [1, -1, 2]
    score = np.abs(inputs).sum(axis=1)
    return Golden(inputs, np.stack([score, score > 3000], axis=1).astype(np.int64), np.array([0, 7, 49]))


@pytest.fixture
def folder(tmp_path, golden):
    write_golden(tmp_path, golden, PORTS)
    return tmp_path


def test_text_is_what_stands_on_the_wires(folder):
    lines = (folder / "inputs.hex").read_text().splitlines()
    assert lines[0] == "002fff001"  # 2, -1, 1 in twelve wires each
    assert len(lines) == 3
    assert (folder / "expected.hex").read_text().splitlines()[0] == "0004"  # 16 wires: bit 0, score 4


def test_wires_beyond_one_word_come_first_in_the_text(tmp_path, golden):
    ports = Ports(PORTS.inputs * 2, PORTS.outputs, latency=4)
    twice = Golden(np.tile(golden.inputs, 2), golden.expected, golden.as_text)
    write_golden(tmp_path, twice, ports)
    assert (tmp_path / "inputs.hex").read_text().splitlines()[0] == "002fff001" * 2


def test_negative_numbers_are_kept(tmp_path, golden):
    lowest = Golden(np.full_like(golden.inputs, -2048), golden.expected, golden.as_text)
    write_golden(tmp_path, lowest, PORTS)
    assert np.array_equal(read_golden(tmp_path, PORTS).inputs, lowest.inputs)


def test_reading_gives_the_vectors_back(folder, golden):
    for name, found in vars(read_golden(folder, PORTS)).items():
        assert found.dtype == np.int64
        assert np.array_equal(found, getattr(golden, name))


def test_arrays_are_kept_in_few_bytes(folder):
    with np.load(folder / "golden.npz") as file:
        assert file["inputs"].dtype == np.int16
        assert file["as_text"].dtype == np.int8


@pytest.mark.parametrize("name", ["inputs.hex", "expected.hex"])
def test_a_changed_vector_is_found(folder, name):
    path = folder / name
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "0" * len(lines[1]), lines[2]]))
    with pytest.raises(
        InputError, match=f"Line 2 of .*{name} was changed. Expected: {lines[1]}. Received: 00"
    ):
        read_golden(folder, PORTS)


def test_missing_lines_are_found(folder):
    (folder / "inputs.hex").write_text("002fff001\n")
    with pytest.raises(
        InputError, match=r"Wrong number of vectors in .*inputs.hex. Expected: 3. Received: 1."
    ):
        read_golden(folder, PORTS)


def test_binary_rubbish_as_text_is_found(folder):
    (folder / "inputs.hex").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"Cannot read .*inputs.hex"):
        read_golden(folder, PORTS)


def test_truncated_arrays_are_found(folder):
    path = folder / "golden.npz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="Cannot read the golden vectors"):
        read_golden(folder, PORTS)


def test_arrays_of_something_else_are_found(folder):
    np.savez_compressed(folder / "golden.npz", jets=np.zeros(3))
    with pytest.raises(InputError, match="Cannot read the golden vectors"):
        read_golden(folder, PORTS)


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        (
            Ports(PORTS.inputs[:2], PORTS.outputs, 4),
            r"Expected: integers, \(n, 2\). Received: int64 \(50, 3\)",
        ),
        (
            Ports((Fixed(signed=True, integer=5, fraction=0),) * 3, PORTS.outputs, 4),
            "Element 0 does not fit its wires. Expected: -32 to 31",
        ),
    ],
)
def test_vectors_of_another_design_are_found(folder, ports, message):
    with pytest.raises(InputError, match=message):
        read_golden(folder, ports)


def test_inputs_without_outputs_are_refused(tmp_path, golden):
    with pytest.raises(InputError, match=r"Received: 50 inputs and 49 outputs."):
        write_golden(tmp_path, Golden(golden.inputs, golden.expected[1:], golden.as_text), PORTS)
