"""Recipes: complete, checked, and written as they were read."""

import pytest

from offshell import recipe
from offshell.errors import InputError


@pytest.mark.parametrize("name", recipe.names())
def test_shipped_recipes_survive_a_round_trip(name, tmp_path):
    first = recipe.load(name)
    (tmp_path / "copy.toml").write_text(recipe.to_toml(first))
    assert recipe.load(tmp_path / "copy.toml") == first


def test_the_recipes_that_are_promised_are_there():
    of_jets = {"joint-vae", "joint-vae-large", "conv-ae", "pca", "outlier-exposure", "outlier-exposure-large"}
    kinds = ("ae", "vae", "vicreg", "sparse", "denoising", "svdd", "nae", "neighbors", "student")
    of_events = {f"l1-{kind}" for kind in kinds}
    to_firmware = {"l1-vae-trigger", "joint-vae-trigger", "outlier-exposure-trigger"}
    of_clouds = {"cloud-lorentz", "cloud-deepsets", "jets-flow", "jets-flow-matching", "jets-mpgan"}
    assert set(recipe.names()) == of_jets | of_events | to_firmware | of_clouds


def test_changes():
    changed = recipe.load(
        "joint-vae",
        changes=[
            "train.epochs=5",
            "samples.background=top",
            "samples.signals=qcd,w",
            "samples.pt=900,1100",
            "train.loss=dice + bce",
        ],
    )
    assert changed.train.epochs == 5
    assert changed.samples.background == "top"
    assert changed.samples.signals == ["qcd", "w"]
    assert changed.samples.pt == (900, 1100)
    assert changed.train.loss == "dice + bce"


def test_quick_is_small_and_keeps_the_rest():
    whole = recipe.load("joint-vae")
    small = recipe.quick(whole)
    assert small.samples.n_train <= 400
    assert small.train.epochs <= 2
    assert small.model == whole.model


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("train.epoch=5", r"unknown key\. Expected: a key such as train\.epochs\. Received: train\.epoch"),
        ("trainer.epochs=5", r"such as train.* Received: trainer"),
        ("model.network.filter=[3]", r"such as model\.network\.filters\."),
        ("model.components=3", r"model\.components is not a setting of the chosen kind"),
        ("train.epochs=0", r"train\.epochs does not fit\. Expected: greater than 0\. Received: 0"),
        ("train.epochs=many", r"train\.epochs does not fit\. .*integer.*Received: 'many'"),
        ("model.kind=gam", r"unknown model\.kind.*Received: .gam."),
        ("samples.signals=[]", r"samples\.signals"),
        ("train", r"Expected: key=value"),
        ("title.x=3", r"Expected: a key such as"),
        ("samples.kind=event", r"unknown samples\.kind.*Received: 'event'"),
        ("samples.pileup=3", r"samples\.pileup is not a setting of the chosen kind"),
    ],
)
def test_wrong_changes_get_one_clear_line(change, message):
    with pytest.raises(InputError, match=message) as caught:
        recipe.load("joint-vae", changes=[change])
    assert "\n" not in str(caught.value)


def test_inputs_must_fit_the_samples():
    with pytest.raises(
        InputError, match=r"inputs\.kind does not fit samples of events.*objects.*images"
    ) as caught:
        recipe.load("l1-ae", changes=["inputs.kind=images"])
    assert "\n" not in str(caught.value)


def test_a_loss_that_exists_only_in_training_needs_a_score():
    settings = recipe.load("l1-denoising")
    assert settings.score_among(["mse", "l1"]) == "mse"
    settings = settings.model_copy(update={"evaluate": recipe.load("l1-ae").evaluate})
    with pytest.raises(InputError, match=r"a score in evaluate\.score, such as mse"):
        settings.score_among(["mse", "l1"])


def test_rates_lie_below_that_of_all_events():
    with pytest.raises(InputError, match=r"evaluate: .*rates_hz < 1000.*Received: 10000"):
        recipe.load("l1-ae", changes=["evaluate.input_rate_hz=1e3"])


def test_unknown_recipe_names_the_nearest():
    with pytest.raises(InputError, match="Did you mean 'joint-vae'"):
        recipe.load("joint-va")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            "model.kind=pcaa",
            r"unknown model\.kind\. Did you mean 'pca'\? Expected: one of .*vae.* Received: 'pcaa'\.",
        ),
        (
            "samples.kind=jet",
            r"unknown samples\.kind\. Did you mean 'jets'\? Expected: one of jets, events\.",
        ),
    ],
)
def test_unknown_kind_names_the_nearest(change, complaint):
    with pytest.raises(InputError, match=complaint):
        recipe.load("pca", changes=[change])


def test_missing_or_damaged_file(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml"):
        recipe.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("epochs = = 3")
    with pytest.raises(InputError, match="is not TOML"):
        recipe.load(tmp_path / "bad.toml")


def test_an_expander_has_a_layer():
    with pytest.raises(InputError, match=r"model\.expander does not fit\. Expected: .*at least 1 item"):
        recipe.load("l1-vicreg", changes=["model.expander=[]"])


def test_recipes_of_the_first_version_have_another_name_for_all_signals():
    assert recipe.load("pca", changes=["evaluate.mixture=true"]).evaluate.all_signals is True


def test_a_draft_is_the_recipe_without_a_look_at_the_detector():
    for _ in range(2):  # a file of the package is called draft, which must not hide anything
        draft = recipe.load_draft("pca", changes=["model.kind=none", "samples.n_test=7"])
        assert draft.model["kind"] == "none"
        assert recipe.quick(draft).samples.n_test == 7
    with pytest.raises(InputError, match=r"samples\.n_test. Received: samples\.n_tset"):
        recipe.load_draft("pca", changes=["samples.n_tset=7"])
