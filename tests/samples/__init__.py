"""Models that the newspaper has no use for, and that other projects have. Only for the tests of routing."""
