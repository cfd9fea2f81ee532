"""What the scripts `echo` and `idle` share. Python's standard library only."""
