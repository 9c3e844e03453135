"""What could jets of something new look like? Jets that are made of nothing but background jets."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from offshell.pseudo_anomalies.draft import Draft
    from offshell.pseudo_anomalies.named import FAMILIES, Family, families_named
    from offshell.pseudo_anomalies.pool import Pool
    from offshell.pseudo_anomalies.prior import Prior
    from offshell.pseudo_anomalies.production import PseudoAnomalies, iter_jets, jets

__all__ = [
    "FAMILIES",
    "Draft",
    "Family",
    "Pool",
    "Prior",
    "PseudoAnomalies",
    "families_named",
    "iter_jets",
    "jets",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "draft": ["Draft"],
        "named": ["FAMILIES", "Family", "families_named"],
        "pool": ["Pool"],
        "prior": ["Prior"],
        "production": ["PseudoAnomalies", "iter_jets", "jets"],
    },
)
