"""A real JupyterHub on loopback, temporary system users, and students who use it as a browser does.

What tests/test_hub.py and tools/classroom/load_test.py share. Needs root (it makes system users) and what
`make hub` installs; `missing()` says what is not there.
"""

import grp
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import requests
import websocket

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "tools" / "classroom" / "jupyterhub"
HUB = ROOT / ".venv-hub" / "bin" / "jupyterhub"
PROXY = DEPLOY / "node_modules" / ".bin" / "configurable-http-proxy"
PREFIX, SIGN = "vaetmp", "temporary user of the hub's tests, process "
# A Python under a folder that only root may enter (pyenv in root's home, say) cannot be run by students. In a
# mount namespace of the hub's own, such folders are replaced by open ones that hold nothing but what is needed.
OPEN_UP = """
set -e; aside=$1; closed=; needed=; n=0; shift
while [ "$1" != -- ]; do closed="$closed $1"; shift; done; shift
while [ "$1" != -- ]; do needed="$needed $1"; shift; done; shift
for path in $needed; do n=$((n+1)); mkdir -p "$aside/$n"; mount --bind "$path" "$aside/$n"; done
for path in $closed; do mount -t tmpfs -o mode=755 none "$path"; done; n=0
for path in $needed; do n=$((n+1)); mkdir -p "$path"; mount --bind "$aside/$n" "$path"; done
exec "$@"
"""


def missing() -> str:
    """What stands in the way of starting a hub here, in one sentence; empty if nothing does."""
    if sys.platform != "linux" or os.geteuid():
        return (
            "The hub's tests make temporary system users, for which they must run as root on Linux."
        )
    if not HUB.exists() or not PROXY.exists():
        return "The hub's environment is not here: make it with `make hub` (it needs npm)."
    if lacking := [
        name
        for name in ("useradd", "userdel", "chpasswd", "git", "unshare", "setpriv")
        if not shutil.which(name)
    ]:
        return (
            f"The hub's tests need {', '.join(lacking)} on this machine: install what is missing."
        )
    if shut := [str(path) for path in _needed() if not path.stat().st_mode & 0o001]:
        return f"Students cannot enter {', '.join(shut)}: open it with chmod o+x."
    return ""


class Run(NamedTuple):
    """What came of a notebook: cells run, seconds to the first figure (None: no figure) and to the end, errors."""

    cells: int
    first_figure: float | None
    seconds: float
    errors: list[str]


class Room:
    """A hub with some students: ``with Room(2) as room: room.students[0].log_in()``.

    Args:
        count: how many students.
        mnist: a copy of mnist.npz to share; without one, students get the stand-in.
        idle_seconds: stop servers that were idle for so long.
    """

    def __init__(
        self, count: int, mnist: Path | None = None, idle_seconds: int | None = None
    ) -> None:
        self.count, self.mnist, self.idle_seconds = count, mnist, idle_seconds
        self.students: list[Student] = []
        self.hub = self.folder = self.group = self.stranger = (
            None  # the stranger has an account, but is no student
        )

    def __enter__(self) -> "Room":
        if (
            threading.current_thread() is threading.main_thread()
        ):  # SIGTERM must clean up as Ctrl-C does
            self._sigterm = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            remove_leftovers()
            self._prepare()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.hub and self.hub.poll() is None:
            self.hub.terminate()  # it stops servers, proxy and culler
            with suppress(subprocess.TimeoutExpired):
                self.hub.wait(20)
        if self.hub:
            with suppress(ProcessLookupError):
                os.killpg(self.hub.pid, signal.SIGKILL)
            self.hub.wait()
        for student in (*self.students, *([self.stranger] if self.stranger else [])):
            remove_user(student.name)
        if self.group:
            subprocess.run(["groupdel", "-f", self.group], capture_output=True)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        if getattr(self, "_sigterm", None):
            signal.signal(signal.SIGTERM, self._sigterm)

    def _prepare(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vae-hub-"))
        self.folder.chmod(0o755)
        (self.folder / "homes").mkdir()
        (self.folder / "log").touch(0o600)
        subprocess.run(
            [
                "git",
                "clone",
                "--quiet",
                "--bare",
                "--no-hardlinks",
                ROOT,
                self.folder / "series.git",
            ],
            check=True,
        )
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        main = [
            "git",
            "update-ref",
            "refs/heads/main",
            head.stdout.strip(),
        ]  # whatever branch this checkout is on
        subprocess.run(main, cwd=self.folder / "series.git", check=True)
        # git refuses to clone from a repository of another's (here root's) unless the system's settings name it
        (self.folder / "gitconfig").write_text(f"[safe]\n\tdirectory = {self.folder}/series.git\n")
        if self.mnist:
            command = [
                ROOT / ".venv/bin/python",
                DEPLOY / "share_mnist.py",
                self.folder / "shared/mnist.npz",
            ]
            subprocess.run(
                [*command, self.mnist], check=True, capture_output=True, env={**_environment()}
            )
        mark = secrets.token_hex(3)
        self.group = f"{PREFIX}{mark}"
        subprocess.run(["groupadd", self.group], check=True)
        everyone = [
            Student(f"{PREFIX}{mark}n{k}", secrets.token_urlsafe(12)) for k in range(self.count + 1)
        ]
        *self.students, self.stranger = everyone
        for student in everyone:
            # not 0700: closing the homes is the hub's business
            command = [
                "useradd",
                "--create-home",
                "--base-dir",
                self.folder / "homes",
                "-K",
                "HOME_MODE=0755",
            ]
            command += ["--shell", "/bin/bash", "--comment", f"{SIGN}{os.getpid()}"]
            groups = [] if student is self.stranger else ["--groups", self.group]
            subprocess.run([*command, *groups, student.name], check=True, capture_output=True)
            student.uid, student.home = (
                pwd.getpwnam(student.name).pw_uid,
                Path(pwd.getpwnam(student.name).pw_dir),
            )
        accounts = "".join(f"{student.name}:{student.password}\n" for student in everyone)
        subprocess.run(["chpasswd"], input=accounts, text=True, check=True)

    def _start(self) -> None:
        self.ports = _free_ports(3)
        self.url = f"http://127.0.0.1:{self.ports[0]}"
        environment = {
            **_environment(),
            "VAE_HUB_STATE": str(self.folder / "state"),
            "VAE_HUB_RUNTIME": str(self.folder / "run"),
            "VAE_HUB_STUDENTS": self.group,
            "VAE_HUB_REPOSITORY": f"file://{self.folder}/series.git",
            "VAE_HUB_SEATS": str(self.count),
            "VAE_HUB_MNIST": str(self.folder / "shared/mnist.npz"),
            "VAE_HUB_PORTS": " ".join(map(str, self.ports)),
            "VAE_HUB_GITCONFIG": str(self.folder / "gitconfig"),
        }
        if self.idle_seconds:
            environment["VAE_HUB_IDLE_SECONDS"] = str(self.idle_seconds)
        ends_with_us = ["setpriv", "--pdeathsig", "TERM"]
        command = [
            *ends_with_us,
            *_opened_up(self.folder / "aside"),
            HUB,
            "-f",
            DEPLOY / "test_config.py",
        ]
        with (self.folder / "log").open("ab") as log:
            self.hub = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for student in (*self.students, self.stranger):
            student.url = self.url
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.hub.poll() is not None:
                raise RuntimeError(
                    f"The hub ended with code {self.hub.returncode}:\n{self.log()[-3000:]}"
                )
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/hub/api/", timeout=5).ok:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"The hub did not answer within a minute:\n{self.log()[-3000:]}")

    def hub_processes(self) -> list[int]:
        """Hub, proxy and culler."""
        return [pid for pid in processes_of(0) if _session(pid) == self.hub.pid]

    def log(self) -> str:
        """All that hub, proxy, culler and the students' servers have written."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


class Student:
    """One student: a browser's cookies, a system user, and what one does with a notebook."""

    url = ""  # the room sets it

    def __init__(self, name: str, password: str) -> None:
        self.name, self.password = name, password
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands before loopback
        self.uid, self.home = -1, Path()

    def log_in(self, password: str | None = None) -> requests.Response:
        """Fill in the log-in form; a right password leads on, a wrong one back to the form (403)."""
        self.session.get(f"{self.url}/hub/login", timeout=300).raise_for_status()
        form = {
            "username": self.name,
            "password": password or self.password,
            "_xsrf": self._xsrf("/hub/"),
        }
        return self.session.post(
            f"{self.url}/hub/login", data=form, timeout=300, allow_redirects=False
        )

    def start_server(self, timeout: float = 300) -> None:
        """Ask for the server, wait until it is ready, and go through its log-in."""
        started = self.hub_api("POST", f"users/{self.name}/server")
        if started.status_code not in (201, 202):
            raise RuntimeError(
                f"The hub answered {started.status_code} to a request for a server: {started.text}"
            )
        deadline = time.monotonic() + timeout
        while not self.server_is_ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The server was not ready after {timeout:g} seconds.")
            time.sleep(0.2)
        self.session.get(f"{self.url}/user/{self.name}/lab", timeout=300).raise_for_status()

    def fetch_series(self) -> None:
        """Go where a log-in leads: to nbgitpuller, which brings the series."""
        report = self.pull(self.get("").headers["location"])
        if '"phase": "finished"' not in report:
            raise RuntimeError(f"nbgitpuller did not bring the series: {report[-500:]}")

    def server_is_ready(self) -> bool:
        server = self.hub_api("GET", f"users/{self.name}").json()["servers"].get("", {})
        return bool(server.get("ready"))

    def pull(self, path: str) -> str:
        """What nbgitpuller's page does: run the pull and return its report."""
        arguments = path.partition("?")[2]
        found = self.get(f"git-pull/api?{arguments}&_xsrf={self._xsrf(f'/user/{self.name}/')}")
        found.raise_for_status()
        return found.text

    def get(self, path: str, timeout: float = 300) -> requests.Response:
        return self.session.get(
            f"{self.url}/user/{self.name}/{path}", timeout=timeout, allow_redirects=False
        )

    def hub_api(self, method: str, path: str) -> requests.Response:
        headers = {"X-XSRFToken": self._xsrf("/hub/")}
        return self.session.request(
            method, f"{self.url}/hub/api/{path}", headers=headers, timeout=300
        )

    def api(self, method: str, path: str, /, **body: object) -> requests.Response:
        headers = {"X-XSRFToken": self._xsrf(f"/user/{self.name}/")}
        url = f"{self.url}/user/{self.name}/api/{path}"
        return self.session.request(method, url, json=body or None, headers=headers, timeout=300)

    def open(self, path: str) -> tuple[list[dict], str]:
        """Read a notebook and start its session: its code cells and the kernel's id."""
        document = self.api("GET", f"contents/{path}")
        document.raise_for_status()
        started = self.api(
            "POST", "sessions", path=path, name=path, type="notebook", kernel={"name": "python3"}
        )
        started.raise_for_status()
        cells = [
            cell for cell in document.json()["content"]["cells"] if cell["cell_type"] == "code"
        ]
        return cells, started.json()["kernel"]["id"]

    def connect(self, kernel: str) -> websocket.WebSocket:
        where = (
            f"{self.url.replace('http', 'ws', 1)}/user/{self.name}/api/kernels/{kernel}/channels"
        )
        cookies = requests.cookies.get_cookie_header(
            self.session.cookies, _Request(f"{self.url}/user/{self.name}/api")
        )
        token = self._xsrf(f"/user/{self.name}/")
        return websocket.create_connection(
            f"{where}?_xsrf={token}", cookie=cookies, origin=self.url, timeout=600
        )

    def run(self, cells: list[dict], kernel: str) -> Run:
        """Run the cells one after another over the websocket, as "run all" does, and stop at an error."""
        channel, began, first, done = self.connect(kernel), time.monotonic(), None, 0
        try:
            for cell in cells:
                figure, error = execute(channel, "".join(cell["source"]))
                if figure and first is None:
                    first = figure - began
                if error and "raises-exception" not in cell["metadata"].get("tags", ()):
                    return Run(done, first, time.monotonic() - began, [error])
                done += 1
        finally:
            channel.close()
        return Run(done, first, time.monotonic() - began, [])

    def processes(self) -> list[int]:
        """Every process of this system user."""
        return processes_of(self.uid)

    def kernel_process(self) -> int:
        """The process of the one kernel that is running."""
        return next(pid for pid in self.processes() if "ipykernel_launcher" in _command(pid))

    def _xsrf(self, path: str) -> str:
        return next(
            (c.value for c in self.session.cookies if c.name == "_xsrf" and c.path == path), ""
        )


class _Request:
    """What requests needs to know in order to choose the cookies for an address."""

    def __init__(self, url: str) -> None:
        self.url, self.headers = url, {}


def execute(channel: websocket.WebSocket, code: str) -> tuple[float | None, str]:
    """Run one cell: when its first picture came (None: none did), and its error (empty: none)."""
    wanted = uuid4().hex
    content = {
        "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
        "stop_on_error": True,
    }  # fmt: skip
    header = {
        "msg_id": wanted, "msg_type": "execute_request", "session": wanted, "username": "", "version": "5.3",
        "date": "",
    }  # fmt: skip
    message = {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
    }
    channel.send(json.dumps({**message, "buffers": []}))
    figure, error, replied, idle = None, "", False, False
    while not (replied and idle):
        opcode, frame = channel.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise ConnectionError("The server closed the websocket.")
        answer = _read(frame, opcode)
        kind = answer["header"]["msg_type"]
        if kind == "status" and answer["content"]["execution_state"] in (
            "restarting",
            "dead",
            "autorestarting",
        ):
            return figure, "the kernel died"
        if answer["parent_header"].get("msg_id") != wanted:
            continue
        if kind == "status":
            idle = answer["content"]["execution_state"] == "idle"
        elif kind == "execute_reply":
            replied = True
            if answer["content"]["status"] != "ok":
                error = f"{answer['content'].get('ename')}: {answer['content'].get('evalue')}"
        elif (
            kind in ("display_data", "execute_result") and "image/png" in answer["content"]["data"]
        ):
            figure = figure or time.monotonic()
    return figure, error


def _read(frame: bytes, opcode: int) -> dict:
    """A message without its buffers: text as it is; binary starts with how many parts and where they are."""
    if opcode == websocket.ABNF.OPCODE_TEXT:
        return json.loads(frame)
    parts = int.from_bytes(frame[:4], "big")
    first, *rest = (int.from_bytes(frame[4 * k : 4 * k + 4], "big") for k in range(1, parts + 1))
    return json.loads(frame[first : rest[0] if rest else None])


def processes_of(uid: int) -> list[int]:
    """Processes that run as this system user."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            if path.stat().st_uid == uid:
                found.append(int(path.name))
    return found


def memory_of(pids: list[int]) -> int:
    """Their proportional set size in bytes: a page that k processes share counts 1/k to each."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += 1024 * int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])
    return total


def processor_seconds(pids: list[int]) -> float:
    """Processor time that they and their ended children have taken."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            ticks += sum(
                map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])
            )
    return ticks / os.sysconf("SC_CLK_TCK")


def remove_user(name: str) -> None:
    """End the user's processes and remove account and home; a user that is not there is no fault."""
    with suppress(KeyError):
        uid = pwd.getpwnam(name).pw_uid
        deadline = time.monotonic() + 10
        while (pids := processes_of(uid)) and time.monotonic() < deadline:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        subprocess.run(["userdel", "--force", "--remove", name], capture_output=True)


def remove_leftovers() -> None:
    """Remove the users of a run that was killed outright: their comment names a process that is no more."""
    for user in pwd.getpwall():
        owner = user.pw_gecos.removeprefix(SIGN)
        if (
            user.pw_name.startswith(PREFIX)
            and owner != user.pw_gecos
            and not Path(f"/proc/{owner}").exists()
        ):
            remove_user(user.pw_name)
            if (folder := Path(user.pw_dir).parents[1]).name.startswith("vae-hub-"):
                shutil.rmtree(folder, ignore_errors=True)
            with suppress(KeyError):
                group = grp.getgrnam(user.pw_name.rpartition("n")[0]).gr_name
                subprocess.run(["groupdel", "-f", group], capture_output=True)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _session(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[3])
    return -1


def _needed() -> set[Path]:
    """What a student's processes must reach: this repository, its environments, their Pythons."""
    environments = [Path(os.path.realpath(ROOT / name)) for name in (".venv", ".venv-hub")]
    pythons = [Path(os.path.realpath(place / "bin/python")).parents[1] for place in environments]
    return {ROOT, *environments, *pythons}


def _opened_up(aside: Path) -> list[str]:
    """The prefix that lets students reach what they need; empty where they can anyway."""
    needed = _needed()
    closed = {
        folder for path in needed for folder in path.parents if not folder.stat().st_mode & 0o001
    }
    outermost = [folder for folder in closed if not closed & set(folder.parents)]
    if not outermost:
        return []
    inside = sorted(path for path in needed if set(outermost) & set(path.parents))
    script = ["unshare", "--mount", "--propagation", "private", "sh", "-c", OPEN_UP, "sh", aside]
    return [*script, *outermost, "--", *inside, "--"]


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
