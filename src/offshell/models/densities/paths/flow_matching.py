"""Flow matching: events are drawn from noise along straight lines."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import KerasTensor, ops

from offshell.models import terms
from offshell.models.densities.paths.continuous_flow import ContinuousFlow, Path
from offshell.models.densities.paths.settings import ContinuousFlowSettings
from offshell.models.event_shapes import Shape

__all__ = ["FlowMatching", "FlowMatchingSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class FlowMatching(ContinuousFlow):
    r"""A continuous normalizing flow on straight paths, $x_t = t x + (1 - t) \epsilon$.

    Training adds the term `flow_matching`, $\lVert x - \epsilon - v(x_t, t) \rVert^2$ with a random time and noise for each event. Source:
    Lipman, Chen, Ben-Hamu, Nickel and Le (arXiv:2210.02747), here with no noise left at $t = 1$; for jets Buhmann et al.
    (EPiC-FM, arXiv:2310.00049). There is also the term `speed`, $\lVert v(x, 1) \rVert^2$, one evaluation of the network
    (Vaselli et al., arXiv:2508.11594); where the network has learned everything it is $\lVert x \rVert^2$, because noise that is
    no longer there points nowhere. Arguments and other terms are those of `ContinuousFlow`.
    """

    default_loss = "flow_matching"

    def probability_path(self, time: KerasTensor) -> Path:
        """The straight line from noise at time 0 to the event at time 1."""
        one = ops.ones_like(time)
        return Path(signal=time, noise=1 - time, signal_rate=one, noise_rate=-one)

    def compare(self, coordinates: KerasTensor, condition: Sequence[KerasTensor]) -> dict[str, KerasTensor]:
        """The terms of events in scaled coordinates that need no random numbers."""
        speed = terms.mu2(self.velocity(coordinates, 1.0, condition))
        return {**super().compare(coordinates, condition), "speed": speed}


class FlowMatchingSettings(ContinuousFlowSettings):
    """A `FlowMatching`."""

    kind: Literal["flow-matching"] = "flow-matching"

    def detector(self, shape: Shape, *, seed: int) -> FlowMatching:  # noqa: ARG002 - there is nothing to draw
        """The detector with a network for events of that shape."""
        return FlowMatching(self.network(shape), scaling=self.scaling_of(shape), **self.steps)
