package ask_test

import (
	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// again analyses d after its metadata changed.
func again(d briefs.Document) briefs.Document {
	structure.Analyze(&d)
	return d
}
