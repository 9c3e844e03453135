"""The report page: complete, self-contained, honest about what could not be measured."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.report import html
from offshell.report.contents import sections
from offshell.report.findings.events import EventFindings
from offshell.report.findings.observables import ObservableFindings
from offshell.report.findings.run import Findings
from offshell.report.score_table import signal_table
from offshell.report.sections.scores import distributions_section

SCORES = ("mse", "dice + bce", "jet mass")
UNTRAINED = {"loss": [], "val_loss": [], "learning_rate": []}
BARE = {"images": {}, "reconstructions": {}, "latents": {}, "most_anomalous": {}, "history": UNTRAINED}


def rate(value=0.25, *, n_background=20):
    few = n_background < 10
    return {"value": value, "low": 0.2, "high": 0.3, "n_background": n_background, "few": few}


def numbers(auc):
    return {
        "auc": auc,
        "auc_low": auc - 0.01,
        "auc_high": auc + 0.01,
        "tpr": {"1e-1": rate(), "1e-2": rate(0.012, n_background=5), "1e-3": rate(None, n_background=0)},
        "sic": {"value": 2.5, "low": 2.25, "high": 2.75, "fpr": 0.0375},
        "remark": "finds the signal more ordinary" if auc < 0.5 else "",
    }


def by_sample(make):
    return {sample: make() for sample in ("qcd", "top", "dark shower")}


def make_findings(**changes):
    rng = np.random.default_rng(1)
    images = by_sample(lambda: rng.uniform(size=(8, 6, 6, 1)))
    findings = Findings(
        title="A <b>bold</b> & new title",
        recipe='[model]\nname = "joint-vae"\n',
        environment={"python": "3.11.7", "seed": "42"},
        background="qcd",
        history={"loss": [3.0, 2.0], "val_loss": [3.0, 2.5], "learning_rate": [1e-3, 1e-4]},
        metrics={
            "top": dict(zip(SCORES, map(numbers, (0.6, 0.8, 0.4)), strict=True)),
            "dark shower": dict(zip(SCORES, map(numbers, (0.3, 0.7, 0.9)), strict=True)),
        },
        baselines={"jet mass"},
        scores=by_sample(lambda: {name: rng.normal(size=200) for name in SCORES}),
        images=images,
        reconstructions={sample: 0.9 * values for sample, values in images.items()},
        latents={"gaussian": by_sample(lambda: rng.normal(size=(8, 3)))},
        most_anomalous={sample: values[:4] for sample, values in images.items()},
        notes=["Pixels were remapped with power 0.5."],
    )
    return replace(findings, **changes)


def only(name, **changes):
    (section,) = [s for s in sections(make_findings(**BARE | changes)) if s.name == name]
    return section


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    html.write(path, make_findings())
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tags(page):
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(page)
    return found


def test_page_loads_nothing_from_outside(page, tags):
    sources = [attributes[key] for _, attributes in tags for key in ("src", "href") if key in attributes]
    assert all(source.startswith(("data:", "#")) for source in sources)
    assert not re.search(r"https?://|url\(|@import", page)


def test_page_forbids_the_browser_to_load_anything(tags):
    (policy,) = [
        attributes["content"] for tag, attributes in tags if tag == "meta" and "http-equiv" in attributes
    ]
    assert policy.startswith("default-src 'none'")


def test_page_has_text_for_those_who_cannot_see_a_figure(tags):
    assert all(attributes["alt"] for tag, attributes in tags if tag == "img")


@pytest.mark.parametrize(
    "text",
    [*SCORES, "top", "dark shower", "10<sup>−3</sup>", "joint-vae", "3.11.7", "remapped with power 0.5"],
)
def test_page_shows(page, text):
    assert text in page


def test_page_escapes_html_in_what_it_is_given(page):
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; new title" in page
    assert "<b>bold" not in page


def test_contents_point_at_sections_that_exist(tags):
    targets = {attributes["href"][1:] for tag, attributes in tags if tag == "a"}
    assert targets == {attributes["id"] for tag, attributes in tags if tag == "section"}


def test_page_is_the_same_for_the_same_findings(rng, tmp_path):
    scores = {sample: {"mse": rng.normal(size=50)} for sample in ("qcd", "top")}
    findings = make_findings(**BARE, scores=scores, metrics={"top": {"mse": numbers(0.7)}})
    html.write(tmp_path / "one.html", findings)
    html.write(tmp_path / "two.html", findings)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_failed_write_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(html, "sections", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        html.write(tmp_path / "report.html", make_findings())
    assert list(tmp_path.iterdir()) == []


def test_sections_follow_the_story(page):
    assert re.findall(r"<h2>(.*)</h2>", page) == [
        "Scores",
        "ROC curves",
        "Score distributions",
        "Average images",
        "Single jets",
        "Most anomalous jets",
        "Training",
        "Latent space",
        "How this was made",
    ]


def test_sections_without_anything_to_show_are_left_out():
    assert [section.name for section in sections(make_findings(**BARE))] == ["roc", "distributions"]


def test_images_without_reconstructions_are_shown_alone():
    images = by_sample(lambda: np.ones((8, 6, 6, 1)))
    average = only("images", images=images)
    assert len(average.pictures[0].figure.axes) == 3 + 1  # samples and color bar


def test_each_signal_has_a_roc_figure_of_the_detector_and_one_of_the_baselines():
    assert [picture.caption for picture in only("roc").pictures] == [
        "top against qcd: scores of the detector",
        "top against qcd: baselines",
        "dark shower against qcd: scores of the detector",
        "dark shower against qcd: baselines",
    ]


def test_collapsed_latent_is_said_and_not_drawn():
    section = only("latent", latents={"gaussian": by_sample(lambda: np.zeros((8, 3)))})
    assert section.pictures == []
    assert "collapsed" in section.remarks[0]


def test_the_spread_over_trainings_stands_beside_the_score():
    spread = {"n": 8, "auc": 0.0123, "auc_mean": 0.795, "tpr": {}}
    metrics = {"top": {"mse": {**numbers(0.8), "spread": spread}}}
    (row,) = signal_table(make_findings(metrics=metrics), "top").detector
    assert row.remark == "AUC of each of 8 trainings: 0.795 ± 0.012"


def test_table_ranks_by_auc_with_baselines_apart():
    table = signal_table(make_findings(), "top")
    assert [row.name for row in table.detector] == ["dice + bce", "mse"]
    assert [row.name for row in table.baselines] == ["jet mass"]


def test_table_shows_rates_in_percent_with_their_interval():
    loosest, few, missing = signal_table(make_findings(), "top").detector[0].rates
    assert (loosest.text, loosest.interval, loosest.few) == ("25.0", "20.0–30.0", False)
    assert (few.text, few.few) == ("1.20", True)
    assert (missing.text, missing.interval) == ("–", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "100.0"), (0.4567, "45.7"), (0.0337, "3.37"), (0.003, "0.30"), (0.000166, "0.017"), (0.0, "0")],
)
def test_table_keeps_two_digits_of_small_rates(value, text):
    metrics = {"top": {"mse": numbers(0.6) | {"tpr": {"1e-1": rate(value)}}}}
    assert signal_table(make_findings(metrics=metrics), "top").detector[0].rates[0].text == text


def test_table_keeps_the_remark_of_a_score_below_one_half():
    table = signal_table(make_findings(), "dark shower")
    assert table.detector[1].auc.text == "0.300"
    assert "ordinary" in table.detector[1].remark


def test_table_says_where_the_significance_improvement_was_found():
    sic = signal_table(make_findings(), "top").detector[0].sic
    assert (sic.text, sic.interval, sic.at) == ("2.50", "2.25–2.75", "0.037")


def test_findings_need_the_background():
    with pytest.raises(InputError, match="Expected: a key 'zjets'"):
        make_findings(background="zjets")


def test_findings_need_scores_of_each_signal():
    with pytest.raises(InputError, match=r"Received: \['W'\]"):
        make_findings(metrics={"W": {}})


@pytest.mark.parametrize("values", [np.array([1.0, np.nan]), np.array([])], ids=["NaN", "empty"])
def test_findings_refuse_scores_that_cannot_be_drawn(values):
    with pytest.raises(InputError, match=r"scores\['qcd'\]\['mse'\] cannot be shown"):
        make_findings(scores={"qcd": {"mse": values}, "top": {}, "dark shower": {}})


def test_findings_refuse_reconstructions_of_other_images():
    with pytest.raises(InputError, match=r"Expected: shape \(8, 6, 6, 1\). Received: shape \(2, 6, 6, 1\)"):
        make_findings(reconstructions={"qcd": np.zeros((2, 6, 6, 1))})


def test_the_working_point_of_each_score_stands_under_its_distribution():
    findings = make_findings()
    captions = [picture.caption for picture in distributions_section(findings).pictures]
    for name, caption in zip(findings.score_names, captions, strict=True):
        third = np.sort(findings.scores["qcd"][name])[-3]  # above it are 1 % of 200
        assert f"above {third:.4g} for a false positive rate of 1 %" in caption


def test_the_working_point_of_events_is_at_the_largest_rate_that_was_counted():
    def entry(threshold, rate_hz, value=0.5):
        return {"top": {"threshold": threshold, "rate_hz": rate_hz, "value": value}}

    points = {
        "1 kHz": {name: entry(3.0, 1e3, None) for name in SCORES},
        "10 kHz": {name: entry(2.0, 1e4) for name in SCORES},
        "5 kHz": {name: entry(2.5, 5e3) for name in SCORES},
    }
    events = EventFindings({}, {}, {}, {}, {"efficiencies": points, "complementarity": {}}, "")
    captions = [picture.caption for picture in distributions_section(make_findings(events=events)).pictures]
    assert all("above 2 for 10 kHz" in caption for caption in captions)


def test_observables_are_shown_by_name():
    found = ObservableFindings(["mass", "zg"], {"top": np.array([2.5, -0.1])}, {"top": np.array([1.0, 0.25])})
    medians, errors = only("features", observables=found).grids
    assert medians.columns == ["Observable", "top"]
    assert medians.rows == [["mass", "2.50"], ["zg", "-0.10"]]
    assert errors.rows == [["mass", "1.00"], ["zg", "0.25"]]
    assert len(only("features", observables=replace(found, errors={})).grids) == 1
