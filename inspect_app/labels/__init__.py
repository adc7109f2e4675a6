"""The words for what the code knows by a value: enum values, workbook headings, the printed checklist.

The msgids are Chinese (zh-Hans); another language is read from its catalogue.
"""

from inspect_app.labels.paper import paper_words
from inspect_app.labels.words import word_of
from inspect_app.labels.workbook import workbook_words

__all__ = ["paper_words", "word_of", "workbook_words"]
