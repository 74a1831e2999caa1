"""Measure how long texts made to slow Markdown down take to render."""
