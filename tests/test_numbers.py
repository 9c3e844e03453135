"""Tables of README and docs hold what their results give, and a study knows when it is stale."""

import dataclasses
import importlib.util
import inspect
import json

import make
import pages
import pytest
import record
import studies
from fingerprint import SOURCE, TESTS, code_of, contents_of, reached
from studies import ROOT, STUDIES, Study

SCRIPTS = sorted((studies.HERE / "measure").glob("*.py"))


@pytest.mark.parametrize("page", pages.pages(), ids=lambda page: page.name)
def test_tables_of_a_page_are_those_of_the_results(page):
    text = page.read_text()
    assert pages.filled(text) == text, "`nox -s numbers -- tables` fills the tables"


def test_every_table_stands_on_a_page_and_every_study_has_a_result():
    assert {name for page in pages.pages() for name in pages.places(page.read_text())} == set(pages.TABLES)
    assert [study.name for study in STUDIES if not study.result.exists()] == []
    assert set(record.made()) == {study.name for study in STUDIES}


def test_a_table_that_differs_from_its_result_is_noticed():
    text = pages.filled("before\n<!-- table scan -->\nanything\n<!-- end -->\nafter")
    assert "| recipe | 0." in text
    wrong = text.replace("| recipe | 0.", "| recipe | 1.")
    assert pages.filled(wrong) == text != wrong


def test_a_mark_without_a_table_is_an_error():
    with pytest.raises(KeyError, match="nonsense"):
        pages.filled("<!-- table nonsense -->\n<!-- end -->")


def test_every_script_belongs_to_a_study():
    assert {study.path for study in STUDIES} == set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_starts_and_takes_the_arguments_of_its_studies(script):
    spec = importlib.util.spec_from_file_location(f"measure_{script.stem}", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for study in STUDIES:
        if study.path == script:
            inspect.signature(module.main).bind(study.result, *study.arguments)


def test_a_script_reaches_what_it_imports_and_what_that_imports():
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in reached(studies.HERE / "measure" / "simulated_jets.py")
    }
    assert {"simulate/large_radius/production.py", "simulate/detector/tracking.py", "errors.py"} <= found
    assert not {path for path in found if path.startswith(("models/", "train/", "firmware/", "run/"))}


def test_a_run_reaches_what_is_imported_inside_functions():
    found = reached(studies.HERE / "measure" / "run.py")
    assert SOURCE / "models" / "build.py" in found
    assert SOURCE / "models" / "autoencoders" / "joint_vae.py" in found  # a recipe asks for it by name
    assert SOURCE / "models" / "networks" / "images" / "residual.py" in found
    assert SOURCE / "simulate" / "large_radius" / "production.py" in found


def test_a_script_reaches_what_it_shares_with_tests_and_what_that_imports():
    found = reached(studies.HERE / "measure" / "intervals.py")
    assert {TESTS / "interval_toys.py", SOURCE / "evaluate" / "separation" / "efficiency.py"} <= found


@pytest.fixture
def small_package(tmp_path, monkeypatch):
    """A package with a face, a module behind it, a recipe beside that, and a script."""
    source = tmp_path / "offshell"
    (source / "room" / "shipped").mkdir(parents=True)
    (source / "__init__.py").write_text("")
    (source / "room" / "__init__.py").write_text("from offshell.room.behind import value\n")
    (source / "room" / "behind.py").write_text("value = 1\n")
    (source / "room" / "shipped" / "recipe.toml").write_text("seed = 1\n")
    (source / "elsewhere.py").write_text("other = 1\n")
    (tmp_path / "script.py").write_text("import offshell\n\nprint(offshell.room.value)\n")
    monkeypatch.setattr("fingerprint.SOURCE", source)
    for cached in ("digest", "home_of", "homes", "imported", "parsed"):
        monkeypatch.setattr(
            f"fingerprint.{cached}", getattr(importlib.import_module("fingerprint"), cached).__wrapped__
        )
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "is_stale"),
    [
        ("offshell/room/behind.py", "value = 2\n", True),
        ("offshell/room/behind.py", '"""A docstring."""\n\n\nvalue = 1  # a comment\n', False),
        ("offshell/room/shipped/recipe.toml", "seed = 2\n", True),
        ("offshell/elsewhere.py", "other = 2\n", False),
        ("script.py", "import offshell\n\nprint(offshell.room.value + 1)\n", True),
    ],
)
def test_a_change_of_the_code_that_a_script_reaches_changes_its_fingerprint(
    file, text, is_stale, small_package
):
    before = code_of(small_package / "script.py")
    assert code_of(small_package / "script.py") == before
    (small_package / file).write_text(text)
    assert (code_of(small_package / "script.py") != before) == is_stale


def test_arguments_and_contents_count(small_package):
    script = small_package / "script.py"
    assert len({code_of(script), code_of(script, ("a",)), code_of(script, ("b",))}) == 3
    before = contents_of([script])
    script.write_text("")
    assert contents_of([script]) != before


@pytest.fixture
def small_study(tmp_path, monkeypatch):
    """A study that copies its input, in a repository of its own."""
    (tmp_path / "measure").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "input.txt").write_text("1")
    (tmp_path / "measure" / "copy.py").write_text(
        "import sys\nfrom pathlib import Path\n\nPath(sys.argv[1]).write_text(Path(sys.argv[2]).read_text())\n"
    )
    (tmp_path / "made.json").write_text("{}")
    for place in ("studies.ROOT", "make.ROOT", "studies.HERE"):
        monkeypatch.setattr(place, tmp_path)
    monkeypatch.setattr(record, "MADE", tmp_path / "made.json")
    monkeypatch.setattr(pages, "fill", lambda: None)
    study = Study("small", "copy", ("input.txt",), 1, ("input.txt",))
    monkeypatch.setattr(make, "STUDIES", (study,))
    monkeypatch.setattr(make, "NAMES", ["small"])
    return study


def test_a_study_is_stale_until_it_is_made_and_again_when_its_input_changes(small_study, capsys):
    assert record.is_stale(small_study)
    make.main("quick")
    assert small_study.result.read_text() == "1"
    assert not record.is_stale(small_study)
    assert record.made()["small"]["command"] == "nox -s numbers -- small"
    (studies.ROOT / "input.txt").write_text("2")
    assert record.is_stale(small_study)
    make.main()
    assert small_study.result.read_text() == "2"
    assert capsys.readouterr().out.count("about 1 min") == 2
    make.main()
    assert capsys.readouterr().out == ""


def test_a_study_is_stale_when_its_script_changes(small_study):
    make.main("small")
    small_study.path.write_text(f"{small_study.path.read_text()}\nprint('more')\n")
    importlib.import_module("fingerprint").parsed.cache_clear()
    importlib.import_module("fingerprint").digest.cache_clear()
    assert record.is_stale(dataclasses.replace(small_study))


def test_without_its_input_a_study_is_left_out_and_not_called_stale(small_study, capsys):
    make.main("small")
    (studies.ROOT / "input.txt").unlink()
    assert not record.is_stale(small_study)
    capsys.readouterr()
    make.main("small")
    assert capsys.readouterr().out == "small: left out, needs input.txt\n"


def test_a_study_that_fails_keeps_its_old_result_and_no_other_from_being_made(small_study, monkeypatch):
    make.main("small")
    before = record.made()
    (studies.ROOT / "measure" / "broken.py").write_text("raise SystemExit(3)\n")
    broken = dataclasses.replace(small_study, name="broken", script="broken")
    monkeypatch.setattr(make, "STUDIES", (broken, small_study))
    monkeypatch.setattr(make, "NAMES", ["broken", "small"])
    (studies.ROOT / "input.txt").write_text("2")
    with pytest.raises(SystemExit, match=r"^Failed: broken\.$"):
        make.main()
    assert small_study.result.read_text() == "2"
    assert not broken.result.exists()
    assert set(record.made()) == set(before)


def test_quick_leaves_out_what_takes_long(small_study, monkeypatch):
    monkeypatch.setattr(make, "STUDIES", (dataclasses.replace(small_study, minutes=60),))
    make.main("quick")
    assert not small_study.result.exists()


def test_a_result_from_before_the_record_is_stale_and_its_caption_says_how_to_make_it_again(small_study):
    small_study.result.write_text("1")
    entry = {
        "command": "python old.py",
        "version": "0.1.0",
        "date": "2026-11-22",
        "code": None,
        "inputs": None,
    }
    record.MADE.write_text(json.dumps({"small": entry}))
    assert record.is_stale(small_study)
    assert record.caption(["small"]) == (
        "*Made by `python old.py` with Offshell 0.1.0 on 2026-11-22; `nox -s numbers -- small` makes it again.*"
    )


@pytest.mark.usefixtures("small_study")
def test_samples_of_another_simulation_are_forgotten():
    make.forget_old_samples()
    work = studies.ROOT / studies.WORK
    (work / "samples.h5").touch()
    make.forget_old_samples()
    assert (work / "samples.h5").exists()
    (kept,) = work.glob("simulated-by-*")
    kept.rename(work / "simulated-by-another")
    make.forget_old_samples()
    assert not (work / "samples.h5").exists()


def test_an_unknown_study_gets_one_line():
    with pytest.raises(
        SystemExit, match=r"^No such study\. Expected: list, quick, .*\. Received: nonsense\.$"
    ):
        make.main("nonsense")


def test_the_list_shows_every_study():
    assert make.listed().row_count == len(STUDIES)
    assert (ROOT / "noxfile.py").read_text().count("docs/numbers/make.py") == 1
