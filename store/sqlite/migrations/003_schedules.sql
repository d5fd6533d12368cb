-- Regular briefings and their deliveries. Times are microseconds since 1970,
-- UTC; 0 is none.

CREATE TABLE schedules (
  id       TEXT PRIMARY KEY,
  room     TEXT NOT NULL,
  topics   TEXT NOT NULL,    -- JSON list
  moments  TEXT NOT NULL,    -- when it is due, as written
  zone     TEXT NOT NULL,
  quiet    TEXT NOT NULL,
  catch_up TEXT NOT NULL,
  force    INTEGER NOT NULL,
  made     INTEGER NOT NULL, -- in a room
  paused   TEXT NOT NULL,    -- why; empty when it is not
  through  INTEGER NOT NULL  -- the slots up to here are planned or were never owed
) WITHOUT ROWID;

-- One row for each briefing that is or was due; id tells slots apart. token
-- grows whenever a process takes one on: what another token asks for is
-- refused. A row may stand for missed slots before its own. briefing is what
-- was composed; it is shown once the delivery is posted.
CREATE TABLE deliveries (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  schedule    TEXT NOT NULL,
  room        TEXT NOT NULL,
  local       TEXT NOT NULL,
  zone        TEXT NOT NULL,
  due         INTEGER NOT NULL,
  by_hand     INTEGER NOT NULL,
  first_local TEXT NOT NULL,
  first_due   INTEGER NOT NULL,
  missed      INTEGER NOT NULL,
  state       TEXT NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  known       INTEGER NOT NULL, -- when it was planned
  retry       INTEGER NOT NULL DEFAULT 0,
  composed    INTEGER NOT NULL DEFAULT 0,
  ended       INTEGER NOT NULL DEFAULT 0,
  why         TEXT NOT NULL,
  owner       TEXT NOT NULL DEFAULT '',
  token       INTEGER NOT NULL DEFAULT 0,
  lease       INTEGER NOT NULL DEFAULT 0,
  briefing    INTEGER REFERENCES briefings(key) ON DELETE SET NULL
);
CREATE INDEX deliveries_open ON deliveries (due) WHERE state IN ('planned', 'frozen');
CREATE INDEX deliveries_due ON deliveries (due);
CREATE INDEX deliveries_schedule ON deliveries (schedule, due);
CREATE INDEX deliveries_briefing ON deliveries (briefing);

-- The frozen parts. body is the JSON of briefs.Part, NULL once the delivery has
-- ended: it holds quoted text, which may have to be purged.
CREATE TABLE delivery_parts (
  delivery INTEGER NOT NULL REFERENCES deliveries(key) ON DELETE CASCADE,
  n        INTEGER NOT NULL, -- from 1
  body     TEXT,
  begun    INTEGER NOT NULL DEFAULT 0,
  sent     INTEGER NOT NULL DEFAULT 0,
  receipt  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (delivery, n)
) WITHOUT ROWID;

-- What is composed but not posted yet is not shown.
ALTER TABLE briefings ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
