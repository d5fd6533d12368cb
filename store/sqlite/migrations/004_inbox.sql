-- What people wrote to the bot and what it showed them. Times are microseconds
-- since 1970, UTC; 0 is none.

-- One row for each thing that came, in the order of key. head is set on the
-- first of each lane that has not ended: it alone may be taken, from free on,
-- which is the end of a lease or of a pause. token grows whenever it is taken
-- or given back. body is NULL once it has ended. answer is what its replies
-- show, shown the row that was made for that.
CREATE TABLE incoming (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL,
  platform TEXT NOT NULL,
  lane     TEXT NOT NULL,    -- empty for one that waits for no other
  at       INTEGER NOT NULL,
  state    TEXT NOT NULL,
  head     INTEGER NOT NULL,
  free     INTEGER NOT NULL DEFAULT 0,
  owner    TEXT NOT NULL DEFAULT '',
  token    INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  composed INTEGER NOT NULL DEFAULT 0,
  answer   TEXT NOT NULL DEFAULT '',
  shown    INTEGER NOT NULL DEFAULT 0,
  ended    INTEGER NOT NULL DEFAULT 0,
  why      TEXT NOT NULL DEFAULT '',
  body     BLOB
);
CREATE INDEX incoming_heads ON incoming (platform, key, free) WHERE head;
CREATE INDEX incoming_lanes ON incoming (platform, lane, key) WHERE state = 'waiting';
CREATE INDEX incoming_states ON incoming (state, ended);

-- The keys and aliases that each is known by.
CREATE TABLE incoming_keys (
  id       TEXT PRIMARY KEY,
  incoming INTEGER NOT NULL REFERENCES incoming(key) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX incoming_keys_incoming ON incoming_keys (incoming);

-- The fixed replies. message is the JSON of briefs.Outgoing, NULL once the work
-- has ended: it holds quoted text, which may have to be purged.
CREATE TABLE incoming_replies (
  incoming INTEGER NOT NULL REFERENCES incoming(key) ON DELETE CASCADE,
  n        INTEGER NOT NULL, -- from 1
  begun    INTEGER NOT NULL DEFAULT 0,
  sent     INTEGER NOT NULL DEFAULT 0,
  receipt  TEXT NOT NULL DEFAULT '',
  message  TEXT,
  PRIMARY KEY (incoming, n)
) WITHOUT ROWID;

-- The answers that were shown, by reference. lead_start and lead_stop are NULL
-- where there is no lead-in; why is a JSON list of features.
CREATE TABLE shown (
  key        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  room       TEXT NOT NULL,
  thread     TEXT NOT NULL,
  asker      TEXT NOT NULL,
  question   TEXT NOT NULL,
  kind       TEXT NOT NULL,
  reason     TEXT NOT NULL,
  enumerated INTEGER NOT NULL,
  at         INTEGER NOT NULL
);
CREATE INDEX shown_thread ON shown (room, thread, at);
CREATE TABLE shown_quotes (
  shown      INTEGER NOT NULL REFERENCES shown(key) ON DELETE CASCADE,
  list       INTEGER NOT NULL, -- 0 quotes, 1 more, 2 near
  place      INTEGER NOT NULL, -- in its list, from 0
  n          INTEGER NOT NULL,
  source     INTEGER NOT NULL,
  depth      INTEGER NOT NULL,
  document   INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  start      INTEGER NOT NULL,
  stop       INTEGER NOT NULL,
  lead_start INTEGER,
  lead_stop  INTEGER,
  why        TEXT NOT NULL,
  PRIMARY KEY (shown, list, place),
  FOREIGN KEY (document, revision) REFERENCES revisions(document, n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX shown_quotes_document ON shown_quotes (document, revision);

-- Which answer a posted message shows, and which threads the bot has posted in
-- or begun, so that all in the room see it.
CREATE TABLE posted_answers (
  room    TEXT NOT NULL,
  receipt TEXT NOT NULL,
  answer  TEXT NOT NULL,
  PRIMARY KEY (room, receipt)
) WITHOUT ROWID;
CREATE TABLE posted_threads (
  room   TEXT NOT NULL,
  thread TEXT NOT NULL,
  PRIMARY KEY (room, thread)
) WITHOUT ROWID;
CREATE INDEX delivery_parts_receipt ON delivery_parts (receipt) WHERE receipt <> '';

-- What people say of answers.
CREATE TABLE feedback (
  answer   TEXT NOT NULL,
  who      TEXT NOT NULL,
  room     TEXT NOT NULL,
  question TEXT NOT NULL,
  verdict  TEXT NOT NULL,
  note     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (answer, who)
) WITHOUT ROWID;
CREATE INDEX feedback_at ON feedback (at);

-- Small values of the adapters of platforms.
CREATE TABLE kept (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
