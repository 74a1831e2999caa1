"""The authors' closing summary: whom it has to cite, who judges it, and when it is final."""
