"""Subscribers in and out: lists of addresses that follow the site, a series or an author, as CSV.

- `offered`: what imported addresses can follow.
- `cells`: cells that no spreadsheet runs as formulas; `reading`: a sent file as rows.
- `judging`: what becomes of each row, and why some are left out (a closed list).
- `importing`: store a file as a trial, import it in batches on a press, forget it.
- `reports`: what is shown and downloaded of an import. `exporting`: everybody who gets articles.
- `listing`: the addresses that follow, with search; `removing`: end what one follows, and undo it.
- `former`: addresses that ended following, remembered as hashes so that no list brings them back.
- `forms`, `views`: the pages of the admins, which ask for the password again.
"""
