"""Options of simulated jets: what collides, and what a jet is."""

from typing import Annotated

import typer

__all__ = [
    "EnergyOption",
    "EtaOption",
    "HiddenOption",
    "IdentitiesOption",
    "InvisibleFractionOption",
    "LongLivedOption",
    "MediatorOption",
    "MultipartonOption",
    "PileupOption",
    "RadiusOption",
    "SeenOption",
    "SoftDropOption",
]

_COLLISIONS, _JETS, _NEW = "Collisions", "Jets", "New particles"

EnergyOption = Annotated[
    float | None,
    typer.Option(
        metavar="TEV",
        help="Of both protons.",
        show_default="14, or as a file says",
        rich_help_panel=_COLLISIONS,
    ),
]
MultipartonOption = Annotated[
    bool | None,
    typer.Option(
        "--mpi/--no-mpi",
        help="Let more partons of the protons scatter (the underlying event).",
        show_default="no, or as a file says",
        rich_help_panel=_COLLISIONS,
    ),
]
LongLivedOption = Annotated[
    bool | None,
    typer.Option(
        "--long-lived/--decayed",
        help="Whether K-short, Lambda and hyperons reach the detector, as in samples of ATLAS and CMS, or decay on their "
        "way; jets that are held against each other must not differ in it.",
        show_default="decayed for names, long-lived for files",
        rich_help_panel=_COLLISIONS,
    ),
]
PileupOption = Annotated[
    float,
    typer.Option(
        metavar="MEAN",
        help="Further collisions on average, of which PUPPI takes away what it finds.",
        rich_help_panel=_COLLISIONS,
    ),
]
RadiusOption = Annotated[float, typer.Option(help="Of the jets, anti-kT.", rich_help_panel=_JETS)]
EtaOption = Annotated[float, typer.Option("--eta", help="Largest |eta| of a jet.", rich_help_panel=_JETS)]
SoftDropOption = Annotated[
    tuple[float, float] | None,
    typer.Option(
        metavar="<zcut beta>",
        help="Also write soft_drop_mass, such as with 0.1 0.",
        show_default="no such column",
        rich_help_panel=_JETS,
    ),
]
IdentitiesOption = Annotated[
    bool,
    typer.Option(
        "--identities", help="Also write constituent_charge and constituent_pdg_id.", rich_help_panel=_JETS
    ),
]
HiddenOption = Annotated[
    list[int] | None,
    typer.Option(
        metavar="CODE",
        help="A stable new particle that nobody sees; may be repeated.",
        show_default="neutrinos, neutralinos, dark matter",
        rich_help_panel=_NEW,
    ),
]
SeenOption = Annotated[
    list[int] | None,
    typer.Option(
        metavar="CODE",
        help="A stable new particle that is seen as neutral hadrons are; may be repeated.",
        show_default="none",
        rich_help_panel=_NEW,
    ),
]
InvisibleFractionOption = Annotated[
    float | None,
    typer.Option(help="Of the mesons of dark_shower, from 0 to 1.", show_default="0.3", rich_help_panel=_NEW),
]
MediatorOption = Annotated[
    float | None,
    typer.Option(metavar="GEV", help="Of the Z' of dark_shower.", show_default="1500", rich_help_panel=_NEW),
]
