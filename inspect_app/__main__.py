"""Lets `python -m inspect_app` be `inspect-app`."""

from inspect_app.cli import main

main()
