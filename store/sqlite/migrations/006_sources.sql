-- Sources that are followed, and how far each thing that they name is. Times
-- are microseconds since 1970, UTC; 0 is none.

-- token grows whenever a process takes one on: what another token asks for is
-- refused.
CREATE TABLE sources (
  key           INTEGER PRIMARY KEY,
  collection    TEXT NOT NULL,
  address       TEXT NOT NULL,
  kind          TEXT NOT NULL,
  every         INTEGER NOT NULL,            -- microseconds; 0 is the default of its kind
  kept_by       TEXT NOT NULL DEFAULT '',    -- who wants it besides the configuration
  read_as       TEXT NOT NULL DEFAULT '',
  title         TEXT NOT NULL DEFAULT '',
  read          INTEGER NOT NULL DEFAULT 0,
  succeeded     INTEGER NOT NULL DEFAULT 0,
  next          INTEGER NOT NULL DEFAULT 0,
  failures      INTEGER NOT NULL DEFAULT 0,
  problem       TEXT NOT NULL DEFAULT '',
  moved         TEXT NOT NULL DEFAULT '',
  gone          INTEGER NOT NULL DEFAULT 0,
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  reader        INTEGER NOT NULL DEFAULT 0,
  added         INTEGER NOT NULL DEFAULT 0,
  revised       INTEGER NOT NULL DEFAULT 0,
  unchanged     INTEGER NOT NULL DEFAULT 0,
  withdrawn     INTEGER NOT NULL DEFAULT 0,
  failed        INTEGER NOT NULL DEFAULT 0,
  owner         TEXT NOT NULL DEFAULT '',
  token         INTEGER NOT NULL DEFAULT 0,
  lease         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (collection, address)
);

-- own is the text of the source itself, compressed, until the item is read.
CREATE TABLE source_items (
  key           INTEGER PRIMARY KEY,
  source        INTEGER NOT NULL REFERENCES sources(key) ON DELETE CASCADE,
  name          TEXT NOT NULL,
  address       TEXT NOT NULL,
  document      INTEGER REFERENCES documents(key) ON DELETE CASCADE,
  title         TEXT NOT NULL,
  author        TEXT NOT NULL,
  published     TEXT NOT NULL,
  stated        TEXT NOT NULL,
  own_used      INTEGER NOT NULL,
  etag          TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  digest        TEXT NOT NULL,
  known         INTEGER NOT NULL,
  read          INTEGER NOT NULL,
  next          INTEGER NOT NULL,
  failures      INTEGER NOT NULL,
  problem       TEXT NOT NULL,
  missing       INTEGER NOT NULL,
  gone          INTEGER NOT NULL,
  own           BLOB,
  UNIQUE (source, name)
);
CREATE INDEX source_items_due ON source_items (source, next) WHERE next > 0;
CREATE INDEX source_items_address ON source_items (source, address);
CREATE INDEX source_items_document ON source_items (document);
CREATE INDEX source_items_gone ON source_items (missing) WHERE gone;
CREATE INDEX source_items_failing ON source_items (source, name) WHERE failures > 0;

-- Where each document was found, so that it stays one when it is found twice.
CREATE TABLE source_addresses (
  collection TEXT NOT NULL,
  address    TEXT NOT NULL,
  document   INTEGER NOT NULL REFERENCES documents(key) ON DELETE CASCADE,
  PRIMARY KEY (collection, address)
) WITHOUT ROWID;
CREATE INDEX source_addresses_document ON source_addresses (document);

-- Digests of the names of what was purged, which must not come back by itself.
CREATE TABLE purged (digest BLOB PRIMARY KEY) WITHOUT ROWID;

-- What revisions were read from, compressed; size and digest are of what is in
-- it. Revisions that another reader made of the same bytes share them.
CREATE TABLE originals (
  key      INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents(key) ON DELETE CASCADE,
  size     INTEGER NOT NULL,
  digest   BLOB NOT NULL,
  body     BLOB NOT NULL,
  UNIQUE (document, digest)
);
CREATE TABLE archived (
  document INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  original INTEGER NOT NULL REFERENCES originals(key) ON DELETE CASCADE,
  reader   INTEGER NOT NULL,
  fetched  INTEGER NOT NULL,
  PRIMARY KEY (document, n),
  FOREIGN KEY (document, n) REFERENCES revisions(document, n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX archived_original ON archived (original);
