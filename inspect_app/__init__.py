"""The office around the rules: doors, verbs, questions and nouns; nothing is imported here."""
