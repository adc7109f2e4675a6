"""The words for what the code knows by a value: enum values, workbook headings, the printed checklist, mails.

The msgids are Chinese (zh-Hans); another language is read from its catalogue. Nothing is imported here: a
command that prints one sentence does not wait for what writes workbooks.
"""
