"""The shipped edition as YAML: `edition.yaml` and a file for each flow. Format: docs/handbook-format.md."""
