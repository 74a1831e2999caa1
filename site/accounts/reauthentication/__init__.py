"""Asking signed-in people again who they are, before what could take their account over."""
