"""The workbook in which deficiencies are answered away from the network."""

from reports.answers.columns import Column
from reports.answers.sheet import AnswerRow, AnswerWords, Choices, write_answer_workbook

__all__ = ["AnswerRow", "AnswerWords", "Choices", "Column", "write_answer_workbook"]
