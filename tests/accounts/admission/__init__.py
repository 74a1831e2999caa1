"""Tests of the gate to accounts."""
