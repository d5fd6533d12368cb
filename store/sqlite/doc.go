// Package sqlite keeps a library in one SQLite file: documents with immutable
// revisions, their passages in an FTS5 index, and what is recorded beside them:
// questions, gaps, fetches of sources, briefings and their schedules and
// deliveries, what came to the bot and what it showed, and the keys of links. It
// knows briefs and briefs/text; package store opens it, and nothing of SQL, MATCH
// syntax, rowids or bm25 leaves it.
//
// Tables (migrations/*.sql has their columns): library (one row: the
// generation), collections (with counters), documents (current metadata),
// revisions (text and structure), passages (what filters need), passage_index
// (FTS5, own content), acronyms, gaps, asked with asked_quotes, fetches,
// link_keys, briefings with briefing_items and briefing_quotes, schedules,
// deliveries with delivery_parts, incoming with incoming_keys and
// incoming_replies, shown with shown_quotes, posted_answers, posted_threads,
// feedback, kept, packed_segments with packed_blobs and packed_dead.
//
// What is indexed is packed, too: each transaction that adds passages writes a
// segment of package packed (pack.go), and segments are merged in the background
// (merging.go). Passages get new keys whenever what is indexed of them changes,
// so that segments never do; those that are gone are listed in packed_dead. All
// of it can be made anew of the index (repack.go).
//
// As long as some of it is not packed, as after a migration, a search adds up the
// posting lists of its phrases (postings.go), which are kept in memory for one
// generation of the library: the engine's own bm25, fetched once for each
// phrase. Listings are kept so as well (listingcache.go).
//
// One connection writes, several read. Small changes that come at the same time
// share a transaction (share.go). Readers never wait for the writer and each
// call sees one moment of the library (WAL). Other processes may use the same
// file at the same time; of several writers one waits for the other.
package sqlite
