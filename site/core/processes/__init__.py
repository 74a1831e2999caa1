"""Run code on untrusted input in a child process with limits of time and memory.

`parent.ChildProcess` starts the child and kills it at its limits; `child.serve` is the loop inside.
The child is kept for the next request, so that one costs two messages instead of a start.
"""
