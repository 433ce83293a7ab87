"""What the library and the tools print arrives, whatever the other end can write."""

import ast
import io
import sys
from pathlib import Path

import pytest

from vae_lib import console

LIBRARY = Path(__file__).resolve().parents[1] / "vae_lib"
# all that the library says to a reader with other characters than those of ASCII
SAYS = """
import numpy as np
from vae_lib import check_model, checks, console, plots
checks.check("02.1", 1.0)
check_model.check_vae(object(), np.zeros((1, 28, 28, 1)), below=165)
plots.show(plots.subplots()[0], alt="σ, μ and ✓")
console.say("log σ²")
"""
TOOL = "import tools; print('50 ± 2 nats, σ')"
NOTEBOOK = "from vae_lib.versions import require_installed; require_installed(); print('σ')"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("code", [SAYS, TOOL, NOTEBOOK], ids=["library", "tool", "notebook"])
def test_any_character_can_be_printed_anywhere(start_python, code, encoding, tmp_path):
    process = start_python(
        f"import os; os.chdir({str(tmp_path)!r})\n{code}", PYTHONIOENCODING=encoding
    )
    process.stdout.reconfigure(encoding=encoding)
    process.stderr.reconfigure(encoding=encoding)
    said, fault = process.communicate(timeout=120)
    assert process.returncode == 0, fault
    assert ("σ" if encoding == "utf-8" else "\\u03c3") in said
    assert encoding == "ascii" or code != TOOL or "±" in said


def test_a_readers_own_choice_is_kept(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    monkeypatch.setattr(sys, "stdout", stream)
    console.say("σ")
    stream.flush()
    assert stream.buffer.getvalue().split() == [b"?"]


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_other_streams_are_left_alone(monkeypatch, stream):
    monkeypatch.setattr(sys, "stdout", stream)
    console.say("σ")
    assert stream is None or stream.getvalue() == "σ\n"


def test_the_library_prints_in_no_other_way():
    for path in LIBRARY.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert path.name == "console.py" or "print" not in calls, path
