-- What is added is flushed to the index in larger pieces, of bytes, that are
-- merged less often, and never all at once: nothing but the checks and a
-- library that is not packed yet reads it through.
INSERT INTO passage_index (passage_index, rank) VALUES ('hashsize', 8388608);
INSERT INTO passage_index (passage_index, rank) VALUES ('automerge', 16);
INSERT INTO passage_index (passage_index, rank) VALUES ('crisismerge', 64);
