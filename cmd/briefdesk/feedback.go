package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/store"
)

type feedbackJSON struct {
	Feedback []verdictJSON `json:"feedback"`
}

type verdictJSON struct {
	Question string          `json:"question"`
	Verdict  briefs.Verdict  `json:"verdict"`
	Note     string          `json:"note"`
	Room     briefs.RoomID   `json:"room"`
	Who      string          `json:"who"`
	Answer   briefs.AnswerID `json:"answer"`
	At       time.Time       `json:"at"`
}

func (a *app) feedbackCommand() *cobra.Command {
	var rooms []string
	limit := 100
	cmd := &cobra.Command{
		Use:   "feedback",
		Short: "List what people in the rooms said of answers",
		Long: `List what people in the rooms said of answers, the latest first: good, wrong,
incomplete or outdated, with their note. Of one person the latest word on an
answer counts.`,
		Example: "  briefdesk feedback\n  briefdesk feedback --room slack:C0123 --json",
		Args:    exactArgs(0, ""),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, _ []string) error {
			if limit < 1 {
				return usage(cmd, "--limit: %d is too few: write a number above 0", limit)
			}
			all, err := lib.Feedback(cmd.Context(), limit, rooms...)
			if err != nil {
				return err
			}
			form := feedbackJSON{Feedback: []verdictJSON{}}
			var rows [][]string
			for _, f := range all {
				form.Feedback = append(form.Feedback, verdictJSON{f.Question, f.Verdict, f.Note, f.Room, f.Who, f.Answer, f.At.UTC()})
				rows = append(rows, []string{f.At.UTC().Format(time.DateOnly), string(f.Verdict), f.Who, string(f.Room), f.Question, f.Note})
			}
			if a.json {
				return writeJSON(a.stdout, form)
			}
			if len(rows) == 0 {
				_, err := fmt.Fprintln(a.stdout, "Nobody has said anything of an answer.")
				return err
			}
			a.view.table(a.stdout, []column{
				{title: "on"},
				{title: "verdict"},
				{title: "who", flexible: true},
				{title: "room", flexible: true},
				{title: "question", flexible: true},
				{title: "note", flexible: true},
			}, rows)
			return nil
		}),
	}
	cmd.Flags().StringSliceVar(&rooms, "room", nil, "only of `ROOM` (may be repeated)")
	cmd.Flags().IntVar(&limit, "limit", limit, "at most `N`")
	return cmd
}
