"""The questions: rows scoped to the user who asks. Nothing here changes anything."""
