"""What a teacher leans on: the guide speaks of figures and exercises that exist, its plans fill their time,
and the cells tagged for slides tell each notebook's story in few words.
"""

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
SECTIONS = dict(re.findall(r"^## (\d\d) · [^\n]*\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S))
PLANS = {"45 minutes": 45, "90 minutes": 90, "Three hours": 180}
SHOWN = {"slide", "fragment"}
NOT_ON_SLIDES = re.compile(
    r"\[!\[[^]]*\]\([^)]*\)\]\([^)]*\)|<details>.*?</details>|\[[^]]*\]\(\d\d_\w+\.ipynb\)", re.S
)
each = pytest.mark.parametrize("number", SERIES)


def figures(number: str) -> set[str]:
    captions = [
        re.match(r"\*\*Figure (\d+\.\d+)", text(cell)) for cell in SERIES[number]["cells"]
    ]
    return {caption[1] for caption in captions if caption}


def tagged(number: str) -> list[dict]:
    return [
        cell for cell in SERIES[number]["cells"] if SHOWN & set(cell["metadata"].get("tags", []))
    ]


def test_every_notebook_has_its_section_under_its_own_title():
    titles = [
        text(notebook["cells"][0]).partition("\n")[0].removeprefix("# ")
        for notebook in SERIES.values()
    ]
    assert re.findall(r"^## (\d\d · .*)", GUIDE, re.M) == titles


@each
def test_every_section_asks_and_warns_and_keeps_within_a_page(number):
    section = SECTIONS[number]
    asked, expected = section.split("**Expect**")
    assert re.search(r"^Runs in .*\d+ (s|minutes)", section, re.M)
    assert len(re.findall(r"^- .*\?.* \*\S", asked, re.M)) >= 4, (
        "a question comes with the answer hoped for"
    )
    assert len(re.findall(r"^- ", expected, re.M)) >= 4
    assert sum(bool(line.strip()) for line in section.splitlines()) <= 25


def test_every_figure_and_exercise_the_guide_names_exists():
    named = re.findall(r"[Ff]igures? ((?:\d+\.\d+(?:, | and | to )?)+)", GUIDE)
    numbers = [figure for group in named for figure in re.findall(r"\d+\.\d+", group)]
    assert len(numbers) > 80
    assert set(numbers) <= set().union(*map(figures, SERIES))
    without = re.sub(r"[Ff]igures? (?:\d+\.\d+(?:, | and | to )?)+", "", GUIDE)
    exercises = re.findall(r"(?<![\d.,])((?:0\d|1[0-2])\.[1-9])(?![\d%]| nats)", without)
    assert len(exercises) > 30
    assert set(exercises) <= set(EXERCISES)


@each
def test_every_section_leans_on_its_own_figures_and_exercises(number):
    assert (
        len({f for f in figures(number) if re.search(rf"\b{re.escape(f)}\b", SECTIONS[number])})
        >= 2
    )
    assert re.search(rf"\b{number}\.\d\b", SECTIONS[number])


@pytest.mark.parametrize(("plan", "minutes"), PLANS.items())
def test_the_minutes_of_a_plan_add_up(plan, minutes):
    table = re.search(rf"^### {plan}: .*?(?=^#)", GUIDE, re.M | re.S)[0]
    assert sum(int(row) for row in re.findall(r"^\| (\d+) \|", table, re.M)) == minutes


def test_run_times_are_the_measured_ones():
    results = (ROOT / "tools" / "benchmarks" / "results.md").read_text(encoding="utf-8")
    measured = dict(re.findall(r"`(\d\d)_\w+\.ipynb`, time \| \d+ s \| (\d+) s", results))
    assert len(measured) >= 8
    for number, seconds in measured.items():
        assert f"Runs in {seconds} s" in SECTIONS[number], number


def test_links_resolve():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", GUIDE) if not link.startswith("http")]
    assert links
    for link in links:
        assert (ROOT / "docs" / link.partition("#")[0]).resolve().is_file(), link


def test_make_targets_that_the_guide_names_exist_and_paths_too():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)`", GUIDE):
        assert re.search(rf"^{target}:", makefile, re.M), f"make {target}"
    for path in re.findall(r"`(tools/classroom/[\w/]+)`", GUIDE):
        assert (ROOT / path).is_dir(), path


def test_usual_mistakes_are_known_by_name_where_they_are_made():
    named = {
        "a mean where a sum belongs": ["02.1"],
        "1/2 is missing": ["02.1", "03.2", "05.2"],
        "taken for a variance": ["02.1", "03.3"],
        "scales by the variance": ["02.2", "07.2"],
        "sigmoid is applied twice": ["04.1", "04.3"],
        "test data in training": ["01.3"],
        "the wrong axis": ["02.1", "03.3"],
    }
    for mistake, exercises in named.items():
        assert [
            number for number, e in EXERCISES.items() if any(mistake in m for m in e.mistakes)
        ] == exercises


@each
def test_slides_tell_a_story_of_five_to_twelve(number):
    starts = [cell for cell in tagged(number) if "slide" in cell["metadata"]["tags"]]
    assert 5 <= len(starts) <= 12
    assert tagged(number)[0] is starts[0] is SERIES[number]["cells"][0], (
        "the first slide is the title"
    )
    drawn = [
        cell
        for cell in tagged(number)
        if any("image/png" in o.get("data", {}) for o in cell.get("outputs", ()))
    ]
    assert len(drawn) >= 3
    assert any(
        re.search(rf"^\*\*{number}\.\d\*\* ", text(cell), re.M) for cell in tagged(number)
    ), "an exercise"


@each
def test_words_on_slides_are_few(number):
    for cell in tagged(number):
        if cell["cell_type"] == "markdown":
            for part in re.split(r"^(?=#)", NOT_ON_SLIDES.sub("", text(cell)), flags=re.M):
                most = (
                    120 if re.search(r"^[-|]", part, re.M) else 65
                )  # a list or table; running text
                assert len(re.findall(r"\w+", part)) <= most, part
        elif "slide-code" in cell["metadata"]["tags"]:
            assert sum(bool(line.strip()) for line in text(cell).splitlines()) <= 12, text(cell)


@each
def test_no_slide_shows_a_solution_or_nothing(number):
    for cell in tagged(number):
        assert "### BEGIN SOLUTION" not in text(cell) and not re.match(r'check\("', text(cell))
        tags = cell["metadata"]["tags"]
        assert cell["cell_type"] == "markdown" or "slide-code" in tags or cell["outputs"], text(
            cell
        )


@each
def test_code_is_tagged_only_where_a_slide_shows_it(number):
    for cell in SERIES[number]["cells"]:
        tags = set(cell["metadata"].get("tags", []))
        assert "slide-code" not in tags or (tags & SHOWN and cell["cell_type"] == "code"), text(
            cell
        )
        assert not tags >= SHOWN, "a cell starts a slide or goes on with it, not both"
