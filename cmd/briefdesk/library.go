package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/store"
)

func (a *app) libraryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "library",
		Short:   "List, show, correct, check and save what the library holds",
		Example: "  briefdesk library list\n  briefdesk library check\n  briefdesk library backup briefdesk-backup.db",
		Args:    cobra.ArbitraryArgs,
		RunE:    group,
	}
	cmd.AddCommand(
		a.listCommand(), a.collectionsCommand(), a.showCommand(), a.editCommand(), a.removeCommand(),
		a.exportCommand(), a.checkCommand(), a.repackCommand(), a.backupCommand(), a.restoreCommand(), a.rotateKeyCommand(), a.rereadCommand(), a.unfollowCommand(),
	)
	return cmd
}

// withLibrary is the RunE of a command that works on the opened library.
func (a *app) withLibrary(fn func(cmd *cobra.Command, lib store.Backend, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		lib, err := a.open(cmd.Context())
		if err != nil {
			return err
		}
		defer lib.Close()
		return fn(cmd, lib, args)
	}
}

func (a *app) listCommand() *cobra.Command {
	var collections []string
	var author, from, to string
	var sources bool
	var l briefs.Listing
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the documents, or the sources",
		Example: "  briefdesk library list\n  briefdesk library list --collection cyber --from 2014 --json\n  briefdesk library list --sources",
		Args:    exactArgs(0, ""),
		PreRunE: func(cmd *cobra.Command, _ []string) (err error) {
			if f := cmd.Flags(); sources && (f.Changed("author") || f.Changed("from") || f.Changed("to")) {
				return usage(cmd, "--sources goes with --collection alone")
			}
			l.From, l.To, err = window(cmd, from, to)
			return err
		},
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, _ []string) (err error) {
			if sources {
				return a.listSources(cmd.Context(), lib, collections)
			}
			l.Author = author
			if l.Scope, err = scope(cmd.Context(), lib, collections); err != nil {
				return err
			}
			documents, err := lib.Documents(cmd.Context(), l)
			if err != nil {
				return err
			}
			return a.printList(documents)
		}),
	}
	f := cmd.Flags()
	f.StringSliceVar(&collections, "collection", nil, "only `COLLECTION` (may be repeated)")
	f.BoolVar(&sources, "sources", false, "list where documents come from: state, last and next reading, failures")
	f.StringVar(&author, "author", "", "only by `AUTHOR` (part of a name)")
	f.StringVar(&from, "from", "", "only what was published on `DATE` or later")
	f.StringVar(&to, "to", "", "only what was published on `DATE` or earlier")
	return cmd
}

func (a *app) printList(documents []briefs.Listed) error {
	form := documentsJSON{Documents: []documentJSON{}}
	var rows [][]string
	for _, d := range documents {
		form.Documents = append(form.Documents, documentForm(d))
		rows = append(rows, []string{string(d.ID), d.Title, d.Author, d.Publisher, string(d.Published), d.Collection})
	}
	if a.json {
		return writeJSON(a.stdout, form)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(a.stdout, "No document. Add some with: briefdesk add SOURCE")
		return err
	}
	a.view.table(a.stdout, []column{
		{title: "id"},
		{title: "title", flexible: true},
		{title: "author", flexible: true},
		{title: "publisher", flexible: true},
		{title: "published"},
		{title: "collection", flexible: true},
	}, rows)
	return nil
}

func (a *app) collectionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "collections",
		Short:   "List the collections",
		Example: "  briefdesk library collections",
		Args:    exactArgs(0, ""),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, _ []string) error {
			have, err := lib.Collections(cmd.Context(), briefs.Everything())
			if err != nil {
				return err
			}
			form := collectionsJSON{Collections: []collectionJSON{}}
			var rows [][]string
			for _, c := range have {
				form.Collections = append(form.Collections, collectionJSON(c))
				rows = append(rows, []string{c.Name, strconv.Itoa(c.Documents), strconv.Itoa(c.Passages)})
			}
			if a.json {
				return writeJSON(a.stdout, form)
			}
			a.view.table(a.stdout, []column{{title: "collection", flexible: true}, {title: "documents", right: true}, {title: "passages", right: true}}, rows)
			return nil
		}),
	}
}
