"""Tests of the verbs, on real database files."""
