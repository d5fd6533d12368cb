-- The packed index: segments of postings (package packed), which are made of
-- passage_index and can always be made of it again.

-- A segment holds passages with keys in [first,stop) and never changes; those
-- in use do not overlap. It was made without the passages that packed_dead
-- named up to its row dead. A segment that is being built belongs to owner as
-- long as until, microseconds since 1970, is not past. One that is replaced is
-- in no reader's list any more; its blobs go in small steps.
CREATE TABLE packed_segments (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  first INTEGER NOT NULL,
  stop  INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('building', 'used', 'replaced')),
  dead  INTEGER NOT NULL,
  meta  BLOB NOT NULL, -- packed.Meta
  owner TEXT NOT NULL,
  until INTEGER NOT NULL
);

-- Blob n of a segment has the id segment<<24 | n.
CREATE TABLE packed_blobs (
  id   INTEGER PRIMARY KEY,
  data BLOB NOT NULL
);

-- The keys [first,stop) of passages that are no more. What is purged must leave
-- the segments too, not just be passed over.
CREATE TABLE packed_dead (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  first    INTEGER NOT NULL,
  stop     INTEGER NOT NULL,
  document INTEGER NOT NULL, -- whose passages they were
  purged   INTEGER NOT NULL
);
CREATE INDEX packed_dead_first ON packed_dead (first);
CREATE INDEX packed_dead_purged ON packed_dead (first) WHERE purged;

-- packed grows with every change of the segments in use and of packed_dead.
-- Keys of passages are never used again. Passages with keys in
-- [unpacked,unpacked_end) are in no segment yet; NULL when all are.
ALTER TABLE library ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN next_passage INTEGER NOT NULL DEFAULT 1;
ALTER TABLE library ADD COLUMN unpacked INTEGER;
ALTER TABLE library ADD COLUMN unpacked_end INTEGER;
UPDATE library SET next_passage = (SELECT ifnull(max(key), 0) + 1 FROM passages);
UPDATE library SET unpacked = (SELECT min(key) FROM passages);
UPDATE library SET unpacked_end = next_passage WHERE unpacked IS NOT NULL;

-- What became of the passages [first,stop) of documents that are or were copies
-- or have some: whether a document with the same piece stands before theirs.
-- Only the last rows are kept; who missed some reads documents.
CREATE TABLE packed_folds (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  first  INTEGER NOT NULL,
  stop   INTEGER NOT NULL,
  copied INTEGER NOT NULL
);
CREATE TRIGGER documents_folded AFTER UPDATE OF original, first_passage, passages, first_day, last_day, publisher ON documents
WHEN OLD.original IS NOT NULL OR NEW.original IS NOT NULL OR EXISTS (SELECT 1 FROM documents WHERE original = NEW.key)
BEGIN
  INSERT INTO packed_folds (first, stop, copied) VALUES (NEW.first_passage, NEW.first_passage + NEW.passages, NEW.original IS NOT NULL);
  DELETE FROM packed_folds WHERE id <= (SELECT max(id) FROM packed_folds) - 10000;
END;
-- What is read of all copies, in the order in which it is needed.
CREATE INDEX documents_copies ON documents (first_passage, passages) WHERE original IS NOT NULL;
