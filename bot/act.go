package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/cite"
)

// act does what a button, a menu or a reaction asks for. What concerns the one
// person who pressed is told to them alone.
func (r *Responder) act(ctx context.Context, key string, e *Event, g *Grant) (Response, error) {
	alone := briefs.Place{Room: e.Room, Thread: e.Thread, Only: e.Author, Own: e.Own}
	switch {
	case e.Unknown && e.Receipt == "" && !g.Open(): // a member, it may be, who waits
		return say(alone, BlockText, closed(*g, e.Who()))
	case !g.Open():
		return Response{}, nil
	}
	s, err := r.subject(ctx, e)
	if errors.Is(err, briefs.ErrNotFound) {
		if e.Receipt != "" { // a reaction to something else
			return Response{}, nil
		}
		return say(alone, BlockText, "That answer is not known here any more: ask again.")
	}
	if err != nil {
		return Response{}, err
	}
	if v := e.Action.Verdict(); v != "" {
		err := r.o.Answers.RecordFeedback(ctx, briefs.Feedback{
			Answer: s.ID, Room: e.Room, Question: s.Question, Who: e.Author, Verdict: v, Note: strings.TrimSpace(e.Value), At: r.o.Now().UTC(),
		})
		if err != nil || e.Receipt != "" {
			return Response{}, err
		}
		return say(alone, BlockText, "Noted: "+string(v)+". Thank you.")
	}
	x, err := r.exhibit(ctx, s, g)
	if err != nil {
		return Response{}, err
	}
	switch e.Action {
	case ActionMore:
		return r.more(ctx, x, e.Home())
	case ActionWhy:
		return why(x, alone)
	case ActionCite:
		line, n, style, err := r.footnote(x, e.Value)
		if err != nil {
			return say(alone, BlockText, ErrorLine(err, IncidentID(key)))
		}
		return footnotePost(alone, line, n, style)
	case ActionShare:
		if len(x.quotes) == 0 {
			return say(alone, BlockText, goneWords)
		}
		x.id = answerID(key)
		return r.show(ctx, x, briefs.Place{Room: e.Room, Own: e.Own}, e.Author)
	case ActionOwner:
		return r.tellOwners(s, e, alone)
	}
	return Response{}, nil
}

// subject is the answer that e is about, shown in the same room. It returns
// ErrNotFound.
func (r *Responder) subject(ctx context.Context, e *Event) (*briefs.Shown, error) {
	id := e.Answer
	if id == "" {
		var err error
		if id, err = r.o.Answers.ShownAt(ctx, e.Room, e.Receipt); err != nil {
			return nil, err
		}
	}
	s, err := r.o.Answers.Shown(ctx, id)
	if err == nil && s.Room != e.Room {
		err = briefs.ErrNotFound
	}
	return &s, err
}

// again shows more of the latest answer of the thread, or why it is one.
func (r *Responder) again(ctx context.Context, e *Event, g *Grant, what string) (Response, error) {
	t, err := r.thread(ctx, e)
	if err != nil {
		return Response{}, err
	}
	s := t.last(func(s *briefs.Shown) bool { return s.Reason == "" && (what == commandWhy || len(s.More) > 0) })
	switch {
	case s == nil && len(t.shown) > 0:
		return say(e.Home(), BlockText, "There is no more to show.")
	case s == nil:
		return say(e.Home(), BlockText, "There is no answer here: write that in the thread of one.")
	}
	x, err := r.exhibit(ctx, s, g)
	if err != nil {
		return Response{}, err
	}
	if what == commandWhy {
		return why(x, e.Home())
	}
	return r.more(ctx, x, e.Home())
}

// more shows what was offered behind "more".
func (r *Responder) more(ctx context.Context, x *exhibit, at briefs.Place) (Response, error) {
	if len(x.more) == 0 {
		return say(at, BlockText, "There is no more to show.")
	}
	d := r.drawer(ctx, at.Room)
	blocks := append(d.quotes(x.more), d.sources(x.more)...)
	if d.err != nil {
		return Response{}, d.err
	}
	out, err := replies(at, blocks)
	return Response{Replies: out}, err
}

// goneWords are said of an answer whose documents are gone, or not the room's
// any more.
const goneWords = "Nothing of that answer can be shown any more: ask again."

// why tells why each sentence of x was chosen.
func why(x *exhibit, at briefs.Place) (Response, error) {
	if len(x.quotes) == 0 {
		return say(at, BlockText, goneWords)
	}
	blocks := []Block{{Kind: BlockText, Text: "Why these sentences, the strongest reasons first:"}}
	told := false
	for i, c := range x.quotes {
		blocks = append(blocks, Block{Kind: BlockQuote, Text: c.Quote.Text(), N: c.N, Source: c.Source, Depth: c.Depth})
		if i+1 < len(x.quotes) && SameReasons(c, x.quotes[i+1]) {
			continue // said once, below the last of them
		}
		for _, f := range strongest(c.Why) {
			told = true
			blocks = append(blocks, Block{Kind: BlockItem, Text: Signed(f.Value) + " " + Reason(f)})
		}
	}
	if !told {
		return say(at, BlockText, "It is a brief: its sentences are those that most sources say, and those that are new.")
	}
	out, err := replies(at, blocks)
	return Response{Replies: out}, err
}

// cite writes a footnote of the latest answer of the thread.
func (r *Responder) cite(ctx context.Context, e *Event, g *Grant, words string) (Response, error) {
	t, err := r.thread(ctx, e)
	if err != nil {
		return Response{}, err
	}
	n, _ := cutWord(words)
	want, fault := strconv.Atoi(strings.Trim(n, "[]"))
	if fault != nil {
		return Response{}, briefs.Fault(briefs.ErrInvalid, "write the number of a source and a style, such as: cite 1 apa")
	}
	s := t.last(func(s *briefs.Shown) bool { return holdsSource(s, want) })
	if s == nil {
		if s = t.last(func(s *briefs.Shown) bool { return len(s.Quotes) > 0 }); s == nil {
			return Response{}, briefs.Fault(briefs.ErrInvalid, "write that in the thread of an answer, such as: cite 1 apa")
		}
	}
	x, err := r.exhibit(ctx, s, g)
	if err != nil {
		return Response{}, err
	}
	line, number, style, err := r.footnote(x, words)
	if err != nil {
		return Response{}, err
	}
	return footnotePost(e.Home(), line, number, style)
}

func holdsSource(s *briefs.Shown, n int) bool {
	for _, list := range [][]briefs.ShownQuote{s.Quotes, s.More, s.Near} {
		for _, q := range list {
			if q.Source == n {
				return true
			}
		}
	}
	return false
}

// footnote cites what words name, "N" or "N STYLE": the source of that number,
// or, where x has none of it, that of the quote of that number. It returns
// ErrInvalid and ErrNotFound, as lines for people.
func (r *Responder) footnote(x *exhibit, words string) (line string, n int, style cite.Style, err error) {
	number, name := cutWord(words)
	if style, err = cite.ParseStyle(name); err != nil {
		return "", 0, "", briefs.Fault(briefs.ErrInvalid, "%q is no style: write chicago, apa or mla, such as: cite 1 apa", shortened(name))
	}
	if n, err = strconv.Atoi(strings.Trim(number, "[]")); err != nil {
		return "", 0, "", briefs.Fault(briefs.ErrInvalid, "%q is no number: write that of a source, such as: cite 1 apa", shortened(number))
	}
	for _, byQuote := range []bool{false, true} {
		for _, list := range [][]briefs.Citation{x.quotes, x.more, x.near} {
			for _, c := range list {
				if !byQuote && c.Source == n || byQuote && c.N == n {
					d := c.Quote.Document()
					return cite.Note(style, &d, cite.Options{Quote: c.Quote, Accessed: r.o.Now()}).String(), c.Source, style, nil
				}
			}
		}
	}
	return "", 0, "", briefs.Fault(briefs.ErrNotFound, "there is no source [%d] in this answer: write the number that stands in brackets", n)
}

func footnotePost(at briefs.Place, line string, n int, style cite.Style) (Response, error) {
	out, err := replies(at, []Block{{Kind: BlockText, Text: fmt.Sprintf("[%d] %s", n, style.Name())}, {Kind: BlockLiteral, Text: line}})
	return Response{Replies: out}, err
}

// Footnote cites source n of an answer for w, in the style of that name; empty
// is the first. It returns ErrInvalid and ErrNotFound, as lines for people.
func (r *Responder) Footnote(ctx context.Context, w Who, id briefs.AnswerID, n int, style string) (string, error) {
	g := r.o.Grant(w)
	if err := r.open(w); err != nil {
		return "", err
	}
	s, err := r.subject(ctx, &Event{Room: w.Room, Answer: id})
	if err != nil {
		return "", err
	}
	x, err := r.exhibit(ctx, s, &g)
	if err != nil {
		return "", err
	}
	line, _, _, err := r.footnote(x, fmt.Sprintf("%d %s", n, style))
	return line, err
}

// tellOwners tells the owners of the library about a question that found no
// answer, each in a direct message.
func (r *Responder) tellOwners(s *briefs.Shown, e *Event, alone briefs.Place) (Response, error) {
	owners := r.o.Owners(e.Room.Platform())
	if len(owners) == 0 {
		return say(alone, BlockText, "Nobody is named as the owner of this library: the gap is recorded all the same.")
	}
	var resp Response
	for _, owner := range owners {
		told, err := replies(briefs.Place{Only: owner}, []Block{
			{Kind: BlockText, Text: "A question found no answer in the library:"},
			{Kind: BlockHeading, Text: shortened(s.Question)},
			{Kind: BlockNote, Text: known("asked in "+string(s.Room), "by "+s.Asker, "told by "+e.Author)},
			{Kind: BlockNote, Text: "All of them: briefdesk gaps"},
		})
		if err != nil {
			return Response{}, err
		}
		resp.Replies = append(resp.Replies, told...)
	}
	confirmed, err := say(alone, BlockText, "The owner of the library has been told.")
	resp.Replies = append(resp.Replies, confirmed.Replies...)
	return resp, err
}
