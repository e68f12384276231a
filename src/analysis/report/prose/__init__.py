"""The paper's prose: variables, references, callouts, and the check that no number is typed."""
