"""Tests of the workbook for answers."""
