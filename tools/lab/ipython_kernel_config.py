# Read by every kernel of the environment as it starts. JupyterLab writes what a kernel says about
# its language into an open notebook; with Python's version in it, a notebook that was stored by
# another Python would count as changed before anything is touched.
from ipykernel.ipkernel import IPythonKernel

IPythonKernel.language_info.pop("version", None)
