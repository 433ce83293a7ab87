"""What notebooks 08 and 09 claim, measured from scratch: ``python -m tools.claims``."""
