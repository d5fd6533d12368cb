package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/follow"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
)

// adder puts into a library what admins add in rooms.
type adder struct {
	*app
	lib   store.Backend
	chats bot.Mux // bring files; filled before anything is added
}

// add implements bot.Options.Add.
func (in *adder) add(ctx context.Context, what bot.Addition) (bot.Added, error) {
	if what.Address != "" {
		return in.address(ctx, what)
	}
	return in.file(ctx, what)
}

// told is how many documents of a source a room is told of.
const told = 10

// address adds what stands at a web address, and has it followed from then on.
// What cannot be read is no source of anything.
func (in *adder) address(ctx context.Context, what bot.Addition) (bot.Added, error) {
	s := addedSource(what.Address, what.Collection)
	configured := false
	for _, c := range in.configuredSources() {
		if c.Address == s.Address && c.Collection == s.Collection {
			s, configured = c, true
		}
	}
	f, end := in.follower(in.lib, in.privateHosts(), nil, follow.Options{Revive: true})
	defer end()
	report, err := f.Once(ctx, s)
	if err != nil {
		return bot.Added{}, err
	}
	of := report.Sources[0]
	if of.Problem != "" {
		if !configured {
			if err := in.forget(ctx, s); err != nil {
				return bot.Added{}, err
			}
		}
		return bot.Added{}, briefs.Fault(briefs.ErrInvalid, "%s", oneLine(errors.New(of.Problem)))
	}
	if !configured {
		if err := in.lib.KeepSource(ctx, s, what.Who.Author); err != nil {
			return bot.Added{}, err
		}
	}
	in.log.InfoContext(ctx, "a source was added in a room", "room", what.Who.Room, "source", s.Address, "who", what.Who.Author)
	out := bot.Added{Unchanged: of.Unchanged, Failed: of.Failed, Notes: of.Notes, Every: cmp.Or(s.Every, follow.DefaultEvery(cmp.Or(of.As, s.Kind)))}
	if of.As != briefs.SourcePage {
		out.Source = cmp.Or(of.Title, s.Address)
	}
	if of.Busy {
		out.Notes = append(out.Notes, "it is being read just now")
	}
	for _, r := range report.Read {
		if r.Outcome == follow.Withdrawn {
			continue
		}
		if len(out.Documents) == told {
			out.More++
			continue
		}
		d := briefs.Document{ID: r.ID, Revision: r.Revision, Title: r.Title, Author: r.Author, Publisher: r.Publisher, Published: r.Published, URL: r.URL, Collection: s.Collection}
		out.Documents = append(out.Documents, bot.AddedDocument{Document: d, Passages: r.Passages, Outcome: r.Outcome, Missing: r.Notes})
	}
	if of.Waiting > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d to be read next", of.Waiting))
	}
	return out, nil
}

// forget drops a source that could never be read and that nobody has followed.
func (in *adder) forget(ctx context.Context, s briefs.Source) error {
	known, err := in.lib.Sources(ctx, briefs.Only(s.Collection))
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Key() == s.Key() && k.By == "" && k.Succeeded.IsZero() {
			return in.lib.ForgetSource(ctx, s.Key())
		}
	}
	return nil
}

// remove implements bot.Options.Unfollow.
func (in *adder) remove(ctx context.Context, who bot.Who, address string, s briefs.Scope) error {
	err := in.unfollow(ctx, in.lib, address, s)
	if err == nil {
		in.log.InfoContext(ctx, "a source was taken away in a room", "room", who.Room, "source", address, "who", who.Author)
	}
	return err
}

// file adds a file. One of the same name from the same room is its next
// revision.
func (in *adder) file(ctx context.Context, what bot.Addition) (bot.Added, error) {
	name := path.Base(path.Clean("/" + what.File.Name))
	if name == "/" {
		name = "file"
	}
	data, err := in.chats.OpenFile(ctx, what.Who.Room, what.File, fetch.MaxBytes(name))
	if err != nil {
		return bot.Added{}, err
	}
	readers := in.readers()
	defer readers.Close()
	d, err := readers.Read(ctx, extract.Input{Name: name, Type: what.File.Type, Data: data})
	if err == nil {
		err = ingest.Complete(&d)
	}
	if err != nil {
		if errors.Is(err, briefs.ErrInvalid) {
			in.log.InfoContext(ctx, "a file from a room was not added", "room", what.Who.Room, "err", err)
		}
		return bot.Added{}, err
	}
	d.Source = string(what.Who.Room) + "/" + name
	d.ID = ingest.DocumentID(name, what.Collection+"\n"+d.Source)
	d.Collection = what.Collection
	stored, err := in.lib.PutDocuments(ctx, []briefs.Document{d})
	if err != nil {
		return bot.Added{}, err
	}
	d.ID, d.Revision = stored[0].ID, stored[0].Revision
	in.log.InfoContext(ctx, "a file from a room was added", "room", what.Who.Room, "doc", d.ID, "who", what.Who.Author)
	return bot.Added{Documents: []bot.AddedDocument{{Document: d, Passages: len(d.Passages), Outcome: stored[0].Outcome, Missing: missing(&d)}}}, nil
}

// missing names what was not understood of a document.
func missing(d *briefs.Document) []string {
	var out []string
	if d.Author == "" {
		out = append(out, "no author")
	}
	if d.Published == "" {
		out = append(out, "no date")
	}
	if !slices.ContainsFunc(d.Blocks, func(b briefs.Block) bool { return b.Role == briefs.RoleTitle }) {
		out = append(out, "no title")
	}
	return out
}
