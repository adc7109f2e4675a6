"""Tests that hold the shape of the product: its layers, its files, its documents."""
