"""Re-create what ships for notebooks 08 to 12 and compare: python -m tools.experiments [--store] [row …].

Each row writes its files to build/claims and is skipped when they are there, so that a call that was
cut truncate_mantissa goes on where it stopped (``make claims FRESH=1`` starts anew). What is re-created is then
compared with what ships. --store lets the new files take the place of the shipped ones.
"""

import argparse
import importlib
import json
import pkgutil
import shutil
import sys
import time

import tools.experiments
from tools.experiments.common import BUILD, differences, shipped_folder

NAMES = [
    module.name
    for module in pkgutil.iter_modules(tools.experiments.__path__)
    if module.name != "__main__"
]
MODULES = [importlib.import_module(f"tools.experiments.{name}") for name in NAMES]
EXPERIMENTS = {
    name: row for module in MODULES for name, row in getattr(module, "EXPERIMENTS", {}).items()
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "rows", nargs="*", metavar="row", help=f"of {', '.join(EXPERIMENTS)}; all if none is named"
    )
    parser.add_argument("--store", action="store_true", help="ship what was made")
    parser.add_argument("--list", action="store_true", help="say how long each row takes, and stop")
    chosen = parser.parse_args()
    if unknown := set(chosen.rows) - set(EXPERIMENTS):
        parser.error(
            f"there is no row {', '.join(sorted(unknown))}; choose from {', '.join(EXPERIMENTS)}"
        )
    rows = {name: EXPERIMENTS[name] for name in chosen.rows or EXPERIMENTS}
    print(f"{sum(row.minutes for row in rows.values())} minutes are planned on two cores:")
    for name, row in rows.items():
        print(f"  {name:<20} {row.minutes:>3} min  {row.question}")
    if chosen.list:
        return 0
    BUILD.mkdir(parents=True, exist_ok=True)
    faults = []
    for name, row in rows.items():
        card = BUILD / f"{name}.json"
        if not card.exists():
            began = time.monotonic()
            print(f"{name}: {row.minutes} minutes planned.", flush=True)
            result = row.make()
            result |= {
                "row": name,
                "made_by": f"make claims EXPERIMENTS={name}",
                "minutes": (time.monotonic() - began) / 60,
            }
            card.write_text(
                json.dumps(result, indent=1, default=float) + "\n", encoding="utf-8"
            )  # last: it says done
        print(f"{name}: done in {json.loads(card.read_text())['minutes']:.1f} minutes.", flush=True)
        if chosen.store:
            for file in (*BUILD.glob(f"{name}.*"), *BUILD.glob(f"{name}-pictures.npz")):
                shutil.copy(file, shipped_folder(name) / file.name)
        faults += [f"{name}: {fault}" for fault in differences(name)]
    print("\n".join(faults) or "What was made agrees with what ships.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
