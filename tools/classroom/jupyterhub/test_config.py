"""jupyterhub_config.py without systemd: loopback, temporary users, no limits enforced.

tools/classroom/room.py makes the users, sets the variables and starts the hub with this file.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821
load_subconfig("jupyterhub_config.py", path=str(Path(__file__).parent))  # noqa: F821

# Real system users, too, but plain child processes: this spawner cannot enforce mem_limit or
# cpu_limit.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.mem_limit = c.Spawner.cpu_limit = None

port, hub_port, api_port = os.environ["VAE_HUB_PORTS"].split()
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{api_port}"
c.PAMAuthenticator.admin_groups = set()
# in place of README's step 5
c.Spawner.environment["GIT_CONFIG_SYSTEM"] = os.environ["VAE_HUB_GITCONFIG"]

idle = os.environ.get("VAE_HUB_IDLE_SECONDS")
if idle:
    c.JupyterHub.services[0]["command"][-2:] = [f"--timeout={idle}", "--cull-every=1"]
    # the two options take their place: a second time, an option would make a list
    times = {"cull_idle_timeout": int(idle) // 3, "cull_interval": 1}
    for name, value in times.items():
        kept = [option for option in c.Spawner.args if f".{name}=" not in option]
        c.Spawner.args = [*kept, f"--MappingKernelManager.{name}={value}"]
    c.JupyterHub.last_activity_interval = 1  # how often the hub asks its proxy who was there
