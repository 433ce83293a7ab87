"""What a teacher leans on: the guide names what exists, and its plans fill their time."""

import json
import re
from pathlib import Path

import pytest

from tools.publish import notebooks as tool
from tools.publish.notebooks import text
from vae_lib.checks import EXERCISES

ROOT = Path(__file__).resolve().parents[1]

GUIDE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
SERIES = {path.name[:2]: json.loads(path.read_text(encoding="utf-8")) for path in tool.NOTEBOOKS}
PLANS = {"45 minutes": 45, "90 minutes": 90, "Three hours": 180}


def figures(number: str) -> set[str]:
    captions = [re.match(r"\*\*Figure (\d+\.\d+)", text(cell)) for cell in SERIES[number]["cells"]]
    return {caption[1] for caption in captions if caption}


def test_every_notebook_has_its_section_under_its_own_title():
    titles = [
        text(notebook["cells"][0]).partition("\n")[0].removeprefix("# ")
        for notebook in SERIES.values()
    ]
    assert re.findall(r"^## (\d\d · .*)", GUIDE, re.M) == titles


def test_every_figure_and_exercise_the_guide_names_exists():
    named = re.findall(r"[Ff]igures? ((?:\d+\.\d+(?:, | and | to )?)+)", GUIDE)
    numbers = [figure for group in named for figure in re.findall(r"\d+\.\d+", group)]
    assert set(numbers) <= set().union(*map(figures, SERIES))
    without = re.sub(r"[Ff]igures? (?:\d+\.\d+(?:, | and | to )?)+", "", GUIDE)
    exercises = re.findall(r"(?<![\d.,])((?:0\d|1\d)\.[1-9])(?![\d%]| nats)", without)
    files = (ROOT / "notebooks").glob("*.ipynb")
    series = "".join(path.read_text(encoding="utf-8") for path in files)
    in_words = re.findall(r"\*\*((?:0\d|1\d)\.[1-9])[ *]", series)
    assert set(exercises) <= set(EXERCISES) | set(in_words)


@pytest.mark.parametrize(("plan", "minutes"), PLANS.items())
def test_the_minutes_of_a_plan_add_up(plan, minutes):
    table = re.search(rf"^### {plan}: .*?(?=^#)", GUIDE, re.M | re.S)[0]
    assert sum(int(row) for row in re.findall(r"^\| (\d+) \|", table, re.M)) == minutes


def find_times(words: str) -> dict[str, tuple[str, str]]:
    """The minutes to read and to run that a table of the series gives for each notebook."""
    rows = re.findall(
        r"^\| (\d\d) \|.*\| ([\d¼½]+)(?: min)? \| ([\d¼½]+)(?: min)? \|$", words, re.M
    )
    return {number: (read, run) for number, read, run in rows}


def test_both_tables_of_the_series_and_each_title_give_the_same_times():
    readme = find_times((ROOT / "README.md").read_text(encoding="utf-8"))
    start = find_times("\n".join(text(cell) for cell in SERIES["00"]["cells"]))
    assert readme == start
    assert set(readme) == set(SERIES)
    for number, (read, _) in readme.items():
        title = text(SERIES[number]["cells"][0]).replace("an hour", "60 minutes")
        assert f"About {read} minutes to read" in title


def test_links_resolve():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", GUIDE) if not link.startswith("http")]
    assert links
    for link in links:
        assert (ROOT / "docs" / link.partition("#")[0]).resolve().is_file(), link


def test_make_targets_that_the_guide_names_exist_and_paths_too(dry_make):
    for target in re.findall(r"`make ([a-z-]+)`", GUIDE):
        done = dry_make(target)
        assert done.returncode == 0, done.stderr
    for path in re.findall(r"`(tools/classroom/[\w/]+)`", GUIDE):
        assert (ROOT / path).is_dir(), path
