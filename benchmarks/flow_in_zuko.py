"""What people use today for a coupling flow: zuko on PyTorch, without `torch.compile`, as its tutorials do."""

import os

import numpy as np
import torch
import zuko
from flow import (
    AT_ONCE,
    BATCH,
    HIDDEN,
    LAYERS,
    N_FEATURES,
    N_GENERATED,
    N_SCORED,
    N_TRAIN,
    TRANSFORMS,
)

_BINS = 8
_SPLINE = {"univariate": zuko.transforms.MonotonicRQSTransform, "shapes": ([_BINS], [_BINS], [_BINS - 1])}
OPTIONS = {"affine": {}, "spline": _SPLINE}


def cases():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    found = {}
    for transform in TRANSFORMS:
        flow = zuko.flows.NICE(
            N_FEATURES, transforms=LAYERS, randmask=True, hidden_features=HIDDEN, **OPTIONS[transform]
        )
        found |= {
            f"zuko training, {transform}": epoch(flow),
            f"zuko likelihood, {transform}": likelihoods(flow),
            f"zuko generation, {transform}": new_events(flow),
        }
    return found


def events(n_events):
    return torch.as_tensor(np.random.default_rng(1).normal(size=(n_events, N_FEATURES)).astype(np.float32))


def epoch(flow):
    optimizer, data = torch.optim.Adam(flow.parameters(), lr=1e-3), events(N_TRAIN)

    def work():
        for batch in torch.randperm(N_TRAIN).split(BATCH):
            loss = -flow().log_prob(data[batch]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return N_TRAIN

    return work


def likelihoods(flow):
    data = events(N_SCORED)

    @torch.no_grad()
    def work():
        return sum(len(flow().log_prob(batch)) for batch in data.split(AT_ONCE))

    return work


def new_events(flow):
    @torch.no_grad()
    def work():
        return len(flow().sample((N_GENERATED,)))

    return work
