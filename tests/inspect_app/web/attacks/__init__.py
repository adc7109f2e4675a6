"""Attacks on pages: odd input, smuggled fields, scripts in texts."""
