"""What takes too long for a notebook, measured from scratch: ``python -m tools.experiments``."""
