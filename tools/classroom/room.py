"""A real JupyterHub on loopback, temporary system users, and students who use it as a browser does.

What tests/test_hub.py and tools/classroom/load_test.py share. Needs root, since it makes system
users, and what `make hub` installs; `find_obstacle()` says what is not there.
"""

import grp
import json
import os
import pwd
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
from uuid import uuid4

import psutil
import requests
import websocket

ROOT = Path(__file__).resolve().parents[2]
HUB_FOLDER = ROOT / "tools" / "classroom" / "jupyterhub"
HUB = ROOT / ".venv-hub" / "bin" / "jupyterhub"
PROXY = HUB_FOLDER / "node_modules" / ".bin" / "configurable-http-proxy"
PROGRAMS = ("useradd", "userdel", "chpasswd", "git", "unshare", "setpriv")
PREFIX = "vaetmp"
COMMENT = "temporary user of the hub's tests, process "
# A Python under a folder that only root may enter (pyenv in root's home, say) cannot be run by
# students. In a mount namespace of the hub's own, such folders are replaced by open ones that hold
# nothing but what is needed.
OPEN_UP = """
set -e; aside=$1; closed=; needed=; n=0; shift
while [ "$1" != -- ]; do closed="$closed $1"; shift; done; shift
while [ "$1" != -- ]; do needed="$needed $1"; shift; done; shift
for path in $needed; do n=$((n+1)); mkdir -p "$aside/$n"; mount --bind "$path" "$aside/$n"; done
for path in $closed; do mount -t tmpfs -o mode=755 none "$path"; done; n=0
for path in $needed; do n=$((n+1)); mkdir -p "$path"; mount --bind "$aside/$n" "$path"; done
exec "$@"
"""


def find_obstacle() -> str:
    """What stands in the way of starting a hub here, in one sentence; empty if nothing does."""
    if sys.platform != "linux" or os.geteuid():
        return "A hub with temporary system users needs root on Linux."
    if not HUB.exists() or not PROXY.exists():
        return "The hub's environment is not here: make it with `make hub` (it needs npm)."
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        return f"The hub needs {', '.join(lacking)} on this machine: install what is missing."
    shut = [str(path) for path in find_needed_folders() if not may_be_entered(path)]
    if shut:
        return f"Students cannot enter {', '.join(shut)}: open it with chmod o+x."
    return ""


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
        self.count = count
        self.mnist = mnist
        self.idle_seconds = idle_seconds
        self.students: list[Student] = []
        self.stranger: Student | None = None  # has an account, but is no student
        self.group = f"{PREFIX}{secrets.token_hex(3)}"
        self.folder: Path | None = None
        self.hub: subprocess.Popen | None = None
        self.old_handler = None

    def __enter__(self) -> "Room":
        if threading.current_thread() is threading.main_thread():
            # the end by SIGTERM must clean up as Ctrl-C does
            self.old_handler = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            remove_leftovers()
            self._prepare_folder()
            self._add_users()
            self._start_hub()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.hub:
            self.hub.terminate()  # it stops servers, proxy and culler
            with suppress(subprocess.TimeoutExpired):
                self.hub.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(self.hub.pid, signal.SIGKILL)
            self.hub.wait()
        for number in range(self.count + 1):
            remove_user(f"{self.group}n{number}")
        subprocess.run(["groupdel", "-f", self.group], capture_output=True)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.old_handler:
            signal.signal(signal.SIGTERM, self.old_handler)

    def _prepare_folder(self) -> None:
        """Homes, log, the series as a bare repository, the shared MNIST."""
        self.folder = Path(tempfile.mkdtemp(prefix="vae-hub-"))
        self.folder.chmod(0o755)
        (self.folder / "homes").mkdir()
        (self.folder / "log").touch(0o600)
        series = self.folder / "series.git"
        clone = ["git", "clone", "--quiet", "--bare", "--no-hardlinks", ROOT, series]
        subprocess.run(clone, check=True)
        # the hub pulls the branch main, whatever branch this checkout is on
        asked = ["git", "rev-parse", "HEAD"]
        head = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
        update = ["git", "update-ref", "refs/heads/main", head.stdout.strip()]
        subprocess.run(update, cwd=series, check=True)
        # git clones from a repository of another's (here root's) only if the settings name it
        (self.folder / "gitconfig").write_text(f"[safe]\n\tdirectory = {series}\n")
        if self.mnist:
            module = "tools.classroom.jupyterhub.share_mnist"
            target = self.folder / "shared" / "mnist.npz"
            command = [ROOT / ".venv/bin/python", "-m", module, target, self.mnist]
            subprocess.run(
                command, cwd=ROOT, env=make_environment(), check=True, capture_output=True
            )

    def _add_users(self) -> None:
        subprocess.run(["groupadd", self.group], check=True)
        everyone = []
        for number in range(self.count + 1):
            is_student = number < self.count
            student = Student(f"{self.group}n{number}", secrets.token_urlsafe(12))
            command = ["useradd", "--create-home", "--base-dir", self.folder / "homes"]
            command += ["-K", "HOME_MODE=0755"]  # closing the homes is the hub's business
            command += ["--shell", "/bin/bash", "--comment", f"{COMMENT}{os.getpid()}"]
            if is_student:
                command += ["--groups", self.group]
            subprocess.run([*command, student.name], check=True, capture_output=True)
            student.uid = pwd.getpwnam(student.name).pw_uid
            student.home = Path(pwd.getpwnam(student.name).pw_dir)
            everyone.append(student)
        *self.students, self.stranger = everyone
        accounts = "".join(f"{student.name}:{student.password}\n" for student in everyone)
        subprocess.run(["chpasswd"], input=accounts, text=True, check=True)

    def _start_hub(self) -> None:
        self.ports = find_free_ports(3)
        self.url = f"http://127.0.0.1:{self.ports[0]}"
        for student in (*self.students, self.stranger):
            student.url = self.url
        environment = {
            **make_environment(),
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
        command = ["setpriv", "--pdeathsig", "TERM"]  # it ends with us
        command += make_opening_command(self.folder / "aside")
        command += [HUB, "-f", HUB_FOLDER / "test_config.py"]
        with (self.folder / "log").open("ab") as log:
            self.hub = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_for_hub()

    def _wait_for_hub(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.hub.poll() is not None:
                code = self.hub.returncode
                raise RuntimeError(f"The hub ended with code {code}:\n{self.log()[-3000:]}")
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/hub/api/", timeout=5).ok:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"The hub did not answer within a minute:\n{self.log()[-3000:]}")

    def hub_processes(self) -> list[psutil.Process]:
        """Hub, proxy and culler."""
        found = []
        for process in processes_of(0):
            with suppress(ProcessLookupError):
                if os.getsid(process.pid) == self.hub.pid:
                    found.append(process)
        return found

    def log(self) -> str:
        """All that hub, proxy, culler and the students' servers have written."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


class Student:
    """One student: a browser's cookies, a system user, and what one does with a notebook."""

    def __init__(self, name: str, password: str) -> None:
        self.name = name
        self.password = password
        self.url = ""  # the room sets it, and what follows
        self.uid = -1
        self.home = Path()
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands before loopback

    def log_in(self, password: str | None = None) -> requests.Response:
        """Fill in the log-in form; a right password leads on, a wrong one back to it (403)."""
        address = f"{self.url}/hub/login"
        self.session.get(address, timeout=300).raise_for_status()
        form = {
            "username": self.name,
            "password": password or self.password,
            "_xsrf": self._xsrf("/hub/"),
        }
        return self.session.post(address, data=form, timeout=300, allow_redirects=False)

    def start_server(self) -> None:
        """Ask for the server, wait until it is ready, and go through its log-in."""
        started = self.hub_api("POST", f"users/{self.name}/server")
        if started.status_code not in (201, 202):
            code = started.status_code
            raise RuntimeError(f"The hub answered {code} to a request for a server: {started.text}")
        deadline = time.monotonic() + 300
        while not self.server_is_ready():
            if time.monotonic() > deadline:
                raise TimeoutError("The server was not ready after 300 seconds.")
            time.sleep(0.2)
        self.session.get(f"{self.url}/user/{self.name}/lab", timeout=300).raise_for_status()

    def server_is_ready(self) -> bool:
        server = self.hub_api("GET", f"users/{self.name}").json()["servers"].get("", {})
        return bool(server.get("ready"))

    def fetch_series(self) -> None:
        """Go where a log-in leads: to nbgitpuller, which brings the series."""
        report = self.pull(self.get("").headers["location"])
        if '"phase": "finished"' not in report:
            raise RuntimeError(f"nbgitpuller did not bring the series: {report[-500:]}")

    def pull(self, path: str) -> str:
        """What nbgitpuller's page does: run the pull and return its report."""
        arguments = path.partition("?")[2]
        found = self.get(f"git-pull/api?{arguments}&_xsrf={self._xsrf(f'/user/{self.name}/')}")
        found.raise_for_status()
        return found.text

    def get(self, path: str) -> requests.Response:
        address = f"{self.url}/user/{self.name}/{path}"
        return self.session.get(address, timeout=300, allow_redirects=False)

    def hub_api(self, method: str, path: str) -> requests.Response:
        headers = {"X-XSRFToken": self._xsrf("/hub/")}
        address = f"{self.url}/hub/api/{path}"
        return self.session.request(method, address, headers=headers, timeout=300)

    def api(self, method: str, path: str, /, **body: object) -> requests.Response:
        headers = {"X-XSRFToken": self._xsrf(f"/user/{self.name}/")}
        address = f"{self.url}/user/{self.name}/api/{path}"
        return self.session.request(
            method, address, json=body or None, headers=headers, timeout=300
        )

    def open(self, path: str) -> tuple[list[str], str]:
        """Read a notebook and start its session: the code of its cells and the kernel's id."""
        document = self.api("GET", f"contents/{path}")
        document.raise_for_status()
        kernel = {"name": "python3"}
        started = self.api("POST", "sessions", path=path, name=path, type="notebook", kernel=kernel)
        started.raise_for_status()
        cells = document.json()["content"]["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return code, started.json()["kernel"]["id"]

    def connect(self, kernel: str) -> websocket.WebSocket:
        """A channel to a kernel, with this student's cookies."""
        path = f"/user/{self.name}/api/kernels/{kernel}/channels"
        request = requests.Request("GET", f"{self.url}{path}")
        cookies = self.session.prepare_request(request).headers.get("Cookie")
        token = self._xsrf(f"/user/{self.name}/")
        address = f"{self.url.replace('http', 'ws', 1)}{path}?_xsrf={token}"
        return websocket.create_connection(address, cookie=cookies, origin=self.url, timeout=600)

    def run(self, cells: list[str], kernel: str) -> str:
        """Run the cells one after another, as "run all" does; the first error, empty if none."""
        channel = self.connect(kernel)
        try:
            for code in cells:
                error = execute(channel, code)
                if error:
                    return error
        finally:
            channel.close()
        return ""

    def processes(self) -> list[psutil.Process]:
        """Every process of this system user."""
        return processes_of(self.uid)

    def _xsrf(self, path: str) -> str:
        for cookie in self.session.cookies:
            if cookie.name == "_xsrf" and cookie.path == path:
                return cookie.value
        return ""


def execute(channel: websocket.WebSocket, code: str) -> str:
    """Run one cell; its error, empty if there was none."""
    wanted = uuid4().hex
    header = {
        "msg_id": wanted,
        "msg_type": "execute_request",
        "session": wanted,
        "username": "",
        "version": "5.3",
        "date": "",
    }
    message = {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": {"code": code, "silent": False, "stop_on_error": True},
        "channel": "shell",
        "buffers": [],
    }
    channel.send(json.dumps(message))
    error = ""
    replied = idle = False
    while not (replied and idle):
        answer = receive(channel)
        kind = answer["header"]["msg_type"]
        content = answer["content"]
        state = content.get("execution_state")
        if state in ("restarting", "dead", "autorestarting"):
            return "the kernel died"
        if answer["parent_header"].get("msg_id") != wanted:
            continue
        if kind == "status":
            idle = state == "idle"
        elif kind == "execute_reply":
            replied = True
            if content["status"] != "ok":
                error = f"{content.get('ename')}: {content.get('evalue')}"
    return error


def receive(channel: websocket.WebSocket) -> dict:
    """The next message, without its buffers.

    A text is the message itself. A binary frame starts with the number of its parts and the place
    of each, as four bytes each; the first part is the message, the others are its buffers.
    """
    opcode, frame = channel.recv_data()
    if opcode == websocket.ABNF.OPCODE_CLOSE:
        raise ConnectionError("The server closed the websocket.")
    if opcode == websocket.ABNF.OPCODE_TEXT:
        return json.loads(frame)
    parts = int.from_bytes(frame[:4], "big")
    places = [int.from_bytes(frame[4 * k : 4 * k + 4], "big") for k in range(1, parts + 1)]
    places.append(len(frame))
    return json.loads(frame[places[0] : places[1]])


def processes_of(uid: int) -> list[psutil.Process]:
    """Processes that run as this system user."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # it has ended meanwhile
            if process.uids().real == uid:
                found.append(process)
    return found


def command_of(process: psutil.Process) -> str:
    """Its command line; empty if it has ended."""
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def memory_of(processes: list[psutil.Process]) -> int:
    """Their proportional set size in bytes: a page that k processes share counts 1/k to each."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total


def processor_seconds(processes: list[psutil.Process]) -> float:
    """Processor time that they and their ended children have taken."""
    total = 0.0
    for process in processes:
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def remove_user(name: str) -> None:
    """End the user's processes and remove account and home, if there is such a user."""
    try:
        uid = pwd.getpwnam(name).pw_uid
    except KeyError:
        return
    deadline = time.monotonic() + 10
    while processes_of(uid) and time.monotonic() < deadline:
        for process in processes_of(uid):
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.05)
    subprocess.run(["userdel", "--force", "--remove", name], capture_output=True)


def remove_leftovers() -> None:
    """Remove the users of a run that was killed outright: their comment names its process."""
    for user in pwd.getpwall():
        if not user.pw_name.startswith(PREFIX) or not user.pw_gecos.startswith(COMMENT):
            continue
        owner = int(user.pw_gecos.removeprefix(COMMENT))
        if psutil.pid_exists(owner):
            continue
        remove_user(user.pw_name)
        folder = Path(user.pw_dir).parents[1]
        if folder.name.startswith("vae-hub-"):
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(KeyError):
            group = grp.getgrnam(user.pw_name.rpartition("n")[0]).gr_name
            subprocess.run(["groupdel", "-f", group], capture_output=True)


def make_environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


def find_needed_folders() -> set[Path]:
    """What a student's processes must reach: this repository, its environments, their Pythons."""
    environments = [Path(os.path.realpath(ROOT / name)) for name in (".venv", ".venv-hub")]
    pythons = [Path(os.path.realpath(place / "bin/python")).parents[1] for place in environments]
    return {ROOT, *environments, *pythons}


def may_be_entered(folder: Path) -> bool:
    """Whether every user may enter it."""
    return bool(folder.stat().st_mode & 0o001)


def make_opening_command(aside: Path) -> list[object]:
    """What to put before a command so that students reach what they need; empty where they can."""
    needed = find_needed_folders()
    closed = set()
    for path in needed:
        closed |= {folder for folder in path.parents if not may_be_entered(folder)}
    outermost = [folder for folder in closed if not closed & set(folder.parents)]
    if not outermost:
        return []
    inside = sorted(path for path in needed if set(outermost) & set(path.parents))
    script = ["unshare", "--mount", "--propagation", "private", "sh", "-c", OPEN_UP, "sh", aside]
    return [*script, *outermost, "--", *inside, "--"]


def find_free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
