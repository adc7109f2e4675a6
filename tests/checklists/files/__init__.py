"""Tests of the files that handbooks and checklists are read from and written to."""
