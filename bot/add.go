package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"briefdesk/briefs"
)

// File is a file that came with a message.
type File struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // media type, as the platform tells it
	Size int64  `json:"size,omitempty"` // bytes, as the platform tells it; 0 when it does not
	Ref  string `json:"ref"`            // by which the adapter gets at the content
}

// Opener is a Chat that brings the files that come with messages.
type Opener interface {
	// OpenFile is the content of a file that came in room, at most limit bytes
	// of it. It returns ErrInvalid for more, and for one that the platform does
	// not give away, ErrNotFound for one that is gone, as lines for people, and
	// ErrUnavailable.
	OpenFile(ctx context.Context, room briefs.RoomID, f File, limit int64) ([]byte, error)
}

// OpenFile asks the platform of a room; see Opener.
func (m Mux) OpenFile(ctx context.Context, room briefs.RoomID, f File, limit int64) ([]byte, error) {
	c, err := m.of(room)
	if err != nil {
		return nil, err
	}
	o, ok := c.(Opener)
	if !ok {
		return nil, briefs.Fault(briefs.ErrInvalid, "files cannot be added from here: add their web address")
	}
	return o.OpenFile(ctx, room, f, limit)
}

// Addition is what an admin adds to the library: a web address, or a file.
type Addition struct {
	Who        Who
	Collection string // one that the room sees
	Address    string // http or https; empty for a file
	File       File
}

// Added is what came of an Addition.
type Added struct {
	// Source is what the source calls itself, when it holds several documents.
	Source    string
	Documents []AddedDocument // the first of those that are new or changed; the only one in any case
	More      int             // new or changed ones beyond those
	Unchanged int             // documents that the library had already
	Failed    int             // that could not be read
	Every     time.Duration   // how often the source is read from now on; 0 for never
	Notes     []string        // what else is to be known
}

// AddedDocument is one document of an Added.
type AddedDocument struct {
	Document briefs.Document // metadata alone
	Passages int
	Outcome  briefs.Outcome
	Missing  []string // what was not understood: "no author", "pages 3-9 hold only images"
}

// filesAtOnce is how many files of one message are added.
const filesAtOnce = 10

// addressAdded reads "URL [to COLLECTION]", behind "sources add".
func (r *Responder) addressAdded(ctx context.Context, e *Event, g *Grant, words string) (Response, error) {
	if !g.Admin {
		return Response{}, briefs.Fault(briefs.ErrInvalid, "only admins may add sources: ask one of them")
	}
	example := r.sign(e.Room) + "sources add https://example.org/report"
	address, rest := cutWord(words)
	address = strings.Trim(address, "<>")
	if webAddress(address) == "" {
		return Response{}, briefs.Fault(briefs.ErrInvalid, "write a web address, such as: %s", example)
	}
	to, name := cutWord(rest)
	if rest != "" && !strings.EqualFold(to, "to") {
		name = rest
	}
	collection, err := destination(g, name, example)
	if err != nil {
		return Response{}, err
	}
	added, err := r.add(ctx, Addition{Who: e.Who(), Collection: collection, Address: address})
	if err != nil {
		return Response{}, err
	}
	out, err := replies(e.Home(), added.blocks(collection))
	return Response{Replies: out}, err
}

// addressRemoved reads "URL", behind "sources remove".
func (r *Responder) addressRemoved(ctx context.Context, e *Event, g *Grant, words string) (Response, error) {
	if !g.Admin {
		return Response{}, briefs.Fault(briefs.ErrInvalid, "only admins may remove sources: ask one of them")
	}
	address, _ := cutWord(words)
	address = strings.Trim(address, "<>")
	switch {
	case webAddress(address) == "":
		return Response{}, briefs.Fault(briefs.ErrInvalid, "write the address of the source, such as: %ssources remove https://example.org/report", r.sign(e.Room))
	case r.o.Unfollow == nil || g.Scope.All():
		return Response{}, briefs.Fault(briefs.ErrInvalid, "no source can be removed from here: ask the operator")
	}
	if err := r.o.Unfollow(ctx, e.Who(), address, g.Scope); err != nil {
		return Response{}, err
	}
	return say(e.Home(), BlockText, "This source is not read any more. Its documents stay in the library.")
}

// destination is the collection to add to: the one of name, or the only one.
func destination(g *Grant, name, example string) (string, error) {
	names := g.Scope.Collections()
	switch {
	case name == "" && len(names) == 1:
		return names[0], nil
	case name == "":
		return "", briefs.Fault(briefs.ErrInvalid, "write the collection too, such as: %s to %s", example, strings.Join(names, " or "))
	case !g.Scope.Sees(name) || g.Scope.All():
		return "", briefs.Fault(briefs.ErrInvalid, "this room has no collection of that name: write one of %s", strings.Join(names, ", "))
	}
	return name, nil
}

// toPattern is the end of "please add this to cyber".
var toPattern = regexp.MustCompile(`(?i)(?:^|\s)(?:in)?to\s+(?:the\s+)?(?:collection\s+)?(\S+?)[.!]*$`)

// bringsFiles reports whether e, of which c was read, is about the files that
// came with it, and not a question or command beside them.
func bringsFiles(e *Event, c *command) bool {
	if len(e.Files) == 0 {
		return false
	}
	switch c.name {
	case commandAsk:
		return !asks(c.rest)
	case commandHelp:
		return strings.TrimSpace(e.Text) == ""
	case commandSources:
		verb, rest := cutWord(c.rest)
		address, _ := cutWord(rest)
		return strings.EqualFold(verb, "add") && webAddress(address) == ""
	}
	return false
}

// filesAdded adds the files that came with a message to the library.
func (r *Responder) filesAdded(ctx context.Context, e *Event, g *Grant) (Response, error) {
	if !g.Admin {
		return Response{}, briefs.Fault(briefs.ErrInvalid, "only admins may add documents: ask one of them")
	}
	name := ""
	if m := toPattern.FindStringSubmatch(strings.TrimSpace(e.Text)); m != nil {
		name = m[1]
	}
	collection, err := destination(g, name, "add this")
	if err != nil {
		return Response{}, err
	}
	var blocks []Block
	for i, f := range e.Files {
		if i == filesAtOnce {
			blocks = append(blocks, Block{Kind: BlockNote, Text: fmt.Sprintf("%s left out: send at most %d at once.", counted(len(e.Files)-i, "file"), filesAtOnce)})
			break
		}
		added, err := r.add(ctx, Addition{Who: e.Who(), Collection: collection, File: f})
		switch {
		case err == nil:
			blocks = append(blocks, added.blocks(collection)...)
		case errors.Is(err, briefs.ErrInvalid), errors.Is(err, briefs.ErrNotFound):
			blocks = append(blocks, Block{Kind: BlockText, Text: ErrorLine(err, "")})
		default:
			return Response{}, err
		}
	}
	out, err := replies(e.Home(), blocks)
	return Response{Replies: out}, err
}

func (r *Responder) add(ctx context.Context, a Addition) (Added, error) {
	if r.o.Add == nil {
		return Added{}, briefs.Fault(briefs.ErrInvalid, "nothing can be added from here: ask the operator")
	}
	return r.o.Add(ctx, a)
}

// blocks says what was added and understood, and what was not.
func (a *Added) blocks(collection string) []Block {
	var out []Block
	switch n := len(a.Documents) + a.More; {
	case a.Source != "" && n > 0:
		out = append(out, Block{Kind: BlockText, Text: fmt.Sprintf("%s of “%s” added to %s:", counted(n, "document"), known(a.Source), collection)})
	case a.Source != "":
		out = append(out, Block{Kind: BlockText, Text: fmt.Sprintf("“%s” brings nothing that %s has not.", known(a.Source), collection)})
	}
	for i := range a.Documents {
		out = append(out, a.Documents[i].blocks(collection, a.Source != "")...)
	}
	var notes []string
	if a.More > 0 {
		notes = append(notes, fmt.Sprintf("and %d more", a.More))
	}
	if a.Unchanged > 0 && a.Source != "" {
		notes = append(notes, fmt.Sprintf("%d in the library already", a.Unchanged))
	}
	if a.Failed > 0 {
		notes = append(notes, fmt.Sprintf("%d could not be read", a.Failed))
	}
	if a.Every > 0 {
		notes = append(notes, "read again every "+span(a.Every))
	}
	if notes = append(notes, a.Notes...); len(notes) > 0 {
		out = append(out, Block{Kind: BlockNote, Text: known(notes...)})
	}
	return out
}

func (d *AddedDocument) blocks(collection string, several bool) []Block {
	doc := &d.Document
	about := known(titleOf(doc), doc.Author, doc.Publisher, doc.Published.Long(), counted(d.Passages, "passage"))
	if several {
		if d.Outcome == briefs.Revised {
			about = known(about, "updated")
		}
		return []Block{{Kind: BlockItem, Text: known(about, strings.Join(d.Missing, ", ")), Link: webAddress(doc.URL)}}
	}
	what := "Added to " + collection
	switch d.Outcome {
	case briefs.Unchanged:
		what = "In " + collection + " already"
	case briefs.Revised:
		what = "Updated in " + collection
	}
	out := []Block{{Kind: BlockText, Text: what + ":"}, {Kind: BlockItem, Text: about, Link: webAddress(doc.URL)}}
	if len(d.Missing) > 0 {
		out = append(out, Block{Kind: BlockNote, Text: fmt.Sprintf("Not understood: %s. To correct it: briefdesk library edit %s", known(strings.Join(d.Missing, ", ")), known(string(doc.ID)))})
	}
	return out
}

// span writes a duration for people: "2 hours", "day".
func span(d time.Duration) string {
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{7 * 24 * time.Hour, "week"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := d / u.of; {
		case n == 1 && d%u.of == 0:
			return u.name
		case n > 0 && d%u.of == 0:
			return fmt.Sprintf("%d %ss", n, u.name)
		}
	}
	return d.String()
}
