package main

import (
	"context"
	"errors"
	"path"
	"slices"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
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

// address adds what stands at a web address.
func (in *adder) address(ctx context.Context, what bot.Addition) (bot.Added, error) {
	report, err := ingest.New(in.log, in.lib, ingest.Options{Collection: what.Collection}).Add(ctx, what.Address)
	if err != nil {
		return bot.Added{}, err
	}
	if len(report.Problems) > 0 {
		return bot.Added{}, briefs.Fault(briefs.ErrInvalid, "%s", problemLine(report.Problems[0]))
	}
	return bot.Added{Source: what.Address, More: report.Added + report.Revised, Unchanged: report.Unchanged}, nil
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
