"""The message-passing GAN in PyTorch, without `torch.compile`, as MPGAN (arXiv:2106.11535) and most others are written."""

import os
from itertools import pairwise

import torch
from gan import BATCHES, GENERATED_AT_ONCE, N_GENERATED, N_PARTICLES, SIZES
from torch import nn

N_CONDITIONS = 1
BETAS = (0.0, 0.999)  # without momentum, as Offshell's game


def cases():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    found = {}
    for size, batch in BATCHES.items():
        widths = SIZES[size]
        features = widths["features"]
        generator = Passing(features + N_CONDITIONS, (features, 3), widths)
        critic = Critic(widths)
        found |= {
            f"PyTorch training, {size}": step(generator, critic, features, batch),
            f"PyTorch generation, {size}": new_jets(generator, features),
        }
    return found


def dense(*widths, last=True):
    layers = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), nn.LeakyReLU(0.2))]
    return nn.Sequential(*(layers if last else layers[:-1]))


class Messages(nn.Module):
    """The features of all pairs, an edge network, the sum over the senders and a node network."""

    def __init__(self, features, out, widths):
        super().__init__()
        self.edge = dense(2 * features, *widths["edge"])
        self.node = dense(features + widths["edge"][-1], *widths["node"], out, last=False)

    def forward(self, x, mask):
        receivers = x[:, :, None].expand(-1, -1, N_PARTICLES, -1)
        pairs = torch.cat([receivers, receivers.transpose(1, 2)], dim=3)
        received = (self.edge(pairs) * mask[:, None]).sum(dim=2)
        return self.node(torch.cat([x, received], dim=2)) * mask


class Passing(nn.Module):
    def __init__(self, features, outs, widths):
        super().__init__()
        self.layers = nn.ModuleList([Messages(a, b, widths) for a, b in pairwise((features, *outs))])

    def forward(self, x, condition, mask):
        x = torch.cat([x, condition[:, None].expand(-1, N_PARTICLES, -1)], dim=2)
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Critic(nn.Module):
    def __init__(self, widths):
        super().__init__()
        features = widths["features"]
        self.passing = Passing(3 + N_CONDITIONS, (features, features), widths)
        self.verdict = nn.Linear(features, 1, bias=False)

    def forward(self, x, condition, mask):
        pooled = self.passing(x, condition, mask).sum(dim=1) / mask.sum(dim=1)
        return self.verdict(pooled)


def given(batch):
    return torch.ones(batch, N_CONDITIONS), torch.ones(batch, N_PARTICLES, 1)


def step(generator, critic, features, batch):
    players = [
        (critic, torch.optim.Adam(critic.parameters(), betas=BETAS)),
        (generator, torch.optim.Adam(generator.parameters(), betas=BETAS)),
    ]
    real, asked = torch.randn(batch, N_PARTICLES, 3), given(batch)

    def work():
        fake = generator(torch.randn(batch, N_PARTICLES, features), *asked)
        of_fake = critic(fake.detach(), *asked)
        losses = (
            ((critic(real, *asked) - 1) ** 2 + of_fake**2).mean(),
            ((critic(fake, *asked) - 1) ** 2).mean(),
        )
        for loss, (network, _) in zip(losses, players, strict=True):
            weights = list(network.parameters())
            for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
                weight.grad = gradient
        for _, optimizer in players:
            optimizer.step()
        return batch

    return work


def new_jets(generator, features):
    asked = given(GENERATED_AT_ONCE)

    @torch.no_grad()
    def work():
        for _ in range(N_GENERATED // GENERATED_AT_ONCE):
            generator(torch.randn(GENERATED_AT_ONCE, N_PARTICLES, features), *asked)
        return N_GENERATED

    return work
