package bot

import (
	"context"
	"fmt"
	"strings"

	"briefdesk/briefs"
)

// hello is said once, where the bot was added.
func (r *Responder) hello(e *Event, g *Grant) (Response, error) {
	at := briefs.Place{Room: e.Room, Own: e.Own}
	switch {
	case g.Outsider:
		return Response{}, nil
	case !g.SetUp:
		return say(at, BlockText, "Hello. "+closed(*g, e.Who()))
	}
	return say(at, BlockText, "Hello. Mention me with a question, and I answer with sentences of this room's library, word for word, each with its source. "+
		"Go on in the thread, or write "+r.sign(e.Room)+"ask help.")
}

// help says what can be written.
func (r *Responder) help(e *Event, g *Grant) (Response, error) {
	sign := r.sign(e.Room)
	lines := []string{
		"ask: mention me, write to me directly, or " + sign + "ask why did the talks fail?",
		"go on: reply in the thread; “more” shows further sentences, “why this?” the reasons for them",
		sign + "brief export controls since 30d",
		sign + "briefings add cyber every monday 09:00 Europe/Berlin; also list, pause, resume, delete, preview",
		sign + "sources: what can be asked here, and where it comes from",
		"cite 1 apa, in the thread of an answer: a footnote (chicago, apa, mla)",
	}
	if g.Admin {
		lines[4] += "; " + sign + "sources add URL, or send me a file"
	}
	blocks := []Block{{Kind: BlockText, Text: "I answer with sentences of this room's library, word for word, each with its source:"}}
	for _, line := range lines {
		blocks = append(blocks, Block{Kind: BlockItem, Text: line})
	}
	out, err := replies(e.Home(), blocks)
	return Response{Replies: out}, err
}

// The verbs of "briefings".
var deskVerbs = []string{"list", "add", "pause", "resume", "delete", "remove", "preview", "help"}

func deskVerb(word string) bool {
	for _, v := range deskVerbs {
		if word == v {
			return true
		}
	}
	return false
}

// briefings manages those of the room. Everybody may look.
func (r *Responder) briefings(ctx context.Context, e *Event, g *Grant, words string) (Response, error) {
	verb, rest := cutWord(words)
	verb = strings.ToLower(verb)
	at, sign, now := e.Home(), r.sign(e.Room), r.o.Now()
	if verb != "" && verb != "list" && verb != "help" && rest == "" && deskVerb(verb) {
		if verb == "add" {
			return Response{}, briefs.Fault(briefs.ErrInvalid, "write a topic and a time, such as: %sbriefings add cyber every monday 09:00 Europe/Berlin", sign)
		}
		return Response{}, briefs.Fault(briefs.ErrInvalid, "write which one, such as: %sbriefings %s cyber", sign, verb)
	}
	name := strings.Trim(rest, `"“”`)
	var err error
	done := ""
	switch verb {
	case "", "list":
		return r.list(ctx, e, g)
	case "add":
		s, err := r.o.Desk.Add(ctx, e.Room, e.Author, rest, now)
		if err != nil {
			return Response{}, err
		}
		return say(at, BlockText, known("Subscribed: "+s.Name, s.When, s.Zone, next(&s)))
	case "preview":
		parts, err := r.o.Desk.Preview(ctx, e.Room, name, now)
		if err != nil {
			return Response{}, err
		}
		resp, err := say(at, BlockNote, "A preview, as it would be posted now:")
		for _, p := range parts {
			resp.Replies = append(resp.Replies, briefs.Outgoing{Place: at, Part: p})
		}
		return resp, err
	case "pause":
		done, err = "Paused: ", r.o.Desk.Pause(ctx, e.Room, e.Author, name, now)
	case "resume":
		done, err = "Goes on: ", r.o.Desk.Resume(ctx, e.Room, e.Author, name, now)
	case "delete", "remove":
		if err = r.o.Desk.Delete(ctx, e.Room, e.Author, name, now); err == nil {
			return say(at, BlockText, "Deleted: "+shortened(name))
		}
	case "help":
		err = briefs.Fault(briefs.ErrInvalid, "write one of: %[1]sbriefings · %[1]sbriefings add cyber every monday 09:00 Europe/Berlin · %[1]sbriefings pause, resume, delete or preview NAME", sign)
	default:
		err = briefs.Fault(briefs.ErrInvalid, "%q is none of add, list, pause, resume, delete and preview: write for example: %sbriefings add cyber every monday 09:00 Europe/Berlin", shortened(verb), sign)
	}
	if err != nil {
		return Response{}, err
	}
	return say(at, BlockText, done+shortened(name))
}

// list shows the briefings of the room.
func (r *Responder) list(ctx context.Context, e *Event, g *Grant) (Response, error) {
	all, err := r.o.Desk.List(ctx, e.Room)
	if err != nil {
		return Response{}, err
	}
	var blocks []Block
	if len(all) == 0 {
		blocks = append(blocks, Block{Kind: BlockText, Text: "This room gets no briefing yet."})
	} else {
		blocks = append(blocks, Block{Kind: BlockText, Text: "Briefings of this room:"})
	}
	for _, s := range all {
		state := next(&s)
		if s.Paused != "" {
			state = "paused " + s.Paused
		}
		blocks = append(blocks, Block{Kind: BlockItem, Text: known(s.Name, about(&s), s.When, s.Zone, state)})
	}
	if g.Manage {
		blocks = append(blocks, Block{Kind: BlockNote, Text: "To add one: " + r.sign(e.Room) + "briefings add cyber every monday 09:00 Europe/Berlin"})
	}
	out, err := replies(e.Home(), blocks)
	return Response{Replies: out}, err
}

// about is the topics of s, where its name does not say them.
func about(s *Subscription) string {
	if topics := strings.Join(s.Topics, ", "); !strings.EqualFold(topics, s.Name) {
		return topics
	}
	return ""
}

// next says when s comes next.
func next(s *Subscription) string {
	if len(s.Next) == 0 {
		return ""
	}
	return "next " + strings.Replace(s.Next[0].Local, "T", " ", 1)
}

// sourcesShown is how many sources a message lists.
const sourcesShown = 30

// sources tells what the room can ask and how fresh it is, or adds a source.
func (r *Responder) sources(ctx context.Context, e *Event, g *Grant, words string) (Response, error) {
	verb, rest := cutWord(words)
	switch {
	case strings.EqualFold(verb, "add"):
		return r.addressAdded(ctx, e, g, rest)
	case strings.EqualFold(verb, "remove"):
		return r.addressRemoved(ctx, e, g, rest)
	case verb != "" && !strings.EqualFold(verb, "list"):
		return Response{}, briefs.Fault(briefs.ErrInvalid, "%[2]q is nothing that sources can do: write %[1]ssources, or %[1]ssources add https://…", r.sign(e.Room), shortened(verb))
	}
	have, err := r.o.Sources(ctx, g.Scope)
	if err != nil {
		return Response{}, err
	}
	if len(have.Collections) == 0 {
		return say(e.Home(), BlockText, "The library of this room is still empty: its owner adds documents.")
	}
	blocks := []Block{{Kind: BlockText, Text: "This room can ask:"}}
	for _, c := range have.Collections {
		blocks = append(blocks, Block{Kind: BlockItem, Text: known(c.Name, counted(c.Documents, "document"))})
	}
	if !have.Latest.IsZero() {
		blocks = append(blocks, Block{Kind: BlockNote, Text: "Latest document added " + have.Latest.UTC().Format("2 January 2006 15:04") + " UTC"})
	}
	if len(have.Sources) > 0 {
		blocks = append(blocks, Block{Kind: BlockText, Text: "Its sources:"})
	}
	for i, s := range have.Sources {
		if i == sourcesShown {
			blocks = append(blocks, Block{Kind: BlockNote, Text: fmt.Sprintf("and %d more", len(have.Sources)-i)})
			break
		}
		blocks = append(blocks, Block{Kind: BlockItem, Text: known(s.Name, s.Collection, s.Freshness()), Link: s.Link})
	}
	out, err := replies(e.Home(), blocks)
	return Response{Replies: out}, err
}

// Freshness says when s was read last, and whether that went well.
func (s *Source) Freshness() string {
	switch {
	case s.Fetched.IsZero():
		return ""
	case s.Failing:
		return "could not be read on " + s.Fetched.UTC().Format("2 January 2006 15:04") + " UTC"
	}
	return "read " + s.Fetched.UTC().Format("2 January 2006 15:04") + " UTC"
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
