-- All that a list of publishers and their documents reads.
CREATE INDEX documents_publishers ON documents (publisher, collection, withdrawn);
