"""Tests of the product; the folders mirror its tree."""
