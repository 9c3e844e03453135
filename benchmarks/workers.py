"""Cases in a process of their own, because a process has one Keras backend.

A worker says which cases it has, waits for the name of one, does the work and answers with the number of items.
"""

import importlib
import json
import os
import subprocess
import sys


def turns(module, function, *, backend="jax", python=sys.executable, arguments=()):
    """The cases that `module.function(*arguments)` gives, each as a callable that has the worker do it."""
    worker = subprocess.Popen(
        [python, __file__, module, function, *arguments],
        env=os.environ | {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "2"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    return {name: lambda name=name: turn(worker, name) for name in json.loads(worker.stdout.readline())}


def turn(worker, name):
    print(name, file=worker.stdin)
    return int(worker.stdout.readline())


def serve(cases):
    print(json.dumps(list(cases)), flush=True)
    for line in sys.stdin:
        print(cases[line.rstrip("\n")](), flush=True)


if __name__ == "__main__":
    module, function, *arguments = sys.argv[1:]
    serve(getattr(importlib.import_module(module), function)(*arguments))
