"""Tests of the office around the rules."""
