// Package fetch brings the bytes of documents: from files, from folders and
// from standard input. It knows nothing of what the bytes mean.
package fetch
