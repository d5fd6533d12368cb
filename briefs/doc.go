// Package briefs holds the words of the domain: documents and their
// structure, passages, queries and hits, quotes, answers, and the kinds of
// error that every package maps to. It imports the standard library only.
//
// All offsets are bytes into Document.Text and all intervals are half open,
// [Start,End). All times are UTC.
package briefs
