"""The handbook's rules: standards, how a checklist is drawn from them, how it is scored."""
