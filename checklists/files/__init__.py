"""Handbooks and checklists as files: readers that collect every problem with its place, and writers."""
