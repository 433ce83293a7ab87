"""Write the requirements with every pin opened upward: python -m tools.newest FOLDER

"Newest allowed" is what pip then finds: of each package the latest release, at least the pinned one, that this Python
and the other packages allow. Nothing caps a major version: the weekly run is there to meet the next one early.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("requirements.txt", "requirements-dev.txt")


def loosen(text: str) -> str:
    """``name==1.2.3 ; marker  # reason`` becomes ``name>=1.2.3 ; marker  # reason``; other lines stay."""
    return re.sub(r"^([A-Za-z0-9._-]+)==", r"\1>=", text, flags=re.M)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / name).write_text(
            loosen((ROOT / name).read_text(encoding="utf-8")), encoding="utf-8"
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
