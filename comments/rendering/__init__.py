"""Render a discussion: comments, composer, totals and explanations as HTML."""
