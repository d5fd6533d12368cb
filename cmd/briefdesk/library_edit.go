package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/store"
)

func (a *app) editCommand() *cobra.Command {
	var title, author, publisher, published, collection string
	cmd := &cobra.Command{
		Use:   "edit ID",
		Short: "Correct title, author, publisher, date or collection",
		Long:  "Correct the metadata of a document. A correction stays when the document is\nadded again.",
		Example: `  briefdesk library edit talks-2014 --author "A. Writer" --published 2014-04-10
  briefdesk library edit talks-2014 --author ""`,
		Args: exactArgs(1, "the id"),
	}
	f := cmd.Flags()
	f.StringVar(&title, "title", "", "set the `TITLE`")
	f.StringVar(&author, "author", "", "set the `AUTHOR`")
	f.StringVar(&publisher, "publisher", "", "set the `PUBLISHER`")
	f.StringVar(&published, "published", "", "set the `DATE` of publication: YYYY, YYYY-MM or YYYY-MM-DD")
	f.StringVar(&collection, "collection", "", "move to `COLLECTION`")
	var e briefs.Edit
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		date, err := briefs.ParseDate(published)
		if err != nil {
			return usage(cmd, "--published: %q is not a date: write YYYY, YYYY-MM or YYYY-MM-DD", published)
		}
		changed := 0
		for flag, set := range map[string]func(){
			"title":      func() { e.Title = &title },
			"author":     func() { e.Author = &author },
			"publisher":  func() { e.Publisher = &publisher },
			"published":  func() { e.Published = &date },
			"collection": func() { e.Collection = &collection },
		} {
			if f.Changed(flag) {
				changed++
				set()
			}
		}
		if changed == 0 {
			return usage(cmd, "nothing to correct: give --title, --author, --publisher, --published or --collection")
		}
		return nil
	}
	cmd.RunE = a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
		return lib.EditDocument(cmd.Context(), briefs.DocumentID(args[0]), e)
	})
	return cmd
}

func (a *app) removeCommand() *cobra.Command {
	var purge bool
	cmd := &cobra.Command{
		Use:   "remove ID…",
		Short: "Remove documents",
		Long: `Remove documents: they are found no more, but links to them still open. With
--purge every revision goes, and such links with it.`,
		Example: "  briefdesk library remove talks-2014\n  briefdesk library remove --purge talks-2014",
		Args:    minArgs(1, "the id"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			for _, id := range args {
				if err := lib.RemoveDocument(cmd.Context(), briefs.DocumentID(id), purge); err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "%s is removed.\n", collapse(clean(id)))
			}
			return nil
		}),
	}
	cmd.Flags().BoolVar(&purge, "purge", false, "drop every revision")
	return cmd
}
