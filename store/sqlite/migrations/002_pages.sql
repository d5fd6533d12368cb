-- What the reading page shows beside the documents. None of it can be
-- searched, so that to record it leaves the generation of the library alone.
--
-- All times are microseconds since 1970, UTC. Spans are bytes [start,stop) of
-- the text of a revision. A reference to a revision goes when it is purged.

-- One row a room and question. answered is when it was last answered; NULL for
-- never.
CREATE TABLE asked (
  key      INTEGER PRIMARY KEY,
  room     TEXT NOT NULL,
  asked    TEXT NOT NULL, -- normalised question
  question TEXT NOT NULL, -- as asked last
  reason   TEXT NOT NULL, -- of the last time
  first    INTEGER NOT NULL,
  last     INTEGER NOT NULL,
  answered INTEGER,
  count    INTEGER NOT NULL,
  UNIQUE (room, asked)
);
CREATE INDEX asked_last ON asked (last);
CREATE INDEX asked_room ON asked (room, last);

-- Every span that was ever quoted for a question. place counts the quotes of
-- its latest answer from 1; it is NULL for those of earlier answers only.
CREATE TABLE asked_quotes (
  document INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  start    INTEGER NOT NULL,
  stop     INTEGER NOT NULL,
  asked    INTEGER NOT NULL REFERENCES asked(key) ON DELETE CASCADE,
  place    INTEGER,
  PRIMARY KEY (document, revision, start, stop, asked),
  FOREIGN KEY (document, revision) REFERENCES revisions(document, n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX asked_quotes_asked ON asked_quotes (asked, place);

-- The latest attempt to read each source. succeeded is the latest one without
-- a problem; NULL for none yet.
CREATE TABLE fetches (
  source     TEXT PRIMARY KEY,
  collection TEXT NOT NULL,
  at         INTEGER NOT NULL,
  succeeded  INTEGER,
  added      INTEGER NOT NULL,
  revised    INTEGER NOT NULL,
  unchanged  INTEGER NOT NULL,
  failed     INTEGER NOT NULL,
  problem    TEXT NOT NULL
) WITHOUT ROWID;

-- The keys that sign links; the greatest id signs.
CREATE TABLE link_keys (
  id      INTEGER PRIMARY KEY,
  secret  BLOB NOT NULL,
  created INTEGER NOT NULL
);

-- Briefings as they were posted. outline holds what belongs to no document, as
-- JSON; see outlinedBrief. In the tables below brief is a place in it, from 0.
CREATE TABLE briefings (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  schedule TEXT NOT NULL,
  room     TEXT NOT NULL,
  slot     TEXT NOT NULL,
  posted   INTEGER NOT NULL,
  outline  TEXT NOT NULL
);
CREATE INDEX briefings_posted ON briefings (posted);

-- The numbered sources of each brief.
CREATE TABLE briefing_sources (
  briefing INTEGER NOT NULL REFERENCES briefings(key) ON DELETE CASCADE,
  brief    INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  document INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (briefing, brief, n),
  FOREIGN KEY (document, revision) REFERENCES revisions(document, n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX briefing_sources_document ON briefing_sources (document, revision);

-- The points of each section, in the order of key. A label may be the name of
-- an author, so that an item goes with the last document it quotes.
CREATE TABLE briefing_items (
  key      INTEGER PRIMARY KEY,
  briefing INTEGER NOT NULL REFERENCES briefings(key) ON DELETE CASCADE,
  brief    INTEGER NOT NULL,
  section  INTEGER NOT NULL, -- of the brief, from 0
  label    TEXT NOT NULL,
  sources  INTEGER NOT NULL,
  also     TEXT NOT NULL,    -- JSON list of numbers of sources
  quotes   INTEGER NOT NULL  -- how many it was posted with
);
CREATE INDEX briefing_items_briefing ON briefing_items (briefing);

-- What became of documents, in the order of key. at may be NULL.
CREATE TABLE briefing_changes (
  key      INTEGER PRIMARY KEY,
  briefing INTEGER NOT NULL REFERENCES briefings(key) ON DELETE CASCADE,
  brief    INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  document INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  at       INTEGER,
  FOREIGN KEY (document, revision) REFERENCES revisions(document, n) ON DELETE CASCADE
);
CREATE INDEX briefing_changes_briefing ON briefing_changes (briefing);
CREATE INDEX briefing_changes_document ON briefing_changes (document, revision);

-- The quotes of items and of changes, in the order of key. lead_start and
-- lead_stop are the span of the lead-in, NULL where there is none.
CREATE TABLE briefing_quotes (
  key        INTEGER PRIMARY KEY,
  item       INTEGER REFERENCES briefing_items(key) ON DELETE CASCADE,
  change     INTEGER REFERENCES briefing_changes(key) ON DELETE CASCADE,
  n          INTEGER NOT NULL,
  source     INTEGER NOT NULL,
  depth      INTEGER NOT NULL,
  document   INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  start      INTEGER NOT NULL,
  stop       INTEGER NOT NULL,
  lead_start INTEGER,
  lead_stop  INTEGER,
  CHECK ((item IS NULL) <> (change IS NULL)),
  FOREIGN KEY (document, revision) REFERENCES revisions(document, n) ON DELETE CASCADE
);
CREATE INDEX briefing_quotes_item ON briefing_quotes (item);
CREATE INDEX briefing_quotes_change ON briefing_quotes (change);
CREATE INDEX briefing_quotes_document ON briefing_quotes (document, revision);
