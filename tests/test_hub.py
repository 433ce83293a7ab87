"""A real JupyterHub on loopback, with temporary system users: what must work, and what must not.

`make test-hub` runs these, as root; the configuration is tools/classroom/jupyterhub/test_config.py.
"""

import json
import os
import pwd
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import psutil
import pytest
import requests
import websocket

from tools.classroom import room as rooms

OBSTACLE = rooms.find_obstacle()
if OBSTACLE:
    pytest.skip(OBSTACLE, allow_module_level=True)

pytestmark = pytest.mark.hub
NOTEBOOK = "vae-notebooks/notebooks/00_start_here.ipynb"
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def room():
    mnist = os.environ.get("VAE_LIB_MNIST")
    with rooms.Room(2, mnist=Path(mnist) if mnist else None) as opened:
        with ThreadPoolExecutor() as pool:
            list(pool.map(sit_down, opened.students))
        yield opened


def sit_down(student):
    assert student.log_in().status_code == 302
    student.start_server()
    student.fetch_series()


@pytest.fixture
def ada(room):
    return room.students[0]


@pytest.fixture
def ben(room):
    return room.students[1]


@pytest.fixture
def anybody(room):
    """Somebody with a browser and no account."""
    somebody = rooms.Student("nobody-in-particular", "")
    somebody.url = room.url
    return somebody


@contextmanager
def kernel_of(student):
    """A kernel, a channel to it, and the identity of the kernel; shut down at the end."""
    _, kernel = student.open(NOTEBOOK)
    channel = student.connect(kernel)
    yield channel, kernel
    channel.close()
    student.api("DELETE", f"kernels/{kernel}")


def refused_by(channel, code):
    """The name of the exception that the code ends in, in a student's kernel."""
    return rooms.execute(channel, code).partition(":")[0]


def is_shut(answer):
    """The door is shut: forbidden, or the way to the log-in and no further."""
    to_login = answer.status_code == 302 and re.search(
        r"/hub/(login|api/oauth2)", answer.headers["location"]
    )
    return answer.status_code in (401, 403) or bool(to_login)


def server_port(room, student):
    return int(re.findall(rf"/user/{student.name}/ => http://127.0.0.1:(\d+)", room.log())[-1])


PLACES = [
    "lab",
    "git-pull",
    "api/status",
    "api/contents",
    "api/kernels",
    "api/sessions",
    "api/terminals",
    "files/x",
]


@pytest.mark.parametrize("path", [*PLACES, "git-pull/api?repo=x", "api/kernelspecs", "api/me"])
def test_nobody_opens_a_students_server_without_a_login(room, ada, anybody, path):
    through_proxy = anybody.session.get(f"{room.url}/user/{ada.name}/{path}", allow_redirects=False)
    straight = anybody.session.get(
        f"http://127.0.0.1:{server_port(room, ada)}/user/{ada.name}/{path}", allow_redirects=False
    )
    assert is_shut(through_proxy) and is_shut(straight)


@pytest.mark.parametrize(
    "path", ["hub/home", "hub/admin", "hub/token", "hub/spawn", "hub/user-redirect/lab"]
)
def test_the_hubs_pages_lead_to_the_login(room, anybody, path):
    assert is_shut(anybody.session.get(f"{room.url}/{path}", allow_redirects=False))


@pytest.mark.parametrize("path", ["users", "user", "groups", "proxy", "services", "info"])
def test_the_hubs_interface_asks_who_is_there(room, anybody, path):
    for port in (room.ports[0], room.ports[1]):
        assert anybody.session.get(f"http://127.0.0.1:{port}/hub/api/{path}").status_code == 403
    assert (
        anybody.session.get(f"http://127.0.0.1:{room.ports[2]}/api/routes").status_code == 403
    )  # the proxy's own


def test_a_websocket_opens_for_its_student_alone(room, ada, ben, anybody):
    with kernel_of(ada) as (channel, kernel):
        assert rooms.execute(channel, "1 + 1") == ""
        for other in (ben, anybody):
            other_name, other.name = other.name, ada.name  # ada's address, the other's cookies
            try:
                with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
                    other.connect(kernel)
            finally:
                other.name = other_name
            assert refusal.value.status_code in (302, 403)


def test_a_wrong_password_stays_outside(room, ada):
    visitor = rooms.Student(ada.name, "")
    visitor.url = room.url
    answer = visitor.log_in("not " + ada.password)
    assert answer.status_code == 403 and "Invalid username or password" in answer.text
    assert "jupyterhub-hub-login" not in visitor.session.cookies
    assert visitor.hub_api("GET", "user").status_code == 403


def test_an_account_outside_the_group_stays_outside_with_its_right_password(room):
    assert room.stranger.log_in().status_code == 403
    assert "jupyterhub-hub-login" not in room.stranger.session.cookies


@pytest.mark.parametrize("path", PLACES)
def test_a_student_does_not_reach_another_students_server(room, ada, ben, path):
    answer = ben.session.get(
        f"{room.url}/user/{ada.name}/{path}", timeout=30
    )  # through all redirects
    assert answer.status_code == 403
    assert not is_shut(ada.get(path))  # while it stands open to ada


def test_a_student_commands_no_server_but_the_own(ada, ben):
    for method, path in (
        ("DELETE", f"users/{ada.name}/server"),
        ("GET", f"users/{ada.name}"),
        ("GET", "users"),
    ):
        assert ben.hub_api(method, path).status_code in (403, 404), (method, path)
    assert ben.hub_api("POST", f"users/{ada.name}/tokens").status_code in (403, 404)
    assert ada.server_is_ready()


def test_a_student_reads_no_files_of_others(room, ada, ben):
    (ada.home / "diary.txt").write_text("private")
    (ada.home / "diary.txt").chmod(0o644)  # as an editor leaves it: the closed home must do
    server = server_process(ada).pid
    closed = [
        ada.home / "diary.txt",
        room.folder / "run" / str(ada.uid) / "x",
        f"/proc/{server}/environ",  # holds the server's token
        room.folder / "state" / "cookie_secret",
        room.folder / "state" / "hub.sqlite",
        room.folder / "log",
    ]
    with kernel_of(ben) as (channel, _):
        assert rooms.execute(channel, f"import os; assert os.getuid() == {ben.uid}") == ""
        for path in closed:
            assert refused_by(channel, f"open({str(path)!r}).read()") == "PermissionError", path
        assert refused_by(channel, f"os.listdir({str(ada.home)!r})") == "PermissionError"


def test_a_students_token_opens_no_other_server(room, ada, ben):
    code = f"""
import os, requests
own = {{"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}}
for url in ("{room.url}", "http://127.0.0.1:{server_port(room, ada)}"):
    assert requests.get(url + "/user/{ada.name}/api/contents", headers=own).status_code == 403
assert requests.get("{room.url}/user/{ben.name}/api/contents", headers=own).status_code == 200
assert requests.get("{room.url}/hub/api/users/{ada.name}", headers=own).status_code in (403, 404)
"""
    with kernel_of(ben) as (channel, _):
        # a server hands its token to no kernel; take it from the server, which runs as the same
        # user
        token = server_process(ben).environ()["JUPYTERHUB_API_TOKEN"]
        assert (
            rooms.execute(channel, f"import os; os.environ['JUPYTERHUB_API_TOKEN'] = {token!r}")
            == ""
        )
        assert rooms.execute(channel, code) == ""


def test_a_kernel_offers_nothing_on_a_port(room, ada):
    """Over TCP it would offer five, and anybody on the machine could read its outputs along."""
    with kernel_of(ada) as (_, kernel):
        runtime = room.folder / "run" / str(ada.uid)
        assert json.loads((runtime / f"kernel-{kernel}.json").read_text())["transport"] == "ipc"
        assert runtime.stat().st_mode & 0o777 == 0o700 and runtime.stat().st_uid == ada.uid
        tables = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        rows = [line.split() for line in tables.splitlines() if line.split()[0] != "sl"]
        # the server's, and ipykernel's pipe for the output of child processes: it drops what does
        # not carry the kernel's own secret, and sends nothing
        assert len([row for row in rows if row[3] == "0A" and row[7] == str(ada.uid)]) == 2


def test_a_login_brings_the_series_and_later_pulls_keep_what_the_student_changed(room, ada):
    assert ada.log_in().headers["location"].startswith(("/hub/spawn", f"/user/{ada.name}"))
    pull = ada.get("").headers["location"]
    assert pull.startswith(f"/user/{ada.name}/git-pull?repo=")
    brought = {path.name for path in (ada.home / "vae-notebooks/notebooks").glob("*.ipynb")}
    assert brought == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    notebook = ada.home / NOTEBOOK
    document = json.loads(notebook.read_text())
    document["cells"][0]["source"] = ["ada was here"]
    notebook.write_text(json.dumps(document))
    assert '"phase": "finished"' in ada.pull(pull)
    assert "ada was here" in notebook.read_text()
    assert notebook.stat().st_uid == ada.uid


def test_the_shared_mnist_is_read_and_never_written(room, ada):
    if not room.mnist:
        pytest.skip("MNIST is not here: set VAE_LIB_MNIST")
    shared = room.folder / "shared" / "mnist.npz"
    with kernel_of(ada) as (channel, _):
        assert (
            rooms.execute(
                channel, f"import os; assert os.environ['VAE_LIB_MNIST'] == {str(shared)!r}"
            )
            == ""
        )
        code = "from vae_lib import data; assert data.load_digits().source == 'mnist'"
        assert rooms.execute(channel, code) == ""
        for attack in (
            f"open({str(shared)!r}, 'r+b')",
            f"os.remove({str(shared)!r})",
            f"os.chmod({str(shared)!r}, 0o666)",
            f"open({str(shared.parent / 'new')!r}, 'w')",
        ):
            assert refused_by(channel, attack) == "PermissionError", attack


@contextmanager
def memory_limit(pids, mebibytes):
    """A memory cgroup around these processes and their children, as SystemdSpawner makes one."""
    parent, limit = Path("/sys/fs/cgroup"), "memory.max"
    if (parent / "memory" / "cgroup.procs").exists():  # version 1
        parent, limit = parent / "memory", "memory.limit_in_bytes"
    group = parent / f"{rooms.PREFIX}{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text(str(mebibytes << 20))
        for pid in pids:
            (group / "cgroup.procs").write_text(str(pid))
    except OSError as fault:
        with suppress(OSError):
            group.rmdir()
        pytest.skip(f"No memory cgroup can be made here ({fault}), so nothing can run out of it.")
    try:
        yield
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            with suppress(OSError):
                (parent / "cgroup.procs").write_text(pid)
        group.rmdir()


GREEDY = "import numpy as np; eaten = [np.ones(2**24) for _ in range(40)]"  # 5 GB


@pytest.mark.parametrize("disaster", ["killed", "out of memory"])
def test_a_kernel_that_dies_disturbs_nobody(ada, ben, disaster):
    # ben's server and kernel get 700 MB; the kernel alone dies of it, as the largest process
    pids = [process.pid for process in ben.processes()]
    limited = memory_limit(pids, 700) if disaster == "out of memory" else nullcontext()
    cells, kernel = ada.open(NOTEBOOK)
    outcome = []
    runner = threading.Thread(target=lambda: outcome.append(ada.run(cells, kernel)))
    with limited, kernel_of(ben) as (channel, bens):
        assert rooms.execute(channel, "import time") == ""
        runner.start()
        time.sleep(1)  # into the middle of ada's notebook
        if disaster == "killed":
            threading.Timer(0.5, process_of(ben, "ipykernel_launcher").kill).start()
        assert (
            rooms.execute(channel, "time.sleep(30)" if disaster == "killed" else GREEDY)
            == "the kernel died"
        )
        assert runner.is_alive() or outcome, "ada's run has not begun"
        runner.join(120)
        assert outcome == [""]  # every cell ran
        # ben's server is there still, and starts the kernel anew by itself
        assert wait_for(lambda: _runs(ben, bens), 60)
    ada.api("DELETE", f"kernels/{kernel}")


def _runs(student, kernel):
    channel = student.connect(kernel)
    channel.settimeout(5)  # what reaches a kernel between two lives is lost: ask again
    try:
        return rooms.execute(channel, "1 + 1") == ""
    except websocket.WebSocketTimeoutException:
        return False
    finally:
        channel.close()


def process_of(student, program):
    """The student's one process whose command line names a program."""
    found = [process for process in student.processes() if program in rooms.command_of(process)]
    return found[0]


def server_process(student):
    return process_of(student, "jupyterhub-singleuser")


def test_no_secret_is_in_a_log_a_command_line_or_a_notebook(room, ada, ben):
    """Near the end, so that the log holds what all tests above have done."""
    secrets = {"cookie secret": (room.folder / "state" / "cookie_secret").read_text().strip()}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            token = process.environ().get("CONFIGPROXY_AUTH_TOKEN")
            if token and str(room.ports[2]) in rooms.command_of(process):
                secrets["proxy token"] = token
    for student in (ada, ben):
        secrets[f"{student.name}'s password"] = student.password
        environment = server_process(student).environ()
        secrets[f"{student.name}'s token"] = environment["JUPYTERHUB_API_TOKEN"]
        for cookie in student.session.cookies:
            # this one opens nothing without the cookies beside it; a server's report of a fault of
            # its own holds the request's headers, and blots the other cookies there, but not this
            if cookie.name != "_xsrf":
                value = cookie.value.strip('"')
                secrets[f"{student.name}'s cookie {cookie.name} {cookie.path}"] = value
    secrets["stranger's password"] = room.stranger.password
    assert (
        "proxy token" in secrets
        and len(secrets) >= 11
        and all(len(value) > 10 for value in secrets.values())
    )
    log = room.log()
    assert ada.name in log and "oauth_callback" in log  # it is the log, and it is not silent
    lines = "\0".join(rooms.command_of(process) for process in psutil.process_iter())
    notebooks = "".join(
        path.read_text() for path in ada.home.glob("vae-notebooks/**/*") if path.suffix == ".ipynb"
    )
    for name, secret in secrets.items():
        assert secret not in log, f"{name} is in the log"
        assert secret not in lines, f"{name} is on a command line"
        assert secret not in notebooks, f"{name} is in a notebook"
    assert not re.findall(r"\b(?:code|token|state|_xsrf)=(?!\[secret\]|\.\.\.)\S+", log)


def test_idle_kernels_and_servers_are_stopped_and_computing_ones_are_not():
    with rooms.Room(1, idle_seconds=10) as quiet:
        student = quiet.students[0]
        sit_down(student)
        _, idle = student.open(NOTEBOOK)
        busy = student.api("POST", "kernels", name="python3").json()["id"]
        channel = student.connect(busy)
        assert (
            rooms.execute(channel, "import os; assert os.environ['VAE_LIB_SOURCE'] == 'sklearn'")
            == ""
        )
        worker = threading.Thread(
            target=lambda: rooms.execute(channel, "import time; time.sleep(8)")
        )
        worker.start()

        def only_the_busy_one_runs():
            kernels = {kernel["id"] for kernel in student.api("GET", "kernels").json()}
            return kernels == {busy}

        assert idle != busy
        assert wait_for(only_the_busy_one_runs) and worker.is_alive()
        worker.join()
        channel.close()
        assert student.server_is_ready()
        # from here on nobody asks the server anything
        assert wait_for(
            lambda: not student.hub_api("GET", f"users/{student.name}").json()["servers"]
        )
        assert wait_for(lambda: not student.processes())
        assert (student.home / NOTEBOOK).exists()  # files stay


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    found = condition()
    while not found and time.monotonic() < deadline:
        time.sleep(0.5)
        found = condition()
    return found


@pytest.mark.parametrize(
    "ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name
)
def test_no_user_is_left_behind(ending):
    code = """
import time
from tools.classroom.room import Room
with Room(1) as room:
    print(room.students[0].name, room.folder, room.hub.pid, flush=True)
    time.sleep(60)
"""
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    name, folder, hub = child.stdout.readline().split()
    assert pwd.getpwnam(name)
    child.send_signal(ending)
    child.wait(60)
    if ending == signal.SIGKILL:  # nothing can clean up after that but the next run
        rooms.remove_leftovers()
    assert not [
        user.pw_name for user in pwd.getpwall() if user.pw_name.startswith(name.rpartition("n")[0])
    ]
    assert not Path(folder).exists()
    assert wait_for(lambda: not Path(f"/proc/{hub}").exists())


def test_the_production_configuration_loads_and_lets_in_nobody_by_default(tmp_path):
    """SystemdSpawner itself cannot run here; that it exists and is given its limits can be seen."""
    code = """
from traitlets.config import PyFileConfigLoader
from traitlets import import_item
from types import SimpleNamespace
c = PyFileConfigLoader("jupyterhub_config.py", path="tools/classroom/jupyterhub").load_config()
spawner = import_item(c.JupyterHub.spawner_class)(config=c, user=SimpleNamespace(name="ada", id=1))
print(type(spawner).__name__, spawner.mem_limit, spawner.cpu_limit, spawner.dynamic_users)
allow = import_item(c.JupyterHub.authenticator_class)(config=c)
print(allow.allowed_groups, allow.admin_groups, allow.allow_all, allow.any_allow_config,
      allow.allow_existing_users)
print(c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url)
"""
    state = {
        "VAE_HUB_STATE": str(tmp_path / "s"),
        "VAE_HUB_RUNTIME": str(tmp_path / "r"),
        "VAE_HUB_STUDENTS": "daemon",
    }
    done = subprocess.run(
        [rooms.HUB.parent / "python", "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, **state},
    )  # fmt: skip
    spawner, allowed, places = done.stdout.splitlines()
    assert spawner == f"SystemdSpawner {2 << 30} 2.0 False"
    assert allowed == "{'daemon'} set() False True False"
    assert re.findall(r"//([\d.]+):", places) == ["127.0.0.1"] * 3
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700
    lacking = subprocess.run(
        [rooms.HUB.parent / "python", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **state, "VAE_HUB_STUDENTS": "no-such-group"},
    )
    assert "There is no system group 'no-such-group': create it with groupadd" in lacking.stderr


def test_a_room_without_students_answers_nobody(room, anybody):
    """The form itself is all that an unknown visitor sees."""
    page = requests.get(f"{room.url}/", timeout=30)
    assert page.url.endswith("/hub/login?next=%2Fhub%2F") and 'name="password"' in page.text
