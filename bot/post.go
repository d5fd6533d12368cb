package bot

import (
	"encoding/json"

	"briefdesk/briefs"
)

// Post is a message, before a platform draws it. All text in it is literal:
// whoever draws it escapes it, and text of documents stays byte for byte.
type Post struct {
	Blocks []Block `json:"blocks"`
}

// BlockKind says what a block is.
type BlockKind string

// The kinds of block, and the fields of Block that they use.
const (
	BlockHeading BlockKind = "heading" // Text
	BlockText    BlockKind = "text"    // Text: framing words; Link where they lead somewhere
	BlockNote    BlockKind = "note"    // Text in small; Link where it leads somewhere
	BlockLeadIn  BlockKind = "lead_in" // a quote that introduces those below: Text, Source, Link
	BlockQuote   BlockKind = "quote"   // Text, N (0 for none), Source (0 for none), Depth, Link, Note
	BlockItem    BlockKind = "item"    // a point of a list that is no quote: Text; Link where it leads somewhere
	BlockSource  BlockKind = "source"  // N, Text (the title), Note (author · publisher · date), Link
	BlockLiteral BlockKind = "literal" // Text to be copied, in its own type
	BlockActions BlockKind = "actions" // Actions
)

// Block is one piece of a Post.
type Block struct {
	Kind    BlockKind `json:"kind"`
	Text    string    `json:"text,omitempty"`
	Note    string    `json:"note,omitempty"`
	N       int       `json:"n,omitempty"`
	Source  int       `json:"source,omitempty"`
	Depth   int       `json:"depth,omitempty"`
	Link    string    `json:"link,omitempty"` // of the reading page
	URL     string    `json:"url,omitempty"`  // of the original; sources alone
	Actions []Action  `json:"actions,omitempty"`
}

// ActionID names what can be done with an answer.
type ActionID string

// The actions.
const (
	ActionMore       ActionID = "more"       // show the further sentences
	ActionWhy        ActionID = "why"        // tell why each sentence was chosen
	ActionCite       ActionID = "cite"       // a footnote; Value is "N" or "N style". Several in one post are one menu
	ActionShare      ActionID = "share"      // show a private answer to the room
	ActionOwner      ActionID = "owner"      // tell the library's owner about a gap
	ActionGood       ActionID = "good"       // the verdicts; an Event's Value may hold a note
	ActionWrong      ActionID = "wrong"      //
	ActionIncomplete ActionID = "incomplete" //
	ActionOutdated   ActionID = "outdated"   //
)

// Verdict is the verdict that id gives; "" for another action.
func (id ActionID) Verdict() briefs.Verdict {
	switch v := briefs.Verdict(id); v {
	case briefs.Good, briefs.Wrong, briefs.Incomplete, briefs.Outdated:
		return v
	}
	return ""
}

// Action is what a reader may do with a Post. A platform without buttons leaves
// actions out, or says them in words.
type Action struct {
	ID     ActionID        `json:"id"`
	Label  string          `json:"label"`
	Answer briefs.AnswerID `json:"answer,omitempty"`
	Value  string          `json:"value,omitempty"`
}

// Part is p as it is stored and sent.
func (p Post) Part() (briefs.Part, error) {
	body, err := json.Marshal(p)
	return briefs.Part{Text: p.Plain(), Body: body}, err
}

// PostOf is the Post in part; without one it is the part's words.
func PostOf(part briefs.Part) (Post, error) {
	var p Post
	if len(part.Body) == 0 {
		return Post{Blocks: []Block{{Kind: BlockText, Text: part.Text}}}, nil
	}
	err := json.Unmarshal(part.Body, &p)
	return p, err
}
