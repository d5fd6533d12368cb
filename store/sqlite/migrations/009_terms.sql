-- What documents are indexed under.

-- terms is the text.Version that made what is indexed of a document; 0 is one
-- from before it was kept, which the next version indexes anew.
ALTER TABLE documents ADD COLUMN terms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX documents_terms ON documents (terms);
