-- Documents of one collection that hold the same piece.

-- original is the key of the document whose piece this one repeats; NULL for
-- an original. Both are in one collection, searchable, and no original has one
-- itself.
ALTER TABLE documents ADD COLUMN original INTEGER;
CREATE INDEX documents_original ON documents (original) WHERE original IS NOT NULL;

-- The sketch of the current revision of each searchable document: hashes of a
-- few runs of its words, and a negative one of all of these. Pieces that are
-- the same share one. collection repeats the document's.
CREATE TABLE sketches (
  collection INTEGER NOT NULL,
  hash       INTEGER NOT NULL,
  document   INTEGER NOT NULL,
  PRIMARY KEY (collection, hash, document)
) WITHOUT ROWID;

-- Documents with keys in (sketched, unsketched] were stored before there were
-- sketches, and have none yet unless they changed since.
ALTER TABLE library ADD COLUMN sketched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN unsketched INTEGER NOT NULL DEFAULT 0;
UPDATE library SET unsketched = (SELECT ifnull(max(key), 0) FROM documents);
