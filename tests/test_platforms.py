"""No call of the library that Windows or macOS lacks goes unguarded."""

import ast
import errno
import os
from pathlib import Path

import pytest

from vae_lib import data, files, inference, machine, network, run, shipped

LIBRARY = Path(__file__).resolve().parents[1] / "vae_lib"
# modules that Windows lacks, as Python's documentation says
MODULES = {"crypt", "curses", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource"}
MODULES |= {"spwd", "syslog", "termios", "tty"}
# by module: what Windows, and in part macOS, lacks in it
LACKING = {
    "os": """chown chroot confstr ctermid fchown fork forkpty getegid geteuid getgid getgroups
        getloadavg getpgid getpgrp getpriority getresgid getresuid getsid getuid initgroups killpg
        lchown mkfifo mknod nice openpty pathconf pipe2 posix_fallocate posix_spawn pread pwrite
        readv register_at_fork sched_getaffinity sched_setaffinity sched_yield sendfile setegid
        seteuid setgid setgroups setpgid setpriority setsid setuid statvfs sync sysconf tcgetpgrp
        ttyname uname wait wait3 wait4 waitid writev O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_SYNC""",
    "signal": """SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1
        SIGUSR2 SIGWINCH alarm getitimer pause pthread_kill setitimer sigpending sigwait""",
    "time": "clock_getres clock_gettime clock_settime pthread_getcpuclockid tzset",
    "socket": "AF_UNIX AF_NETLINK EAI_ADDRFAMILY EAI_NODATA EAI_OVERFLOW EAI_SYSTEM SO_REUSEPORT",
    "errno": "EDQUOT EKEYEXPIRED ENOMEDIUM",
}
LACKING = {module: set(names.split()) for module, names in LACKING.items()}
FOLDERS = ("/proc", "/dev/", "/sys/", "/etc/")
SOURCES = sorted(LIBRARY.rglob("*.py"))


def find_unguarded(source: str) -> list[str]:
    """Uses of what is lacking, outside of functions that ask for it with hasattr."""
    tree = ast.parse(source)
    guarded = find_guarded(tree)
    found = []
    for node in ast.walk(tree):
        if node not in guarded:
            found += names_used(node)
    return [name for name in found if is_lacking(name)]


def find_guarded(tree: ast.AST) -> set[ast.AST]:
    """The attributes that stand in a function which asks for them with hasattr."""
    guarded: set[ast.AST] = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        words = ast.unparse(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute):
                continue
            if f"hasattr({ast.unparse(node.value)}, '{node.attr}')" in words:
                guarded.add(node)
    return guarded


def names_used(node: ast.AST) -> list[str]:
    """What one piece of code names: modules, their members, and folders of the system."""
    if isinstance(node, ast.Attribute):
        return [f"{ast.unparse(node.value)}.{node.attr}"]
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
    if isinstance(node, ast.Constant) and str(node.value).startswith(FOLDERS):
        return [node.value]
    return []


def is_lacking(name: str) -> bool:
    """Whether another system lacks a module, a module's member, or a folder of the system."""
    module, _, member = name.rpartition(".")
    return name in MODULES or member in LACKING.get(module, ()) or name.startswith(FOLDERS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_nothing_that_another_system_lacks_is_used_unguarded(path):
    assert find_unguarded(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\ndef f():\n    return os.sysconf('SC_CLK_TCK')", ["os.sysconf"]),
        ("def f():\n    if hasattr(os, 'sysconf'):\n        return os.sysconf('A')", []),
        ("def f():\n    if hasattr(os, 'getuid'):\n        return os.sysconf('A')", ["os.sysconf"]),
        ("import resource", ["resource"]),
        ("from os import fork", ["os.fork"]),
        ("from fcntl import flock", ["fcntl"]),
        ("open('/proc/self/status')", ["/proc/self/status"]),
        ("signal.SIGKILL", ["signal.SIGKILL"]),
        ("os.getpid(); os.replace(a, b)", []),
    ],
)
def test_what_is_unguarded_is_found(source, found):
    assert find_unguarded(source) == found


class Lacking:
    """A module without some of its names."""

    def __init__(self, module, names):
        self.__dict__.update(module=module, names=names)

    def __getattr__(self, name):
        if name in self.names:
            raise AttributeError(f"module {self.module.__name__!r} has no attribute {name!r}")
        return getattr(self.module, name)


@pytest.mark.parametrize("lacking", [*sorted(LACKING["os"] & set(dir(os))), "all of them"])
def test_the_library_works_where_os_lacks(lacking, tmp_path, monkeypatch):
    names = LACKING["os"] if lacking == "all of them" else {lacking}
    for module in (machine, files, data, network, run):
        monkeypatch.setattr(module, "os", Lacking(os, names))
    monkeypatch.delenv("MEM_LIMIT", raising=False)
    found = machine.describe()
    assert int(found["cores"]) >= 1
    is_told = hasattr(os, "sysconf") and "sysconf" not in names  # Windows never tells
    assert (found["memory"] != "unknown") == is_told
    model = shipped.load_pretrained()
    assert isinstance(model, inference.NumpyVAE)
    run.Run().save(files.find(tmp_path / "run.npz"))
    assert run.Run.load(tmp_path / "run.npz").epochs == 0
    assert data.home().is_absolute()
    assert network.explain(OSError(errno.ENOSPC, "No space left on device"), tmp_path)


def test_a_system_that_does_not_know_its_memory_is_no_fault(monkeypatch):
    monkeypatch.delenv("MEM_LIMIT", raising=False)

    def unknown(name):
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(machine.os, "sysconf", unknown, raising=False)
    assert machine.describe()["memory"] == "unknown"
