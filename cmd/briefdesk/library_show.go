package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/store"
)

func (a *app) showCommand() *cobra.Command {
	var revision int
	var diff bool
	cmd := &cobra.Command{
		Use:     "show ID [--diff [A B]]",
		Short:   "Show one document, or what changed in it",
		Long:    "Show one document with its text. The offsets of quotes count the bytes of the\ntext that --json prints. With --diff, what changed from revision A to B, sentence\nby sentence; by default between the last two.",
		Example: "  briefdesk library show talks-2014\n  briefdesk library show --revision 1 --json talks-2014\n  briefdesk library show talks-2014 --diff 1 3",
		Args: func(cmd *cobra.Command, args []string) error {
			if diff && len(args) == 3 {
				return nil
			}
			return exactArgs(1, "the id")(cmd, args)
		},
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			if diff && (a.json || revision > 0) {
				return usage(cmd, "--diff goes without --json and --revision")
			}
			if revision < 0 {
				return usage(cmd, "--revision %d is not a revision: write 1 or more", revision)
			}
			return nil
		},
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			if diff {
				return a.showDiff(cmd, lib, briefs.DocumentID(args[0]), args[1:])
			}
			d, err := lib.Document(cmd.Context(), briefs.DocumentID(args[0]), revision)
			if err != nil {
				return err
			}
			if a.json {
				return writeJSON(a.stdout, shownForm(d))
			}
			a.printDocument(&d)
			return nil
		}),
	}
	cmd.Flags().IntVar(&revision, "revision", 0, "the revision `N`, from 1 (default the current one)")
	cmd.Flags().BoolVar(&diff, "diff", false, "show what changed from revision A to B (default the last two)")
	return cmd
}

// showDiff prints what changed between two revisions, by default the last two.
func (a *app) showDiff(cmd *cobra.Command, lib store.Backend, id briefs.DocumentID, between []string) error {
	to, err := lib.Document(cmd.Context(), id, 0)
	if err != nil {
		return err
	}
	n := [2]int{to.Revision - 1, to.Revision}
	for i, s := range between {
		if n[i], err = strconv.Atoi(s); err != nil || n[i] < 1 {
			return usage(cmd, "%q is not a revision: write two numbers from 1", s)
		}
	}
	if n[0] < 1 {
		_, err := fmt.Fprintln(a.stdout, "This document has one revision: nothing has changed.")
		return err
	}
	var d [2]briefs.Document
	for i := range d {
		if d[i], err = lib.Document(cmd.Context(), id, n[i]); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.stdout, "%s\n%s\n\n", a.view.bold(title(&to)), a.view.dim(fmt.Sprintf("revision %d, added %s → revision %d, added %s",
		n[0], d[0].Added.UTC().Format("2 January 2006"), n[1], d[1].Added.UTC().Format("2 January 2006"))))
	return web.WriteDiff(a.stdout, &d[0], &d[1], func(s string) string { return collapse(clean(s)) })
}

func shownForm(d briefs.Document) shownJSON {
	analyzed := d
	analyzed.Blocks = append([]briefs.Block(nil), d.Blocks...)
	structure.Analyze(&analyzed) // the library does not hand passages back
	form := shownJSON{
		documentJSON: documentForm(briefs.Listed{Document: d, PassageCount: len(analyzed.Passages), Bytes: len(d.Text)}),
		Text:         d.Text,
		Blocks:       []blockJSON{},
	}
	for _, b := range d.Blocks {
		form.Blocks = append(form.Blocks, blockJSON{b.Role, b.Start, b.End})
	}
	return form
}

func (a *app) printDocument(d *briefs.Document) {
	w, v := a.stdout, a.view
	fmt.Fprint(w, v.bold(title(d)), "\n")
	for _, row := range [][2]string{
		{"by", joined(d.Author, d.Publisher, d.Published.Long(), d.Published.Age(a.now()))},
		{"from", d.URL},
		{"copy of", string(d.CopyOf)},
		{"source", d.Source},
		{"collection", d.Collection},
		{"id", fmt.Sprintf("%s, revision %d, added %s, %d bytes", d.ID, d.Revision, d.Added.UTC().Format("2 January 2006 15:04 UTC"), len(d.Text))},
	} {
		if row[1] != "" {
			fmt.Fprintf(w, "%s %s\n", v.dim(fmt.Sprintf("%-10s", row[0])), collapse(clean(row[1])))
		}
	}
	for i, c := range d.Also {
		label := ""
		if i == 0 {
			label = "also at"
		}
		fmt.Fprintf(w, "%s %s\n", v.dim(fmt.Sprintf("%-10s", label)), collapse(clean(joined(c.Publisher, c.URL, c.Published.Long(), string(c.ID)))))
	}
	fmt.Fprintf(w, "\n%s\n", clean(d.Text))
}
