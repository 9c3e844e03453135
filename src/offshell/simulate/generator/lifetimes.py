"""Which particles the generator leaves to the detector: those that live longer, on average, than some millimeters."""

__all__ = ["LIFETIME_MAX", "lifetimes"]

LIFETIME_MAX = 10.0
"""Mean proper lifetime in mm, as in the samples of ATLAS and CMS. K-short, Lambda and the charged hyperons live
longer, the tau and all hadrons with a c or b quark do not."""


def lifetimes(longest: float | None) -> tuple[str, ...]:
    """Settings of Pythia that leave particles that live longer (mm) undecayed; None is Pythia's own choice.

    That is to decay all that live less than a meter, wherever in the detector that happens.
    """
    return () if longest is None else ("ParticleDecays:limitTau0 = on", f"ParticleDecays:tau0Max = {longest}")
