"""kill -9 in the middle of writing, again and again: is everything kept that was acknowledged?"""
