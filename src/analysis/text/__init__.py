"""Words, sentences, runs of words, escaping, and a passage as HTML."""
