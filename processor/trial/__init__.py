"""A trial on real mails: each is read by itself as `explain` does it, nothing is stored or sent, and a workbook says
what would have been done."""
