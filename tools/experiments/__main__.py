"""Make again what ships, and compare: ``python -m tools.experiments [--store] [experiment …]``.

Without a name, the experiments about the paper's claims are done; with ``--all``, also those that
train the weights that ship, and those that the lessons quote. Each experiment writes its files to
build/claims and is skipped when its card is there, so that a call that was cut short goes on where
it stopped (``make claims FRESH=1`` starts anew). What was made is then compared with what ships.
``--store`` lets the new files take the place of the shipped ones.
"""

import argparse
import importlib
import json
import pkgutil
import shutil
import sys
import time

import tools.experiments
from tools.experiments.common import BUILD, Experiment, differences, shipped_folder


def find_experiments() -> dict[str, Experiment]:
    """The ``EXPERIMENTS`` of all modules in this folder, by name."""
    found: dict[str, Experiment] = {}
    for module in pkgutil.iter_modules(tools.experiments.__path__):
        if module.name != "__main__":
            imported = importlib.import_module(f"tools.experiments.{module.name}")
            found.update(getattr(imported, "EXPERIMENTS", {}))
    return found


EXPERIMENTS = find_experiments()


def main() -> int:
    arguments = parse_arguments()
    chosen = arguments.experiments or choose_all(also_lessons=arguments.all)
    print_plan(chosen)
    if arguments.list:
        return 0
    BUILD.mkdir(parents=True, exist_ok=True)
    faults = []
    for name in chosen:
        make_once(name)
        if arguments.store:
            store(name)
        faults += [f"{name}: {fault}" for fault in differences(name)]
    print("\n".join(faults) or "What was made agrees with what ships.")
    return bool(faults)


def parse_arguments() -> argparse.Namespace:
    names = ", ".join(EXPERIMENTS)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "experiments",
        nargs="*",
        metavar="experiment",
        help=f"of {names}; those about the paper's claims if none is named",
    )
    parser.add_argument("--all", action="store_true", help="all, if none is named")
    parser.add_argument("--store", action="store_true", help="ship what was made")
    parser.add_argument("--list", action="store_true", help="say how long each takes, and stop")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.experiments) - set(EXPERIMENTS))
    if unknown:
        parser.error(f"there is no experiment {', '.join(unknown)}; choose from {names}")
    return arguments


def choose_all(also_lessons: bool) -> list[str]:
    """Names of the experiments about the paper's claims, or of all."""
    return [
        name for name, experiment in EXPERIMENTS.items() if also_lessons or experiment.about_a_claim
    ]


def print_plan(names: list[str]) -> None:
    total = sum(EXPERIMENTS[name].minutes for name in names)
    print(f"{total} minutes are planned on two cores:")
    for name in names:
        experiment = EXPERIMENTS[name]
        print(f"  {name:<20} {experiment.minutes:>3} min  {experiment.question}")


def make_once(name: str) -> None:
    """Do the experiment and write its card, unless the card is there."""
    card = BUILD / f"{name}.json"
    if not card.exists():
        experiment = EXPERIMENTS[name]
        print(f"{name}: {experiment.minutes} minutes planned.", flush=True)
        began = time.monotonic()
        result = experiment.make()
        result["row"] = name
        result["made_by"] = f"make claims ONLY={name}"
        result["minutes"] = (time.monotonic() - began) / 60
        text = json.dumps(result, indent=1, default=float)
        card.write_text(f"{text}\n", encoding="utf-8")  # last: it says done
    minutes = json.loads(card.read_text(encoding="utf-8"))["minutes"]
    print(f"{name}: done in {minutes:.1f} minutes.", flush=True)


def store(name: str) -> None:
    """Let the new files of an experiment take the place of the shipped ones."""
    for pattern in (f"{name}.*", f"{name}-pictures.npz"):
        for file in BUILD.glob(pattern):
            shutil.copy(file, shipped_folder(name) / file.name)


if __name__ == "__main__":
    sys.exit(main())
