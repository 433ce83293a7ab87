"""The training step of the paper's network in JAX, timed on request by ``jax_step``.

It runs in an environment of its own and needs JAX and NumPy only. The settings, the file of the
images among them, come as JSON in the first line of standard input. Every further line is a number
of steps to take; the answer is the seconds that they took, and the last loss.

Shapes, initial weights' distribution, activation, losses, schedule and Adam are those of
``vae_lib``, written plainly; the batches are made on the way as ``vae_lib.training`` makes them.
"""

import json
import sys
import time
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np

BETA_1, BETA_2, EPSILON = 0.9, 0.99, 1e-7


def main() -> None:
    """Answer one line of standard input after the other."""
    given = json.loads(input())
    images = np.load(given["images"], allow_pickle=False).reshape(-1, 784)
    batches = make_batches(images, given["batch_size"], given["input_dropout"])
    widths = [784, *given["hidden_units"]]
    weights = make_weights(widths, given["latent_dim"])
    state = (weights, zeros_like(weights), zeros_like(weights), jnp.zeros(()), jax.random.key(0))
    step = jax.jit(make_step(given["learning_rate"], given["steps"]), donate_argnums=0)
    print(jax.__version__, flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        for _ in range(int(line)):
            state, loss = step(state, *next(batches))
        loss.block_until_ready()
        print(time.perf_counter() - began, float(loss), flush=True)


def make_batches(images: np.ndarray, batch_size: int, input_dropout: float):
    """Batches as ``vae_lib.training.training_batches`` makes them, without end."""
    random = np.random.default_rng(0)
    while True:
        order = random.permutation(len(images))
        for start in range(0, len(images) - batch_size + 1, batch_size):
            target = images[order[start : start + batch_size]].astype(np.float32)
            target /= 255
            kept = random.integers(0, 256, target.shape, np.uint8) >= round(256 * input_dropout)
            yield target * kept, target


def make_weights(widths: list[int], latent_dim: int) -> list[tuple]:
    """Weights and biases of the encoder's layers, its two heads, and the decoder's layers."""
    shapes = [
        *pairwise(widths),
        (widths[-1], latent_dim),
        (widths[-1], latent_dim),
        *pairwise([latent_dim, *reversed(widths)]),
    ]
    random = np.random.default_rng(0)
    weights = []
    for inputs, outputs in shapes:
        limit = (6 / (inputs + outputs)) ** 0.5
        kernel = random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
        weights.append((jnp.asarray(kernel), jnp.zeros(outputs)))
    return weights


def zeros_like(weights: list[tuple]) -> list[tuple]:
    return jax.tree.map(jnp.zeros_like, weights)


def make_step(learning_rate: float, steps: int):
    """One step of Adam on the mean of the negative ELBO: from state and batch to state and loss."""
    warm_up = max(1, steps // 10)

    def rate_at(count):
        progress = jnp.clip((count - warm_up) / max(1, steps - warm_up), 0, 1)
        cosine = 0.5 * (1 + jnp.cos(jnp.pi * progress))
        return learning_rate * jnp.where(count < warm_up, count / warm_up, cosine)

    def step(state, images, targets):
        weights, means, squares, count, key = state
        key, now = jax.random.split(key)
        loss, gradients = jax.value_and_grad(negative_elbo)(weights, images, targets, now)
        rate = rate_at(count)
        count = count + 1
        rate = rate * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        means = jax.tree.map(lambda m, g: m + (g - m) * (1 - BETA_1), means, gradients)
        squares = jax.tree.map(lambda v, g: v + (g * g - v) * (1 - BETA_2), squares, gradients)
        weights = jax.tree.map(
            lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, means, squares
        )
        return (weights, means, squares, count, key), loss

    return step


def negative_elbo(weights: list[tuple], images, targets, key):
    """Mean over the batch, in nats."""
    half = (len(weights) - 2) // 2
    hidden = images
    for kernel, bias in weights[:half]:
        hidden = jax.nn.gelu(hidden @ kernel + bias, approximate=True)
    (mean_kernel, mean_bias), (variance_kernel, variance_bias) = weights[half : half + 2]
    z_mean = hidden @ mean_kernel + mean_bias
    z_log_var = hidden @ variance_kernel + variance_bias
    hidden = z_mean + jnp.exp(0.5 * z_log_var) * jax.random.normal(key, z_mean.shape)
    for kernel, bias in weights[half + 2 : -1]:
        hidden = jax.nn.gelu(hidden @ kernel + bias, approximate=True)
    kernel, bias = weights[-1]
    logits = hidden @ kernel + bias
    nll = jnp.sum(jax.nn.softplus(logits) - targets * logits, axis=1)
    kl = 0.5 * jnp.sum(z_mean**2 + jnp.expm1(z_log_var) - z_log_var, axis=1)
    return jnp.mean(nll + kl)


if __name__ == "__main__":
    main()
