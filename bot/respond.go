package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
)

// Question is what a room asks.
type Question struct {
	Text  string
	Who   Who
	Scope briefs.Scope
	After *Previous // what it follows up on; nil for a fresh one
	// Try reports that silence is not to be recorded as a gap.
	Try bool
}

// Previous is what a follow-up builds on.
type Previous struct {
	Question  string
	Documents []briefs.DocumentID // those quoted, in order
	Quotes    []briefs.Ref        // what was quoted
	Before    *Previous           // what it followed up on itself; nil for nothing
}

// Topic is what a room wants a brief of.
type Topic struct {
	Words string // or "collection:NAME"
	Who   Who
	Scope briefs.Scope
	Since time.Time // what was first seen from then on is new; zero for none
}

// Answers is what was shown in rooms; store.Inbox says what each method
// promises.
type Answers interface {
	Shown(ctx context.Context, id briefs.AnswerID) (briefs.Shown, error)
	ShownIn(ctx context.Context, room briefs.RoomID, thread string) ([]briefs.Shown, error)
	ShownAt(ctx context.Context, room briefs.RoomID, receipt string) (briefs.AnswerID, error)
	Posted(ctx context.Context, room briefs.RoomID, thread string) (bool, error)
	RecordFeedback(ctx context.Context, f briefs.Feedback) error
}

// Options is what a Responder is made of. All of it is needed, unless it says
// otherwise, and safe for concurrent use.
type Options struct {
	Grant func(w Who) Grant
	// Ask answers and records; recorded reports that it noted a gap.
	Ask     func(ctx context.Context, q Question) (ans briefs.Answer, recorded bool, err error)
	Brief   func(ctx context.Context, t Topic) (briefs.Brief, error)
	Answers Answers
	// Briefing is the one that a message of a room shows; false for none. Nil
	// knows none.
	Briefing func(ctx context.Context, room briefs.RoomID, receipt string) (b briefs.Briefing, ok bool, err error)
	// Document is one revision with its text. It returns ErrNotFound.
	Document func(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
	// Link is the address of a quote for those in a room.
	Link func(ctx context.Context, room briefs.RoomID, q briefs.Quote) (string, error)
	// Ref reads an address that Link made; nil where none can be read.
	Ref     func(address string) (briefs.Ref, bool)
	Desk    Desk
	Sources func(ctx context.Context, s briefs.Scope) (Sources, error)
	// Add reads what an admin adds into the library. An error of kind
	// ErrInvalid or ErrNotFound is a line for people. Nil adds nothing.
	Add func(ctx context.Context, a Addition) (Added, error)
	// Unfollow ends the reading of a source for the collections of s that was
	// added in a room; its documents stay. Errors are those of Add, and nil
	// knows no source.
	Unfollow func(ctx context.Context, w Who, address string, s briefs.Scope) error
	// Owners are whom to tell about gaps on a platform, such as "slack:U0123".
	Owners func(platform string) []string
	// Sign is what stands before a command: "/" or "!"; nil is "/".
	Sign func(platform string) string
	Now  func() time.Time
}

// Responder makes the replies to what people do where the bot hears it. It is
// safe for concurrent use.
type Responder struct {
	log *slog.Logger
	o   Options
}

// NewResponder returns a Responder.
func NewResponder(log *slog.Logger, o Options) *Responder { return &Responder{log: log, o: o} }

// Response is what an event leads to: messages in their order, none for
// silence, and the answer that they show, nil for none.
type Response struct {
	Replies []briefs.Outgoing
	Shown   *briefs.Shown
}

var _ Answerer = (*Responder)(nil)

// Wants reports whether e may need a reply: what is written where nobody meant
// the bot, outside threads, is passed over unless the room wants questions
// answered.
func (r *Responder) Wants(e *Event) bool {
	if e.Kind != EventText || e.Addressed || e.Direct {
		return true
	}
	g := r.o.Grant(e.Who())
	return g.Open() && (e.Thread != "" || g.Questions && asks(e.Text))
}

// Respond makes the replies to e, whose key is key. It may be called again for
// the same event as long as its replies are not fixed.
func (r *Responder) Respond(ctx context.Context, key string, e Event) (Response, error) {
	g := r.o.Grant(e.Who())
	switch e.Kind {
	case EventJoined:
		return r.hello(&e, &g)
	case EventAction:
		return r.act(ctx, key, &e, &g)
	}
	c := parseEvent(&e)
	meant := e.Addressed || e.Direct || e.Kind == EventCommand
	if !meant {
		wanted, err := r.overheard(ctx, &e, &g, &c)
		if !wanted || err != nil {
			return Response{}, err
		}
	}
	if line := closed(g, e.Who()); line != "" {
		told, err := r.joined(ctx, &e) // once in a thread
		if told || err != nil {
			return Response{}, err
		}
		return say(e.Home(), BlockText, line)
	}
	resp, err := r.command(ctx, key, &e, &g, &c)
	if err != nil && (errors.Is(err, briefs.ErrInvalid) || errors.Is(err, briefs.ErrNotFound)) {
		return say(e.Home(), BlockText, ErrorLine(err, IncidentID(key)))
	}
	return resp, err
}

// overheard reports whether what was written to nobody wants a reply: in a
// thread that the bot is in, what has the form of a question or of a command
// that can mean nobody else; elsewhere questions, where the room wants that.
// What begins by naming a person is for them.
func (r *Responder) overheard(ctx context.Context, e *Event, g *Grant, c *command) (bool, error) {
	if !g.Open() || strings.HasPrefix(e.Text, "@") {
		return false, nil
	}
	wanted := c.name == commandAsk && asks(c.rest) || c.name == commandMore || c.name == commandWhy || c.name == commandCite || !c.plain
	if e.Thread == "" {
		return c.name == commandAsk && g.Questions && asks(c.rest), nil
	}
	if !wanted {
		return false, nil
	}
	return r.joined(ctx, e)
}

func (r *Responder) command(ctx context.Context, key string, e *Event, g *Grant, c *command) (Response, error) {
	if bringsFiles(e, c) && (e.Addressed || e.Direct) {
		return r.filesAdded(ctx, e, g)
	}
	switch c.name {
	case commandBrief:
		return r.brief(ctx, key, e, g, c.rest)
	case commandBriefings:
		return r.briefings(ctx, e, g, c.rest)
	case commandSources:
		return r.sources(ctx, e, g, c.rest)
	case commandCite:
		return r.cite(ctx, e, g, c.rest)
	case commandMore, commandWhy:
		return r.again(ctx, e, g, c.name)
	case commandThanks:
		return say(e.Home(), BlockText, "You are welcome.")
	case commandAsk:
		return r.ask(ctx, key, e, g, c.rest)
	}
	return r.help(e, g)
}

// ask answers a question.
func (r *Responder) ask(ctx context.Context, key string, e *Event, g *Grant, text string) (Response, error) {
	t, err := r.thread(ctx, e)
	if err != nil {
		return Response{}, err
	}
	try := !e.Addressed && !e.Direct && e.Kind != EventCommand && e.Thread == ""
	ans, recorded, err := r.o.Ask(ctx, Question{Text: text, Who: e.Who(), Scope: g.Scope, After: t.previous(), Try: try})
	if err != nil {
		return Response{}, err
	}
	if try && !ans.Answered() { // nobody asked the bot
		return Response{}, nil
	}
	x := &exhibit{
		id: answerID(key), question: text, kind: ans.Kind, reason: ans.Reason, enumerated: ans.Enumerated, source: ans.Source,
		quotes: ans.Quotes, more: ans.More, near: ans.Near, seeAlso: ans.SeeAlso, parts: ans.Parts, recorded: recorded, corrected: ans.Corrected,
	}
	t.renumber(x.quotes)
	t.renumber(x.more)
	t.renumber(x.near)
	for i := range x.parts {
		t.renumber(x.parts[i].Quotes)
	}
	return r.show(ctx, x, e.Home(), e.Author)
}

// show is the messages that show x at a place.
func (r *Responder) show(ctx context.Context, x *exhibit, at briefs.Place, asker string) (Response, error) {
	d := r.drawer(ctx, at.Room)
	private := at.Only != ""
	blocks := d.answer(x, private || at.Thread == "", private)
	if d.err != nil {
		return Response{}, d.err
	}
	out, err := replies(at, blocks)
	return Response{Replies: out, Shown: r.record(x, at, asker)}, err
}

// brief gathers what is said about a topic.
func (r *Responder) brief(ctx context.Context, key string, e *Event, g *Grant, words string) (Response, error) {
	topic, since, err := parseTopic(words, r.o.Now())
	if err != nil {
		return Response{}, err
	}
	t, err := r.thread(ctx, e)
	if err != nil {
		return Response{}, err
	}
	b, err := r.o.Brief(ctx, Topic{Words: topic, Who: e.Who(), Scope: g.Scope, Since: since})
	if err != nil {
		return Response{}, err
	}
	t.renumberBrief(&b)
	d := r.drawer(ctx, e.Room)
	var resp Response
	for _, part := range BriefParts(&b, d.link) {
		resp.Replies = append(resp.Replies, briefs.Outgoing{Place: e.Home(), Part: part})
	}
	x := &exhibit{id: answerID(key), question: topic, kind: briefs.KindTopic, quotes: quotesOf(&b)}
	if len(x.quotes) > 0 {
		if x.near, err = r.unquoted(ctx, &b); err != nil {
			return Response{}, err
		}
		resp.Shown = r.record(x, e.Home(), e.Author)
	}
	return resp, d.err
}

// renumberBrief gives the sources of b the numbers that they have in the
// thread.
func (t *thread) renumberBrief(b *briefs.Brief) {
	to := map[int]int{}
	for i := range b.Sources {
		s := &b.Sources[i]
		to[s.N] = t.number(s.Document.ID)
		s.N = to[s.N]
	}
	for _, s := range b.Sections {
		for i := range s.Items {
			t.renumber(s.Items[i].Quotes)
			for k, n := range s.Items[i].Also {
				s.Items[i].Also[k] = to[n]
			}
			slices.Sort(s.Items[i].Also)
		}
	}
	for _, c := range b.Changes {
		t.renumber(c.Quotes)
	}
}

func quotesOf(b *briefs.Brief) []briefs.Citation {
	var all []briefs.Citation
	for _, s := range b.Sections {
		for _, it := range s.Items {
			all = append(all, it.Quotes...)
		}
	}
	for _, c := range b.Changes {
		all = append(all, c.Quotes...)
	}
	return all
}

// Failed is what to tell when Respond failed for good.
func (r *Responder) Failed(key string, e Event, err error) Response {
	if e.Kind == EventJoined || e.Kind == EventText && !e.Addressed && !e.Direct {
		return Response{} // nobody waits
	}
	if g := r.o.Grant(e.Who()); !g.Open() {
		return Response{}
	}
	at := e.Home()
	if e.Kind == EventAction && e.Receipt == "" { // the others did not press
		at = briefs.Place{Room: e.Room, Thread: e.Thread, Only: e.Author, Own: e.Own}
	}
	resp, drawn := say(at, BlockText, ErrorLine(err, IncidentID(key)))
	if drawn != nil {
		return Response{}
	}
	return resp
}
