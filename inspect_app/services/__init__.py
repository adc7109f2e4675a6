"""The verbs: one public function per thing a user can do; each flushes, adds its journal entry, never commits."""
