"""Tests of what managers take away."""
