"""The game: each player learns from its own loss, the better epoch is kept, jets come out."""

import jax
import keras
import numpy as np
import pytest
from adversaries import CRITICS, GENERATORS, PARTICLES, jets
from scipy.stats import wasserstein_distance

import offshell
from offshell.errors import InputError
from offshell.models.densities.gan.gan import GAN

X = jets(256)


def game(*, generator="dense", critic="dense", columns=4, **options):
    keras.utils.set_random_seed(1)
    shape = (PARTICLES, columns)
    return GAN(GENERATORS[generator](shape), CRITICS[critic](shape), **options)


@pytest.fixture(scope="module", params=["least-squares", "wasserstein"])
def played(request):
    """A game, its terms for a batch in training, and the gradients of both losses."""
    model = game(objective=request.param)
    model.adapt(X)
    model.outline(X.shape[1:], training=True)
    frozen = [variable.value for variable in model.non_trainable_variables]

    def losses(weights):
        terms, _ = model.stateless_call(weights, frozen, X[:32], training=True)
        return {name: terms[name].mean() for name in ("generator_loss", "critic_loss")}, terms

    weights = [variable.value for variable in model.trainable_variables]
    gradients, terms = jax.jit(jax.jacobian(losses, has_aux=True))(weights)
    return model, {name: np.asarray(term) for name, term in terms.items()}, gradients


def test_each_player_learns_from_its_own_loss_only(played):
    model, _, gradients = played
    moved = {name: [bool(np.any(g)) for g in values] for name, values in gradients.items()}
    own = [model.relative_rate(variable) != 1 for variable in model.trainable_variables]
    assert any(own)
    assert moved["generator_loss"] == own
    assert moved["critic_loss"] == [not mine for mine in own]


def test_losses_are_those_of_the_same_verdicts(played):
    model, terms, _ = played
    assert all(term.shape == (32,) for term in terms.values())
    real = -terms["critic"]
    if model.objective == "least-squares":
        # D^2 - (D - 1)^2 + 1 = 2 D of a generated jet.
        of_fake = (terms["critic_loss"] - (real - 1) ** 2 - terms["generator_loss"] + 1) / 2
        np.testing.assert_allclose((of_fake - 1) ** 2, terms["generator_loss"], rtol=1e-3, atol=1e-4)
    else:
        penalty = terms["critic_loss"] + terms["generator_loss"] + real
        assert (penalty >= -1e-5).all()
        assert penalty.max() > 0


def test_what_the_critic_usually_says_is_remembered(trained):
    model = trained[0]
    terms = offshell.score(model, jets(2000, columns=5))
    usual = float(model.usual)
    np.testing.assert_allclose(terms["atypicality"], (-terms["critic"] - usual) ** 2, rtol=1e-4, atol=1e-6)
    assert usual == pytest.approx(-terms["critic"].mean(), abs=0.1)


def test_the_generator_goes_slower_by_the_rate_asked_for():
    model = game(generator_rate=0.25)
    assert {model.relative_rate(variable) for variable in model.generator.trainable_variables} == {0.25}
    assert {model.relative_rate(variable) for variable in model.critic.trainable_variables} == {1.0}


@pytest.fixture(scope="module")
def trained():
    """A trained game of clouds with momenta, its history, and what it made before."""
    keras.utils.set_random_seed(1)
    model, x = game(columns=5, critic="point", generator_rate=0.1), jets(2000, columns=5)
    model.adapt(x)
    before = model.generate(1000, seed=1)
    history = offshell.fit(
        model, x, epochs=30, batch_size=50, learning_rate=1e-2, patience=100, plateau=100, progress=False
    )
    return model, history, before


def test_training_brings_generated_jets_closer_to_real_ones(trained):
    model, history, before = trained
    assert min(history["val_loss"]) < 0.3 * history["val_loss"][0]
    real, after = jets(1000, columns=5, seed=2), model.generate(1000, seed=1)
    assert apart(after, real) < 0.5 * apart(before, real)


def apart(generated, real):
    """Wasserstein distance of each coordinate of the particles in units of its width, summed."""
    samples = [clouds[clouds[..., -1] > 0][:, :3].T for clouds in (generated, real)]
    return sum(wasserstein_distance(a, b) / b.std() for a, b in zip(*samples, strict=True))


def test_generated_jets_have_numbers_and_momenta_of_the_background_and_falling_pt(trained):
    made = trained[0].generate(300, seed=4)
    real = jets(2000, columns=5)
    assert made.shape == (300, PARTICLES, 5)
    assert made.dtype == np.float32
    mask = made[..., -1]
    assert set(np.unique(mask)) == {0, 1}
    assert not made[mask == 0].any()
    assert (np.diff(made[..., 2], axis=1) <= 0).all()
    assert (made[mask == 1][:, 2] > 0).all()
    conditions = {(n, pt) for n, pt in zip(real[..., -1].sum(axis=1), real[:, 0, 3], strict=True)}
    assert set(zip(mask.sum(axis=1), made[:, 0, 3], strict=True)) <= conditions


def test_same_seed_same_jets_also_after_loading(trained, tmp_path):
    model = trained[0]
    first, again, other = (model.generate(150, seed=seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.generate(150, seed=5), first)
    np.testing.assert_array_equal(
        offshell.score(loaded, first)["critic"], offshell.score(model, first)["critic"]
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": "hinge"}, "There is no such objective"),
        ({"critic": "wide"}, "Critic and generator do not fit together"),
    ],
)
def test_mistakes_get_one_clear_line(options, message, monkeypatch):
    monkeypatch.setitem(CRITICS, "wide", lambda shape: CRITICS["dense"]((shape[0] + 1, shape[1])))
    with pytest.raises(InputError, match=message) as caught:
        game(**options)
    assert "\n" not in str(caught.value)


def test_no_jets_are_refused_in_one_line(trained):
    with pytest.raises(InputError, match="at least 1") as caught:
        trained[0].generate(0, seed=1)
    assert "\n" not in str(caught.value)
