-- From here on segments may repeat the lengths of passages with the postings:
-- earlier programs cannot read them. Those that there are stay, and are made
-- anew in the background.
UPDATE library SET packed = packed + 1;
