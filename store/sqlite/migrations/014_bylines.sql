-- All that a list of authors and their publishers, and of their documents, reads.
CREATE INDEX documents_bylines ON documents (author, publisher, collection, withdrawn);
