"""The AUC of each term with one setting of a recipe changed at a time."""

from show.markdown import table

SHOWN = ("dice", "mse", "bce", "kl_gaussian", "mu2", "kl_categorical", "pixel_diff")


def settings(study):
    rows = (
        [title, *(f"{areas[name][0]:.3f}" if name in areas else "" for name in SHOWN)]
        for title, areas in study.items()
    )
    return table([["setting", *(f"`{name}`" for name in SHOWN)], *rows])
