"""The verbs: one public function per thing a user can do; each adds its journal entry, none commits."""
