#!/usr/bin/env -S uv run --script

# /// script
# dependencies = ["nox>=2025.2"]
# ///

"""Every check of the project, each in an environment of its own: `nox -l` lists them, `nox -s tests` runs one."""

from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"

PROJECT = nox.project.load_toml()
EVERYTHING = "-e.[clouds,firmware,hepmc,lhe,parquet,root,simulate,tables]"


def install(session: nox.Session, *groups: str) -> None:
    session.install(EVERYTHING, *nox.project.dependency_groups(PROJECT, *groups))


def install_jetnet(session: nox.Session) -> None:
    """What FPND needs: of jetnet only files are read, and its dependencies do not install everywhere."""
    session.install("--no-deps", "jetnet>=0.2.5")
    session.install("torch>=2.6")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, spelling and the habits of the field."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("codespell")
    session.run("repo-review", ".")


@nox.session
def tests(session: nox.Session) -> None:
    """The everyday suite."""
    install(session, "test")
    session.run("pytest", *session.posargs)


@nox.session(default=False)
def slow(session: nox.Session) -> None:
    """The tests that take minutes, and those of properties with examples that no run has drawn before."""
    install(session, "test")
    # What runs for minutes is worth optimizing.
    optimized = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "0"}
    session.run(
        "pytest", "-m", "slow or hypothesis", "--hypothesis-profile=random", *session.posargs, env=optimized
    )


@nox.session(default=False)
def fpnd(session: nox.Session) -> None:
    """The tests that need jetnet and PyTorch."""
    install(session, "test")
    install_jetnet(session)
    session.run("pytest", "tests/test_fpnd.py", *session.posargs)


@nox.session(default=False)
def mutations(session: nox.Session) -> None:
    """Whether the tests notice small changes of what they test."""
    install(session, "test")
    session.run("python", "mutations/run.py", *session.posargs)


@nox.session(default=False)
def minimums(session: nox.Session) -> None:
    """The everyday suite with the oldest versions that pyproject.toml allows."""
    session.install("--resolution=lowest-direct", EVERYTHING, *nox.project.dependency_groups(PROJECT, "test"))
    # Old releases warn about what their own dependencies have renamed since.
    session.run("pytest", "-W", "default", *session.posargs)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """The documentation, in docs/_build; a warning is an error."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "docs", "docs/_build", *session.posargs)


@nox.session(default=False)
def benchmarks(session: nox.Session) -> None:
    """Side by side with what people use today; the results land in benchmarks/results."""
    install(session, "benchmarks")
    on_two_cores = ("training", "scoring", "trigger_training", "trigger_scoring")
    on_one_core = ("images", "gan", "flow", "simulation", "dijets")
    for name, cores in (*((name, 1) for name in on_one_core), *((name, 2) for name in on_two_cores)):
        session.run("python", "benchmarks/run.py", name, f"--cores={cores}", *session.posargs)
    # EnergyFlow wants NumPy 1, so that it lives apart.
    apart = Path(session.create_tmp()).absolute() / "energyflow"
    session.run("python", "-m", "venv", str(apart))
    session.run(str(apart / "bin" / "pip"), "install", "--quiet", "energyflow", external=True)
    session.run(
        "python",
        "benchmarks/run.py",
        "--cores=1",
        *session.posargs,
        "observables",
        str(apart / "bin" / "python"),
    )


@nox.session(default=False)
def numbers(session: nox.Session) -> None:
    """The numbers of README and docs whose code has changed; `-- quick`, `-- list` and `-- NAME` choose among them."""
    install(session)
    install_jetnet(session)
    session.run("python", "docs/numbers/make.py", *session.posargs)


if __name__ == "__main__":
    nox.main()
