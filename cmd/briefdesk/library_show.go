package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
	"briefdesk/store"
)

func (a *app) showCommand() *cobra.Command {
	var revision int
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show one document",
		Long:    "Show one document with its text. The offsets of quotes count the bytes of the\ntext that --json prints.",
		Example: "  briefdesk library show talks-2014\n  briefdesk library show --revision 1 --json talks-2014",
		Args:    exactArgs(1, "the id"),
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			if revision < 0 {
				return usage(cmd, "--revision %d is not a revision: write 1 or more", revision)
			}
			return nil
		},
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
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
	return cmd
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
