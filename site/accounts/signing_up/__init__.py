"""Make accounts that an e-mail address has to confirm, the same way for known and unknown ones."""
