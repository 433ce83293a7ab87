"""What notebooks 08 to 12 claim, measured from scratch: ``python -m tools.experiments``."""
