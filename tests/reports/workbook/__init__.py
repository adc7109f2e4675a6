"""Tests of the ranking workbook."""
