// Package sqlite keeps a library in one SQLite file: documents with immutable
// revisions, their passages in an FTS5 index, and the gaps that questions
// left. It knows briefs and briefs/text; package store opens it, and nothing
// of SQL, MATCH syntax, rowids or bm25 leaves it.
//
// Tables (migrations/*.sql has their columns): library (one row: the
// generation), collections (with counters), documents (current metadata),
// revisions (text and structure), passages (what filters need), passage_index
// (FTS5, own content), acronyms, gaps.
//
// One connection writes, several read. Readers never wait for the writer and
// each call sees one moment of the library (WAL). Other processes may use the
// same file at the same time; of several writers one waits for the other.
package sqlite
