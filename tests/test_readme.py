"""Every block of the README runs."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", (ROOT / "README.md").read_text(), flags=re.MULTILINE | re.DOTALL)


def lines(language):
    """The commands of all blocks in a language, without comments."""
    blocks = [text for found, text in BLOCKS if found == language]
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


COMMANDS = lines("bash")
FIRMWARE = [command for command in COMMANDS if "trigger --quick" in command]  # a minute of compilers
# Runs that take half a minute each, and what is done with them.
LONG = [command for command in COMMANDS if re.search(r"runs/(clouds|trigger)|new\.h5", command)]
# Fewer than the few of --quick.
SMALL = shlex.split("--set samples.n_train=120 --set samples.n_test=100 --set samples.n_signal=60")
NARROW = shlex.split("--set model.hidden=8 --set model.layers=1 --set generate.n_jets=100")


def test_no_block_is_left_out():
    assert {language for language, _ in BLOCKS} == {"bash", "python"}
    assert {shlex.split(command)[0] for command in COMMANDS} == {"make", "offshell", "pip"}


def executed(words, folder, environment=None):
    """What a user would see after these words in an empty folder; fails if the exit status is not 0."""
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("block", [text for language, text in BLOCKS if language == "python"])
def test_python_blocks(block, tmp_path):
    executed([sys.executable, "-W", "error", "-c", block], tmp_path)


def carry_out(commands, folder):
    # Optimized, as a user's are and those of the rest of the suite are not.
    optimized = {key: value for key, value in os.environ.items() if key != "JAX_DISABLE_MOST_OPTIMIZATIONS"}
    offshell = str(Path(sys.executable).with_name("offshell"))
    for command in commands:
        program, *words = shlex.split(command)
        if program == "offshell":
            size = SMALL if words[0] == "run" else []
            narrow = NARROW if "jets-flow-matching" in words else []
            executed([offshell, *words, *size, *narrow], folder, optimized)


def test_offshell_commands_one_after_the_other(tmp_path):
    carry_out([command for command in COMMANDS if command not in (*FIRMWARE, *LONG)], tmp_path)
    assert (tmp_path / "runs" / "try" / "report.html").exists()
    assert (tmp_path / "scores.h5").exists()


@pytest.mark.slow
def test_all_offshell_commands_but_those_of_firmware(tmp_path):
    carry_out([command for command in COMMANDS if command not in FIRMWARE], tmp_path)
    assert (tmp_path / "compared.pdf").exists()


@pytest.mark.slow
def test_firmware_commands(tmp_path):
    offshell = str(Path(sys.executable).with_name("offshell"))
    executed(
        [offshell, *shlex.split("simulate events a-4l --events 100 --pileup 0 --out signal.h5")], tmp_path
    )
    for command in FIRMWARE:
        executed([offshell, *shlex.split(command)[1:], *SMALL], tmp_path)
    assert (tmp_path / "runs" / "bit" / "firmware" / "README.md").exists()


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make")])
def test_make_targets_exist(command):
    """The real thing would run this suite inside itself; make says what it would do."""
    promised = {"make demo": "offshell both-ways outlier-exposure", "make test": "pytest"}
    assert promised[command] in executed([*shlex.split(command), "--dry-run"], ROOT)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("pip")])
def test_pip_asks_for_extras_that_exist(command):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = re.search(r"\[(.*)\]", command)[1].split(",")
    assert set(asked) <= set(project["optional-dependencies"])
