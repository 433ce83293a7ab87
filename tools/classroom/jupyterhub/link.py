"""The address that brings the series into a student's folder and opens a notebook there.

python3 tools/classroom/jupyterhub/link.py https://hub.school.example https://github.com/OWNER/REPOSITORY [05]
"""

import sys
from pathlib import Path
from urllib.parse import urlencode

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"
FOLDER = "vae-notebooks"  # in the student's home


def pull_path(repository: str, number: str = "00", branch: str = "main") -> str:
    """The part of the address after the student's server: nbgitpuller, then the notebook of that number.

    Raises:
        ValueError: no notebook has that number.
    """
    found = [
        path.name
        for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")
        if path.name.startswith(f"{number}_")
    ]
    if not found:
        raise ValueError(
            f"There is no notebook {number!r}: give the two digits that its file name starts with."
        )
    opened = f"lab/tree/{FOLDER}/notebooks/{found[0]}"
    return "git-pull?" + urlencode(
        {"repo": repository, "branch": branch, "targetpath": FOLDER, "urlpath": opened}
    )


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    hub, *rest = sys.argv[1:]
    print(f"{hub.rstrip('/')}/hub/user-redirect/{pull_path(*rest)}")
