"""Figures of notebook 08: recognition."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vae_lib.plots.images import check_pictures, draw_image
from vae_lib.plots.latent import push_apart
from vae_lib.plots.style import COLORS, FLOOR, GREY, INK, LINES, RULE, describe, styled, subplots

ERROR_TICKS = (0.6, 0.4, 0.2, 0.1, 0.05, 0.03)
REACH = 3.4  # of a map of codes: nearly all lie within
LABEL_BOX = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.75}
# in all figures of the notebook: with a VAE, without one, and a CNN with a VAE as its judge
VAE_COLOR, OTHER_COLOR, MIXED_COLOR = LINES[1], LINES[0], LINES[2]


@styled
def plot_spreading(
    codes: np.ndarray, known: np.ndarray, spread: np.ndarray, truth: np.ndarray
) -> Figure:
    """Three maps of the same codes: the known labels, those after spreading, and the errors.

    The known labels are drawn as numerals. In the other two maps a numeral stands at the middle of
    each digit's codes, and a code has the colour of the label that it received.

    Args:
        codes: ``(n, 2)``.
        known: labels, -1 where there is none, ``(n,)``.
        spread: the label that each code has in the end, ``(n,)``.
        truth: the true labels, ``(n,)``.
    """
    wrong = spread != truth
    panels = {
        f"{np.sum(known >= 0)} known labels": np.zeros(len(codes), bool),
        "after spreading": np.ones(len(codes), bool),
        f"wrong: {wrong.mean():.0%}": wrong,
    }
    figure, axes = subplots(1, 3, size=(9.8, 3.7), sharex=True, sharey=True)
    middles = np.array([np.median(codes[truth == digit], axis=0) for digit in range(10)])
    middles = push_apart(middles, 0.55, REACH)
    for ax, (title, drawn) in zip(axes, panels.items(), strict=True):
        ax.scatter(*codes.T, s=2, color=FLOOR, linewidths=0)
        for digit in range(10):
            chosen = drawn & (spread == digit)
            ax.scatter(*codes[chosen].T, s=3, color=COLORS[digit], linewidths=0)
        ax.set(title=title, xlabel="$z_1$", aspect="equal")
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH))
    for code, label in zip(codes[known >= 0], known[known >= 0], strict=True):
        axes[0].text(
            *code, label, ha="center", va="center", fontsize=8, fontweight="bold",
            color=COLORS[label], clip_on=True,
        )  # fmt: skip
    for ax in axes[1:]:
        for digit, middle in enumerate(middles):
            ax.text(
                *middle, digit, ha="center", va="center", fontsize=9.5, fontweight="bold",
                color=INK, bbox=LABEL_BOX,
            )  # fmt: skip
    axes[0].set_ylabel("$z_2$")
    return describe(
        figure,
        f"Three maps of {len(codes):,} codes: {np.sum(known >= 0)} known labels; the labels after "
        f"spreading, by digit; and the {np.sum(wrong)} codes whose label is wrong.",
    )


@styled
def plot_few_labels(
    results: Mapping[str, Mapping[str, Mapping[int, Sequence[float]]]], labels: Sequence[int]
) -> Figure:
    """One row for each representation or network, one panel for each number of labels.

    The axis is logarithmic in the share of errors, and its ticks say the accuracy.

    Args:
        results: name of a row: name of a method: number of labels: an accuracy for each draw.
            Rows whose name contains "VAE" have their own colour.
        labels: the numbers of labels, one panel each.
    """
    size = (11, 0.33 * len(results) + 1.6)
    figure, axes = subplots(1, len(labels), size=size, sharey=True)
    methods = list(dict.fromkeys(method for row in results.values() for method in row))
    for ax, count in zip(axes, labels, strict=True):
        for place, (name, row) in enumerate(results.items()):
            color = _color_of(name)
            for method, found in row.items():
                values = np.asarray(found.get(count, []))
                if not len(values):
                    continue
                mark = _MARKS[methods.index(method) % len(_MARKS)]
                filled = method != methods[0]
                errors = 1 - values
                ax.scatter(errors, np.full(len(errors), place), s=7, color=color, alpha=0.25)
                ax.scatter(
                    errors.mean(), place, s=44, marker=mark, edgecolors=color, linewidths=1.4,
                    facecolors=color if filled else "white", zorder=3,
                )  # fmt: skip
        ax.set(title=f"{count:,} labels", xlabel="accuracy (errors on a log scale)")
        ax.set_xscale("log")
        ax.invert_xaxis()  # fewer errors to the right
        most, fewest = ax.get_xlim()
        ticks = [error for error in ERROR_TICKS if fewest < error < most]
        ax.set_xticks(ticks, [f"{1 - error:.0%}" for error in ticks])
        ax.minorticks_off()
        ax.grid(axis="both")
    axes[0].set_yticks(range(len(results)), list(results))
    axes[0].set_ylim(len(results) - 0.4, -0.6)
    for number, method in enumerate(methods):
        axes[0].scatter(
            [], [], s=44, marker=_MARKS[number % len(_MARKS)], edgecolors=GREY, linewidths=1.4,
            facecolors=GREY if number else "white", label=method,
        )  # fmt: skip
    handles, words = axes[0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=len(methods))
    largest = {
        name: max(float(np.mean(found.get(count, [0]))) for found in row.values())
        for count in labels[1:2]
        for name, row in results.items()
    }
    words_of_rows = "; ".join(f"{name} {value:.1%}" for name, value in largest.items())
    return describe(
        figure, f"Accuracy with {labels} labels. With {labels[1]}, the best of each row: "
        f"{words_of_rows}."
    )  # fmt: skip


@styled
def plot_labels_tried(
    image: np.ndarray, reconstructions: np.ndarray, scores: Sequence[float]
) -> Figure:
    """An image, and its reconstruction under each label with the score below.

    Args:
        image: ``(28, 28)`` or ``(28, 28, 1)``.
        reconstructions: one for each label, ``(m, 28, 28, 1)``.
        scores: one for each label, in nats.
    """
    pictures = check_pictures(np.concatenate([image[None], reconstructions]))
    figure, axes = subplots(1, len(pictures), size=(10.4, 1.5))
    for ax, picture in zip(axes, pictures, strict=True):
        draw_image(ax, picture)
    axes[0].set_title("image", fontsize=9.5, pad=4)
    for label, (ax, score) in enumerate(zip(axes[1:], scores, strict=True)):
        best = score == max(scores)
        ax.set_title(f"as {label}", fontsize=9.5, pad=4)
        ax.text(
            13.5, 31, f"{score:.0f}", ha="center", va="top", fontsize=9.5,
            color=VAE_COLOR if best else INK, fontweight="bold" if best else "normal",
        )  # fmt: skip
    words = ", ".join(f"{label}: {score:.0f}" for label, score in enumerate(scores))
    return describe(
        figure, f"An image and its reconstruction under each of ten labels; nats: {words}."
    )


@styled
def plot_reliability(
    curves: Mapping[str, Mapping[str, np.ndarray]], least_share: float = 0.001
) -> Figure:
    """Accuracy against confidence, a panel for each classifier.

    Args:
        curves: name of a classifier: name of a curve: rows of share, confidence and accuracy, as
            ``evaluation.reliability`` returns them. A bin's mark is the larger, the more images
            it holds; the first curve of a panel is grey and dotted.
        least_share: bins with fewer of the images are not drawn, but count in the error.
    """
    figure, axes = subplots(1, len(curves), size=(4.1 * len(curves), 3.9), sharey=True)
    errors = []
    for ax, (name, found) in zip(np.atleast_1d(axes), curves.items(), strict=True):
        ax.plot([0, 1], [0, 1], color=RULE, linewidth=1, zorder=0)
        for number, (curve, rows) in enumerate(found.items()):
            share, confidence, accuracy = np.asarray(rows).T
            error = np.sum(share * np.abs(confidence - accuracy))
            errors.append(f"{name}, {curve}: {error:.2%}")
            color, line = (_color_of(name), "-") if number else (GREY, ":")
            drawn = share >= least_share
            confidence, accuracy, share = confidence[drawn], accuracy[drawn], share[drawn]
            ax.plot(confidence, accuracy, line, color=color, linewidth=1.2)
            ax.scatter(confidence, accuracy, s=12 + 160 * share, color=color, alpha=0.8)
            if number:
                ax.annotate(
                    f"{share[-1]:.0%} of the images", (confidence[-1], accuracy[-1]),
                    (6, 9), textcoords="offset points", ha="right", va="bottom", fontsize=9,
                    color=color,
                )  # fmt: skip
            label = f"{curve}: ECE {error:.2%}"
            ax.plot([], [], line, marker="o", color=color, linewidth=1.2, label=label)
        ax.set(title=name, xlabel="confidence", xlim=(0, 1.04), ylim=(0, 1.14))
        ax.legend(loc="lower right")
    np.atleast_1d(axes)[0].set_ylabel("accuracy")
    return describe(
        figure, f"Accuracy against confidence. Expected calibration errors: {'; '.join(errors)}."
    )


@styled
def plot_refusing(curves: Mapping[str, Sequence[Sequence[float]]], shares: np.ndarray) -> Figure:
    """Errors among the images that are kept, against the share that is put aside.

    Args:
        curves: name of a classifier: one list of error shares for each of its trainings.
        shares: of the images put aside, ``(m,)``.
    """
    figure, ax = subplots(size=(7.4, 3.8))
    for name, runs in curves.items():
        color = _color_of(name)
        ax.plot(100 * shares, 100 * np.mean(runs, axis=0), color=color)
        if len(runs) > 1:
            lowest, highest = np.min(runs, axis=0), np.max(runs, axis=0)
            ax.fill_between(
                100 * shares, 100 * lowest, 100 * highest, color=color, alpha=0.2, linewidth=0
            )
    ax.set(
        xlabel="images put aside, %", ylabel="errors among the others, %",
        xlim=(0, 100 * shares[-1]), ylim=(0, None),
    )  # fmt: skip
    ax.grid()
    for name in curves:
        ax.plot([], [], color=_color_of(name), label=name)
    ax.legend(loc="upper right")
    middle = np.searchsorted(shares, 0.02)
    words = "; ".join(
        f"{name} {np.mean(runs, axis=0)[0]:.2%} and {np.mean(runs, axis=0)[middle]:.2%}"
        for name, runs in curves.items()
    )
    return describe(figure, f"Errors with nothing put aside, and with 2% put aside: {words}.")


@styled
def plot_whole_numbers(
    curves: Mapping[str, Mapping[str, Sequence[float]]], shares: np.ndarray
) -> Figure:
    """Wrong numbers among those accepted, against the share put aside, a panel for each kind.

    Args:
        curves: name of a classifier: kind of number: error shares, ``(m,)``.
        shares: of the numbers put aside, ``(m,)``.
    """
    kinds = list(next(iter(curves.values())))
    figure, axes = subplots(1, len(kinds), size=(10.6, 3.4))
    for ax, kind in zip(axes, kinds, strict=True):
        for name, found in curves.items():
            errors = 100 * np.asarray(found[kind])
            ax.plot(100 * shares, errors, color=_color_of(name), label=name)
        ax.set(title=kind, xlabel="put aside, %", xlim=(0, 100 * shares[-1]), ylim=(0, None))
        ax.grid()
    axes[0].set_ylabel("wrong among those accepted, %")
    axes[0].legend(loc="upper right")
    words = "; ".join(
        f"{name}, {kind} {errors[0]:.2%}"
        for name, found in curves.items()
        for kind, errors in found.items()
    )
    return describe(figure, f"Wrong numbers with none put aside: {words}.")


@styled
def plot_verdict(
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    counts: Mapping[str, int] | None = None,
    form: str = ".1%",
) -> Figure:
    """A panel for each question, a bar for each method, a point for each repeat if there are more.

    Args:
        panels: title of a question: name of a method: its values. Methods whose name contains
            "VAE" have their own colour, and those whose name also contains "CNN" a third one.
        counts: for some of the titles, of how many the values are shares; a single value then
            gets its 95% interval.
        form: of the numbers at the bars.
    """
    counts = counts or {}
    heights = [len(methods) for methods in panels.values()]
    figure, axes = subplots(
        len(panels), 1, size=(9, 0.36 * sum(heights) + 0.62 * len(panels)),
        height_ratios=heights, squeeze=False,
    )  # fmt: skip
    for ax, (title, methods) in zip(axes[:, 0], panels.items(), strict=True):
        _draw_bars(ax, methods, form, counts.get(title))
        ax.set_title(title, loc="left")
    words = "; ".join(
        f"{title}: " + ", ".join(f"{name} {np.mean(v):{form}}" for name, v in methods.items())
        for title, methods in panels.items()
    )
    return describe(figure, f"Bars for each question. {words}.")


def _draw_bars(
    ax: Axes, methods: Mapping[str, Sequence[float]], form: str, count: int | None
) -> None:
    highest = 0.0
    for place, (name, values) in enumerate(methods.items()):
        color, mean = _color_of(name), float(np.mean(values))
        ax.barh(place, mean, 0.72, color=color, alpha=0.25)
        reach = float(np.max(values))
        if len(values) > 1:
            ax.scatter(values, np.full(len(values), place), s=12, color=color, zorder=3)
        elif count:
            low, reach = find_interval(mean, count)
            ax.plot([low, reach], [place, place], color=color, marker="|", linewidth=1.4)
        highest = max(highest, reach)
    for place, values in enumerate(methods.values()):
        words = f"{np.mean(values):{form}}"
        ax.text(1.03 * highest, place, words, va="center", fontsize=9, color=INK)
    ax.set(xlim=(0, 1.12 * highest), xticks=[])
    ax.set_yticks(range(len(methods)), list(methods))
    ax.tick_params(axis="y", length=0)
    ax.spines["bottom"].set_visible(False)
    ax.invert_yaxis()


def find_interval(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share: it stays between 0 and 1, also for few cases."""
    z = 1.96
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    spread = share * (1 - share) / count + z**2 / (4 * count**2)
    half = z * np.sqrt(spread) / (1 + z**2 / count)
    return float(middle - half), float(middle + half)


def _color_of(name: str) -> str:
    if "VAE" not in name:
        return OTHER_COLOR
    return MIXED_COLOR if "CNN" in name else VAE_COLOR


_MARKS = ("o", "D", "s")
