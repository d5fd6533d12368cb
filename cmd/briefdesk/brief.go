package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/bot"
	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

// The forms of a brief.
const (
	formatText = "text"
	formatMD   = "md"
	formatJSON = "json"
	formatRIS  = "ris"
)

type briefFlags struct {
	collections     []string
	since, from, to string
	words           int
	format          string
}

func (a *app) briefCommand() *cobra.Command {
	var f briefFlags
	cmd := &cobra.Command{
		Use:   "brief TOPIC",
		Short: "Gather what the library says about a topic, word for word",
		Long: `Gather what the library says about a topic: key points, what is new, a timeline,
who says what, where sources disagree, numbers, and the questions that the
library could not answer. Every sentence stands in a document, word for word,
and has its source. TOPIC is words, collection:NAME for a whole collection, or
query:NAME for one that the configuration saved under queries.
Where the library has nothing on the topic, brief says so and exits with code 3.`,
		Example: `  briefdesk brief "export controls"
  briefdesk brief --since 7d collection:cyber
  briefdesk brief --from 2014 --to 2016 --words 200 "trade in surveillance tools"
  briefdesk brief --format md "export controls" > brief.md`,
		Args: minArgs(1, "the topic"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.brief(cmd, f, strings.Join(args, " "))
		},
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.collections, "collection", nil, "only from `COLLECTION` (may be repeated)")
	fl.StringVar(&f.since, "since", "", "tell what is new since `WHEN`: 12h, 7d, 4w or a date")
	fl.StringVar(&f.from, "from", "", "only what was published on `DATE` (YYYY, YYYY-MM or YYYY-MM-DD) or later")
	fl.StringVar(&f.to, "to", "", "only what was published on `DATE` or earlier")
	fl.IntVar(&f.words, "words", summary.DefaultWords, "quote at most `N` words")
	fl.StringVar(&f.format, "format", formatText, "print as `FORMAT`: text, md, json or ris")
	return cmd
}

func (a *app) brief(cmd *cobra.Command, f briefFlags, topic string) error {
	ctx := cmd.Context()
	if strings.TrimSpace(topic) == "" {
		return usage(cmd, "the topic is empty: write one in quotation marks")
	}
	if a.json && !cmd.Flags().Changed("format") {
		f.format = formatJSON
	}
	if !slices.Contains([]string{formatText, formatMD, formatJSON, formatRIS}, f.format) {
		return usage(cmd, "--format: %q is unknown: write text, md, json or ris", f.format)
	}
	if a.json && f.format != formatJSON {
		return usage(cmd, "--json and --format %s: choose one", f.format)
	}
	if f.words < 1 {
		return usage(cmd, "--words: %d is too few: write a number above 0", f.words)
	}
	r := summary.Request{Topic: strings.TrimSpace(topic), Words: f.words}
	var err error
	if r.From, r.To, err = window(cmd, f.from, f.to); err != nil {
		return err
	}
	var ok bool
	if r.Since, ok = bot.Since(f.since, a.now()); !ok {
		return usage(cmd, "--since: %q is no time: write 12h, 7d, 4w or a date such as 2026-01-31", f.since)
	}
	if err := a.knownQueries(r.Topic); err != nil {
		return err
	}
	lib, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer lib.Close()
	if r.Scope, err = scope(ctx, lib, f.collections); err != nil {
		return err
	}
	if r.Gaps, err = lib.Gaps(ctx, ""); err != nil { // those of the command line
		return err
	}
	b, err := a.summarizer(lib).Brief(ctx, r)
	if err != nil {
		return err
	}
	if err := a.printBrief(&b, a.addresses(ctx, a.links(lib)), f.format); err != nil {
		return err
	}
	if len(b.Sources) == 0 {
		return silent(exitNotFound)
	}
	return nil
}

// briefFor makes the briefs of the pages.
func (a *app) briefFor(lib store.Backend) func(ctx context.Context, t web.Topic) (briefs.Brief, error) {
	s := a.summarizer(lib)
	return func(ctx context.Context, t web.Topic) (briefs.Brief, error) {
		return s.Brief(ctx, summary.Request{Topic: t.Words, Scope: t.Scope, From: t.From, To: t.To})
	}
}
