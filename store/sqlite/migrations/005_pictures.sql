-- The picture of a briefing, byte for byte as it was posted, and the same on a
-- dark ground. collections, a JSON list of names, are those whose documents it
-- counts; alt says in words what it shows.
CREATE TABLE briefing_pictures (
  briefing    INTEGER PRIMARY KEY REFERENCES briefings(key) ON DELETE CASCADE,
  alt         TEXT NOT NULL,
  collections TEXT NOT NULL,
  width       INTEGER NOT NULL, -- pixels
  height      INTEGER NOT NULL,
  light       BLOB NOT NULL,
  dark        BLOB NOT NULL
);
