"""What readers of different answers make of comments: the arithmetic. Pure: numbers in and out.

`numbers` holds the constants, `audience` says who counts and who had a chance to read, `lift` turns
that into figures and marks, `badges` says when a badge comes and goes, `opening` composes the
first threads of a discussion.
"""
