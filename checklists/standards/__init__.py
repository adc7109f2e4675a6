"""The shipped edition as YAML: `edition.yaml`, and one file for each flow. The format: docs/handbook-format.md."""
