"""Tests of the pages of this door."""
