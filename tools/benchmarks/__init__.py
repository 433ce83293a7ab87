"""Speed, memory and quality, measured beside the peers."""
