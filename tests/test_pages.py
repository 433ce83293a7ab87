"""Headings, contrast, and axe on what is published."""
