"""What the files of a design say, made by hand: a trigger on mu2 with one layer, in two stages."""

import json
from types import SimpleNamespace

from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.ports import Ports

N_INPUTS = 57


def about(**changes):
    """`design.json`, as far as the report reads it; the pt of MET and the eta of the first electron have wires."""
    inputs = [[0, 0, 0]] * N_INPUTS
    inputs[0], inputs[4] = [0, 12, 0], [1, 7, 0]
    return {
        "version": 1,
        "score": "mu2",
        "input_rate_hz": 28.6e6,
        "rate_hz": 1e4,
        "clock_mhz": 200.0,
        "operating_point": {
            "threshold": 1000.0,
            "efficiency": 3e-4,
            "rate_hz": 9056.0,
            "interval": [5453.0, 14141.0],
            "n_background": 19,
            "method": "counted",
            "few": False,
        },
        "efficiencies": {"a-4l": {"value": 0.00675, "low": 0.0044, "high": 0.0098}},
        "tools": {"alkaid": "0.8.2", "make": "4.3"},
        "trigger": {"shape": [N_INPUTS], "fraction": 4, "threshold": 1000},
        "ports": {"inputs": inputs, "outputs": [[0, 9, 8], [0, 1, 0]], "latency": 2},
        "estimate": {"luts": 1550.4, "flip_flops": 878},
        **changes,
    }


def resources(**changes):
    """`reports/resources.json`."""
    layer = {"layer": "dense", "n_weights": 1824, "n_nonzero": 254, "ebops": 1383.0, "energy": 0.01439}
    lanes = [
        {"lane": "dense", "values": 0.025, "events": 0.76},
        {"lane": "dense output", "values": 0, "events": 0},
    ]
    return {
        "xilinx": {
            "luts": 1958,
            "flip_flops": 878,
            "carries": 614,
            "dsps": 0,
            "brams": 0.5,
            "modules": {"logic0": {"luts": 1600}, "logic1": {"luts": 358}},
        },
        "layers": {
            "scaling, dense": {"luts": 748, "estimate": 625.6},
            "activation": {"luts": 816, "estimate": 17.1},
            "score": {"luts": 288, "estimate": 203.2},
        },
        "ecp5": {
            "fmax_mhz": 81.307,
            "luts": 5506,
            "flip_flops": 1130,
            "part": "LFE5UM5G-85F-8",
            "path": {"stage": "logic1", "logic_ns": 4.217, "routing_ns": 8.082, "in_design": True},
        },
        "emulator_events_per_second": 7693695.2,
        "cost": [layer],
        "saturation": {"background": lanes, "random": [lane | {"values": 1, "events": 1} for lane in lanes]},
        "reach": [{"n_values": 100, "n_between": 200, "lowest": -125, "highest": 74}],
        **changes,
    }


def proof():
    """`reports/proof.json`."""
    agreed = {"Keras": 101767, "The integer program": 101767, "The Verilog test bench": 3031}
    return {"vectors": {"background": 60000, "random": 41767}, "agreed": agreed}


def design(*, of=None, takes=None):
    """What `Design` reads from them."""
    described = of or about()
    inputs, outputs = (
        tuple(Fixed(*form) for form in described["ports"][side]) for side in ("inputs", "outputs")
    )
    ports = Ports(inputs, outputs, described["ports"]["latency"])
    return SimpleNamespace(about=described, resources=takes or resources(), proof=proof(), ports=ports)


def write(folder, *, of=None):
    """The files in the folder of a design."""
    (folder / "reports").mkdir(parents=True)
    for name, content in {
        "design.json": of or about(),
        "reports/proof.json": proof(),
        "reports/resources.json": resources(),
    }.items():
        (folder / name).write_text(json.dumps(content))
