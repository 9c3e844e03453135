"""Families of pseudo-anomalies beside their background."""

from show.markdown import table

HEADER = (
    "family",
    "mass of what decays, 10, 50, 90 % [GeV]",
    "prongs",
    "jet mass, 10, 50, 90 % [GeV]",
    "particles",
    "tau21",
    "tau32",
    "jets/s",
)


def families(study):
    return table([HEADER, *map(row, study["rows"])])


def row(found):
    made = "per_second" in found
    return [
        f"`{found['family']}`" if made else found["family"],
        masses(found["decay_mass"]) if made else "",
        f"{found['prongs']:.1f}" if made else "",
        masses(found["jet_mass"]),
        f"{found['particles']:.0f}",
        f"{found['tau21']:.2f}",
        f"{found['tau32']:.2f}",
        f"{found['per_second']:,.0f}" if made else "",
    ]


def masses(quantiles):
    return ", ".join(f"{mass:.0f}" for mass in quantiles)
