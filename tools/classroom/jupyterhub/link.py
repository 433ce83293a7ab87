"""The address that brings the series into a student's folder and opens a notebook there.

python3 -m tools.classroom.jupyterhub.link https://hub.school.example REPOSITORY [05]
"""

import argparse
import re
from pathlib import Path
from urllib.parse import urlencode

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"
FOLDER = "vae-notebooks"  # in the student's home
ADDRESS = re.compile(r"\w+://|[\w.-]+(@[\w.-]+)?:")  # https://host/path, or user@host:path


def find_repository(given: str) -> str:
    """What git pulls from: an address as it is, a folder by its whole path.

    Students' servers run in folders of their own, from where a relative path leads elsewhere.
    """
    if ADDRESS.match(given):
        return given
    return Path(given).expanduser().absolute().as_uri()


def pull_path(repository: str, number: str = "00") -> str:
    """What follows the student's server in the address: nbgitpuller, then the notebook.

    Raises:
        ValueError: no notebook has that number.
    """
    found = [path.name for path in NOTEBOOKS.glob(f"{number}_*.ipynb")]
    if not found:
        raise ValueError(
            f"There is no notebook {number!r}: give the two digits that its file name starts with."
        )
    opened = f"lab/tree/{FOLDER}/notebooks/{found[0]}"
    return "git-pull?" + urlencode(
        {
            "repo": find_repository(repository),
            "branch": "main",
            "targetpath": FOLDER,
            "urlpath": opened,
        }
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("hub", help="its address")
    parser.add_argument("repository", help="the address or the folder that git pulls from")
    parser.add_argument("number", nargs="?", default="00", help="the notebook to open")
    options = parser.parse_args()
    path = pull_path(options.repository, options.number)
    print(f"{options.hub.rstrip('/')}/hub/user-redirect/{path}")
