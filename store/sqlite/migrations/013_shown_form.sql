-- How an answer was parted when it was shown: the questions in it, and which of
-- its quotes disagree, as JSON; empty for one question without disagreement.
ALTER TABLE shown ADD COLUMN form TEXT NOT NULL DEFAULT '';
