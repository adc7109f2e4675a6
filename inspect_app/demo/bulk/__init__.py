"""The demonstration at sizes for which the services take hours: the same rows, written by the thousand."""
