// Package packed is the search engine of a library: segments of postings,
// packed into blocks, that answer which passages score best for some terms. It
// knows nothing of SQL: a segment is a list of blobs, wherever they are kept.
//
// A segment holds the passages of a range of keys and never changes. Inside it
// a passage is an ordinal, from 0, in the order of the keys; the ordinals have
// no holes, the keys may. What is removed later, and what a question may not
// see, is said by bitmaps over the ordinals. Segments are merged into larger
// ones, without what was removed (merge.go).
//
// Scores are BM25 in fixed point (score.go), so that a sum does not depend on
// its order: all ways to compute a score agree to the last bit.
package packed
