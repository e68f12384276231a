"""Problems told to people; YAML, CSV, whole files, untrusted XML and SQLite."""
