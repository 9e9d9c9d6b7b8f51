"""Document to a row of named numbers and the witnesses that were seen on the way; one file a family."""
