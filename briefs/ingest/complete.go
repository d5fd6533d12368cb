package ingest

import (
	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// Complete gives a document that was read its sentences, enumerations and
// passages, so that it can be stored. It returns ErrInvalid when there is no
// sentence in it that could be quoted.
func Complete(d *briefs.Document) error {
	structure.Analyze(d)
	for i := range d.Blocks {
		if len(d.Blocks[i].Sentences) > 0 {
			return nil
		}
	}
	return errNoSentence
}

// DocumentID derives an id from the name of a source and from what makes it
// unique: its absolute path, its address, or its content.
func DocumentID(name, unique string) briefs.DocumentID { return documentID(name, unique) }
