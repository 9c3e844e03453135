"""FPND of simulated and of generated jets, beside the published ones of MPGAN."""

from show.markdown import table

TYPES = {"g": "gluon", "q": "light quark", "t": "top"}
MPGAN = {"g": 0.12, "q": 0.35, "t": 0.37}  # Kansal et al., arXiv:2106.11535, of 50,000 jets


def simulated(found):
    header = ["jets", "R", "how many", "mass / pT", "FPND"]
    rows = [
        [TYPES[name[0]], name.rpartition(" ")[2], f"{of['n_jets']:,}", f"{of['mass']:.3f}", distance(of)]
        for name, of in found.items()
        if "R = " in name
    ]
    return table([header, *rows])


def generated(found):
    header = ["jets", "generator", "trained on", "epochs", "how many", "FPND"]
    rows = [
        [
            TYPES[name[0]],
            f"`{name[3:]}`",
            f"{of['n_train']:,}",
            str(of["epochs"]),
            f"{of['n_jets']:,}",
            distance(of),
        ]
        for name, of in found.items()
        if "R = " not in name
    ]
    published = [
        [f"*{TYPES[kind]}*", "*MPGAN, published*", "–", "–", "50,000", f"{value}"]
        for kind, value in MPGAN.items()
    ]
    return table([header, *rows, *published])


def distance(of):
    return f"{of['fpnd']:.2f} ± {of['error']:.2f}"
