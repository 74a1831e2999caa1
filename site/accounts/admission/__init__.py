"""Decide who may make an account: the one gate, invitation links, and requests for approval."""
