"""Tests of the handbook's rules."""
