"""Ctrl-C and SIGTERM end everything with one line, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

# Loops in which a signal comes: plain, in what C++ calls, in a destructor, and where libraries catch KeyboardInterrupt.
LOOPS = {
    "plain": "while True: pass",
    "callback": """
def _xla_gc_callback():
    began = time.monotonic()
    while time.monotonic() < began + 0.3: pass
print("ready", flush=True)
_xla_gc_callback()
while True: pass
""",
    "destructor": """
class Slow:
    def __del__(self):
        began = time.monotonic()
        while time.monotonic() < began + 0.3: pass
print("ready", flush=True)
thing = Slow()
del thing
while True: pass
""",
    "caught": """
while True:
    try:
        while True: pass
    except (KeyboardInterrupt, Exception):
        pass
""",
}
COMMAND = """
import sys, time
from offshell.cli import main
from offshell.cli.app import app
from offshell.io.replacing import replacing

@app.command()
def work(path: str) -> None:
    with replacing(path) as temporary:
        loop = sys.stdin.read()
        if "ready" not in loop: print("ready", flush=True)
        exec(loop)

main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("loop", LOOPS)
def test_a_signal_ends_a_command(number, loop, tmp_path):
    words = [sys.executable, "-c", COMMAND, "work", str(tmp_path / "file")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, **pipes) as process:
        process.stdin.write(LOOPS[loop])
        process.stdin.close()
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(timeout=20) == 128 + number
        assert process.stderr.read() == f"Stopped: by {number.name}.\n"
    assert list(tmp_path.iterdir()) == []


def members(group):
    """The processes of a group that have not ended."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return [stat for pgid, stat in rows if int(pgid) == group and not stat.startswith("Z")]


SIMULATE = [sys.executable, "-c", "from offshell.cli import main; main()", "simulate", "jets", "qcd"]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1, 2, 3, 5])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("whole_group", [False, True], ids=["one", "group"])
def test_no_worker_of_a_simulation_stays_behind(number, seconds, whole_group, tmp_path):
    words = [*SIMULATE, "--out", str(tmp_path / "jets.h5"), "--events", "100000"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        time.sleep(seconds)
        (os.killpg if whole_group else os.kill)(process.pid, number)
        _, err = process.communicate(timeout=30)
        deadline = time.monotonic() + 15
        while members(process.pid) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert members(process.pid) == []
    if number != signal.SIGKILL:
        assert process.returncode == 128 + number
        assert err.splitlines()[-1] == f"Stopped: by {number.name}."
        assert "Traceback" not in err
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("seconds", range(2, 42, 4))
def test_a_run_ends_in_no_crash_whenever_it_is_stopped(seconds, tmp_path):
    words = [sys.executable, "-c", "from offshell.cli import main; main()", "run", "joint-vae", "--quick"]
    with subprocess.Popen(
        [*words, "--out", "run"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("the run had ended before")
    assert process.returncode == 128 + signal.SIGINT
    assert err.splitlines()[-1] == "Stopped: by SIGINT."
    assert list(tmp_path.rglob(".*")) == []
