"""A JupyterHub for a school: its configuration, its load test and its limits; nbgrader."""
