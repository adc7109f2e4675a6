"""Tests of the questions, on real database files."""
