"""Distances of generated jets from real ones, above those of real from real."""

from show.markdown import table

METRICS = {
    "w1_mass": ("W1 of mass [10⁻³]", 1e3),
    "w1_particles": ("of particles [10⁻³]", 1e3),
    "w1_efp": ("of energy-flow polynomials [10⁻⁵]", 1e5),
    "fpd": ("FPD [10⁻³]", 1e3),
    "kpd": ("KPD [10⁻³]", 1e3),
    "coverage": ("coverage", 1.0),
    "mmd": ("MMD", 1.0),
}


def distances(flow, flow_matching, mpgan):
    found = {"jets-flow": flow, "jets-flow-matching": flow_matching, "jets-mpgan": mpgan}
    rows = ([f"`{name}`", *cells(of, "value", "error")] for name, of in found.items())
    header = ["", *(title for title, _ in METRICS.values())]
    return table([header, *rows, ["real jets", *cells(flow, "floor", "floor_error")]])


def cells(of, value, error):
    return (
        f"{unit * of[name][value]:.3g} ± {unit * of[name][error]:.2g}" for name, (_, unit) in METRICS.items()
    )
