"""Exports in: readers, checks, the privacy gate and publishing."""
