"""JupyterHub for one server and a room of students; README.md beside this file takes you there.

Not run by our tests as it stands: SystemdSpawner, which needs systemd. test_config.py loads this
file, puts LocalProcessSpawner in its place, and is what tests/test_hub.py and the benchmark run.
"""

import grp
import os
import pwd
import re
import shutil
import sys
from pathlib import Path

from tornado.log import app_log, gen_log

HERE = Path(os.path.abspath(__file__)).parent
ROOT = HERE.parents[2]
BIN = Path(sys.executable).parent  # of .venv-hub; kernels run in .venv, by `make hub`'s kernelspec
sys.path.insert(0, str(ROOT))
from tools.classroom.jupyterhub.link import pull_path  # noqa: E402

c = get_config()  # noqa: F821

# What a school sets, by environment (jupyterhub.service has the lines).
# secrets and database: root's alone
STATE = Path(os.environ.get("VAE_HUB_STATE", "/var/lib/vae-hub")).absolute()
# sockets: a short path that only root writes to
RUNTIME = Path(os.environ.get("VAE_HUB_RUNTIME", "/run/vae-hub")).absolute()
# the system group that may log in, and the one that may also start and stop anyone's server
STUDENTS = os.environ.get("VAE_HUB_STUDENTS", "vae-students")
TEACHERS = os.environ.get("VAE_HUB_TEACHERS", "vae-teachers")
# what students are given; empty: an empty folder
REPOSITORY = os.environ.get("VAE_HUB_REPOSITORY", "")
# servers at once; docs/room.md says what a machine can bear
SEATS = int(os.environ.get("VAE_HUB_SEATS", "40"))
MNIST = Path(os.environ.get("VAE_HUB_MNIST", "/srv/vae/mnist.npz")).absolute()

# --- Who gets in: system accounts in one of two groups, and nobody else.
# PAM, since spawner and file modes need a system account for each student anyway: one password, one
# place to change or lock it. (NativeAuthenticator would keep a second list of names and passwords.)
c.JupyterHub.authenticator_class = "jupyterhub.auth.PAMAuthenticator"
existing = {group.gr_name for group in grp.getgrall()}
if STUDENTS not in existing:
    raise ValueError(
        f"There is no system group {STUDENTS!r}: create it with groupadd, or set VAE_HUB_STUDENTS."
    )
c.PAMAuthenticator.allowed_groups = {STUDENTS, TEACHERS} & existing
c.PAMAuthenticator.admin_groups = {TEACHERS} & existing
# sessions would be opened as root and never tied to the server: JupyterHub advises against it
c.PAMAuthenticator.open_sessions = False
# an account that was removed leaves the hub's list, too
c.Authenticator.delete_invalid_users = True

# --- What listens where: all on loopback. Put a web server that speaks TLS in front (README, step
# 8).
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
c.ConfigurableHTTPProxy.command = [str(HERE / "node_modules" / ".bin" / "configurable-http-proxy")]

# --- Secrets: in files that root alone reads. The proxy's token is made anew at each start and
# handed over in its environment; none is an argument (ps shows those to all), and JupyterHub blots
# them from logs.
STATE.mkdir(parents=True, exist_ok=True)
STATE.chmod(0o700)
RUNTIME.mkdir(parents=True, exist_ok=True)
RUNTIME.chmod(0o755)  # each student's part of it is closed
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")


def blot(record) -> bool:
    """What JupyterHub leaves in the clear: a session's id, and addresses of refused requests."""
    words = record.getMessage()
    record.msg = re.sub(r"\b(code|state|token|_xsrf)=[^&\s]+", r"\1=[secret]", words)
    record.args = ()
    return "Setting new xsrf cookie" not in record.msg


app_log.addFilter(blot)
gen_log.addFilter(blot)

# --- One server a student, as that student's system user.
c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
c.Spawner.mem_limit = "2G"  # as Binder gives; docs/room.md has what a student takes
c.Spawner.cpu_limit = 2  # cores: one student's training cannot starve the rest
c.SystemdSpawner.isolate_tmp = True  # a /tmp of one's own
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
# a student's own settings cannot weaken the student's own server
c.Spawner.disable_user_config = True
c.Spawner.args = [
    "--log-level=WARN",  # INFO has that session's id, too
    # Any user of the machine can connect to a kernel's TCP port and read along; a socket in a
    # closed home they can't.
    "--KernelManager.transport=ipc",
    # A kernel with TensorFlow holds half a gigabyte. It ends with its notebook's tab (tools/lab);
    # where the browser was closed, it ends after ten minutes, as a session on Binder does. A
    # notebook that is open may be read for an hour without a cell run: it keeps its kernel. A
    # kernel that is computing is not idle.
    "--MappingKernelManager.cull_idle_timeout=600",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_connected=False",
    "--MappingKernelManager.cull_busy=False",
]
c.Spawner.environment = {
    "PATH": f"{BIN}:{os.defpath}",
    # Without MNIST the stand-in, told outright: thirty students should not wait for thirty
    # downloads.
    **({"VAE_LIB_MNIST": str(MNIST)} if MNIST.is_file() else {"VAE_LIB_SOURCE": "sklearn"}),
}
c.Spawner.env_keep = ["LANG", "LC_ALL"]
c.Spawner.default_url = f"/{pull_path(REPOSITORY)}" if REPOSITORY else "/lab"


def close_home(spawner) -> None:
    """Let no other student look into a home, whatever mode the account was made with.

    The kernels' sockets and keys go to a folder of the student's own outside it: a socket's path
    may have 107 characters, and homes can be deep, or on a file system without sockets.
    """
    user = pwd.getpwnam(spawner.user.name)
    os.chmod(user.pw_dir, 0o700)
    runtime = RUNTIME / str(user.pw_uid)
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.chown(runtime, user.pw_uid, user.pw_gid)
    spawner.environment = {**spawner.environment, "JUPYTER_RUNTIME_DIR": str(runtime)}


c.Spawner.pre_spawn_hook = close_home

# --- A whole room logs in within a minute. Spawns past concurrent_spawn_limit are turned away with
# "try again"; 100, the default, is more than a room, and it stands here because the room depends on
# it. Thirty servers that start at once on few cores take turns, so each is given five minutes to
# answer in place of half a minute.
c.JupyterHub.concurrent_spawn_limit = 100
c.JupyterHub.active_server_limit = SEATS
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

# --- Servers that nobody has used for an hour are stopped; files stay.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            "--timeout=3600",
            "--cull-every=300",
        ],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": [
            "list:users",
            "read:users:activity",
            "read:servers",
            "delete:servers",
        ],  # and nothing else
        "services": ["idle-culler"],
    }
]

if not shutil.which("git"):
    raise FileNotFoundError(
        "There is no git on this machine, and nbgitpuller needs it: install git."
    )
