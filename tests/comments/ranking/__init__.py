"""Test the arithmetic of rankings: lift, badges, fairness."""
