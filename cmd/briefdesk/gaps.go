package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
)

func (a *app) gapsCommand() *cobra.Command {
	var clearing string
	cmd := &cobra.Command{
		Use:     "gaps",
		Short:   "List the questions that the library could not answer",
		Long:    "List the questions that the library could not answer, the latest first.\nThey say which sources are missing.",
		Example: "  briefdesk gaps\n  briefdesk gaps --json\n  briefdesk gaps --clear \"who pays for the cables?\"",
		Args:    exactArgs(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			lib, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer lib.Close()
			if cmd.Flags().Changed("clear") {
				return lib.ClearGap(cmd.Context(), clearing, "")
			}
			gaps, err := lib.Gaps(cmd.Context())
			if err != nil {
				return err
			}
			form := gapsJSON{Gaps: []gapJSON{}}
			var rows [][]string
			for _, g := range gaps {
				form.Gaps = append(form.Gaps, gapJSON{g.Question, g.Reason, g.Room, g.First.UTC(), g.Last.UTC(), g.Count})
				rows = append(rows, []string{strconv.Itoa(g.Count), g.Last.UTC().Format("2006-01-02"), string(g.Reason), g.Room, g.Question})
			}
			if a.json {
				return writeJSON(a.stdout, form)
			}
			if len(rows) == 0 {
				_, err := fmt.Fprintln(a.stdout, "No gap is recorded.")
				return err
			}
			a.view.table(a.stdout, []column{
				{title: "asked", right: true},
				{title: "last"},
				{title: "reason"},
				{title: "room", flexible: true},
				{title: "question", flexible: true},
			}, rows)
			return nil
		},
	}
	cmd.Flags().StringVar(&clearing, "clear", "", "forget the gap of `QUESTION`, asked on the command line")
	return cmd
}
