"""Tests of what phones send."""
