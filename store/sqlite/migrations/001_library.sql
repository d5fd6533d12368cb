-- The first form of a library.

-- One row; generation grows with every transaction that changes what a reader
-- can see, so that caches of any process know when they are stale.
CREATE TABLE library (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  generation INTEGER NOT NULL
);
INSERT INTO library VALUES (1, 0);

-- The counts are of what is searchable: not withdrawn, current revision.
CREATE TABLE collections (
  key       INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  documents INTEGER NOT NULL DEFAULT 0,
  passages  INTEGER NOT NULL DEFAULT 0
);

-- The passages of a document have the consecutive keys
-- [first_passage, first_passage+passages). first_day and last_day are days
-- since 1970-01-01, the bounds of published; NULL when it is unknown.
CREATE TABLE documents (
  key           INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,
  revision      INTEGER NOT NULL,
  collection    INTEGER NOT NULL REFERENCES collections(key),
  title         TEXT NOT NULL,
  author        TEXT NOT NULL,
  publisher     TEXT NOT NULL,
  published     TEXT NOT NULL,
  url           TEXT NOT NULL,
  first_day     INTEGER,
  last_day      INTEGER,
  edited        INTEGER NOT NULL,
  withdrawn     INTEGER NOT NULL,
  first_passage INTEGER NOT NULL,
  passages      INTEGER NOT NULL,
  indexed       BLOB NOT NULL -- digest of what was indexed
);

-- Immutable. digest is the SHA-256 of structure and text. added is
-- microseconds since 1970, UTC. The text comes last, so that the rest of the
-- row can be read without it.
CREATE TABLE revisions (
  document  INTEGER NOT NULL REFERENCES documents(key) ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  added     INTEGER NOT NULL,
  bytes     INTEGER NOT NULL,
  digest    BLOB NOT NULL,
  source    TEXT NOT NULL,
  structure BLOB NOT NULL,
  text      TEXT NOT NULL,
  UNIQUE (document, n)
);

-- What filters need of a passage, in few bytes: queries visit this row for
-- every match. collection, first_day and last_day repeat the document's.
CREATE TABLE passages (
  key        INTEGER PRIMARY KEY,
  document   INTEGER NOT NULL REFERENCES documents(key),
  collection INTEGER NOT NULL,
  first_day  INTEGER,
  last_day   INTEGER,
  id         TEXT NOT NULL
);

-- The index, with its own copy of the terms (one line a sentence in body), so
-- that a deletion never depends on outside data and any damage shows in a
-- check. Terms arrive ready made; the tokenizer only splits at spaces. layout
-- holds span, role and sentences of the passage, trail the headings above it.
CREATE VIRTUAL TABLE passage_index USING fts5(
  title, heading, byline, body, layout UNINDEXED, trail UNINDEXED,
  detail = full, tokenize = "ascii tokenchars '_'"
);
-- Deleted terms leave the index at once, not when segments are merged.
INSERT INTO passage_index (passage_index, rank) VALUES ('secure-delete', 1);

CREATE TABLE acronyms (
  document    INTEGER NOT NULL REFERENCES documents(key) ON DELETE CASCADE,
  short       TEXT NOT NULL,
  long        TEXT NOT NULL,
  short_terms TEXT NOT NULL,
  long_terms  TEXT NOT NULL
);
CREATE INDEX acronyms_document ON acronyms (document);
CREATE INDEX acronyms_short ON acronyms (short_terms);
CREATE INDEX acronyms_long ON acronyms (long_terms);

-- first and last are microseconds since 1970, UTC.
CREATE TABLE gaps (
  room     TEXT NOT NULL,
  asked    TEXT NOT NULL, -- normalised question
  question TEXT NOT NULL, -- as asked last
  reason   TEXT NOT NULL,
  first    INTEGER NOT NULL,
  last     INTEGER NOT NULL,
  count    INTEGER NOT NULL,
  PRIMARY KEY (room, asked)
) WITHOUT ROWID;
