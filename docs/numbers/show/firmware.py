"""What triggers of one detector take in the FPGA, and what they find."""

from show.markdown import interval, table

SIGNALS = ("a-4l", "leptoquark", "h-tautau")
HEADER = (
    "network",
    "EBOPs",
    "LUT (estimate)",
    "FF",
    "clocks",
    f"AUC {' / '.join(SIGNALS)}",
    "TPR at 1 kHz [%], a-4l",
    "at 10 kHz",
)


def triggers(study):
    """Size, and AUC and efficiency of each signal with intervals."""
    return table([HEADER, *([name, *size(row), *found(row)] for name, row in study.items())])


def size(row):
    if "luts" not in row:
        return ["–"] * 4
    return (
        f"{row['ebops']:,.0f}",
        f"{row['luts']:,} ({row['estimate']:,.0f})",
        f"{row['flip_flops']:,}",
        str(row["latency"]),
    )


def found(row):
    yield " / ".join(f"{row['auc'][signal][0]:.3f}" for signal in SIGNALS)
    for rate in ("1 kHz", "10 kHz"):
        yield interval(*row["efficiency"][rate]["a-4l"], scale=100, digits=2)
