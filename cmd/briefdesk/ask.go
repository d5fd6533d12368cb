package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// maxAnswerFile bounds what --after reads: an answer is a few kilobytes.
const maxAnswerFile = 16 << 20

type askFlags struct {
	collections   []string
	explain, more bool
	after         string
	from, to      string
}

func (a *app) askCommand() *cobra.Command {
	var f askFlags
	cmd := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Answer a question with sentences of the library, word for word",
		Long: `Answer a question with sentences of the library, word for word, each with its
source. Where the library does not answer, ask says so, shows the nearest
sentence, records the question as a gap and exits with code 3.`,
		Example: `  briefdesk ask "why did the talks fail?"
  briefdesk ask --collection cyber --from 2014 --to 2016 "who signed the agreement?"
  briefdesk ask --json "why did the talks fail?" > answer.json
  briefdesk ask --after answer.json "and what did the ministers say?"`,
		Args: minArgs(1, "the question"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.ask(cmd, f, strings.Join(args, " "))
		},
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.collections, "collection", nil, "ask only `COLLECTION` (may be repeated)")
	fl.BoolVar(&f.explain, "explain", false, "show why each sentence was chosen")
	fl.BoolVar(&f.more, "more", false, "show further sentences too")
	fl.StringVar(&f.after, "after", "", "follow up on an earlier answer: `ANSWER.json` as ask --json printed it")
	fl.StringVar(&f.from, "from", "", "only what was published on `DATE` (YYYY, YYYY-MM or YYYY-MM-DD) or later")
	fl.StringVar(&f.to, "to", "", "only what was published on `DATE` or earlier")
	return cmd
}

func (a *app) ask(cmd *cobra.Command, f askFlags, question string) error {
	ctx := cmd.Context()
	if strings.TrimSpace(question) == "" {
		return usage(cmd, "the question is empty: write one in quotation marks")
	}
	r := ask.Request{Question: question}
	var err error
	if r.From, r.To, err = window(cmd, f.from, f.to); err != nil {
		return err
	}
	if f.after != "" {
		if r.After, err = previous(f.after); err != nil {
			return err
		}
	}
	lib, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer lib.Close()
	if r.Scope, err = scope(ctx, lib, f.collections); err != nil {
		return err
	}
	asker, log := a.watched(lib)
	c := &clerk{log: a.log, lib: lib, asker: asker, now: a.now}
	ans, unrecorded, err := c.ask(ctx, surfaceCLI, "", r, len(f.collections) > 0 || r.From != "" || r.To != "")
	if err != nil {
		return err
	}
	log.answered(ctx, &ans)
	var followed []string
	for p := r.After; p != nil && len(followed) < maxFollowed; p = p.Before {
		followed = append(followed, p.Question)
	}
	return a.printAnswer(&ans, followed, a.addresses(ctx, a.links(lib)), f.more, f.explain, gapNote(ans.Question, unrecorded))
}

// maxFollowed is how many earlier questions the JSON of an answer names.
const maxFollowed = 6

// printAnswer prints ans, which followed up on those questions, the latest first; it returns silent(exitNotFound) for a silence.
func (a *app) printAnswer(ans *briefs.Answer, followed []string, at address, more, explain bool, gap string) error {
	if a.json {
		form := answerForm(ans, at, more, explain)
		form.After = followed
		if err := writeJSON(a.stdout, form); err != nil {
			return err
		}
	} else {
		p := printer{
			view: a.view, w: a.stdout, address: at, now: a.now(),
			more: more, explain: explain, gap: gap,
		}
		p.answer(ans)
	}
	if !ans.Answered() {
		return silent(exitNotFound)
	}
	return nil
}

func window(cmd *cobra.Command, from, to string) (f, t briefs.Date, err error) {
	if f, err = briefs.ParseDate(from); err != nil {
		return "", "", usage(cmd, "--from: %q is not a date: write YYYY, YYYY-MM or YYYY-MM-DD", from)
	}
	if t, err = briefs.ParseDate(to); err != nil {
		return "", "", usage(cmd, "--to: %q is not a date: write YYYY, YYYY-MM or YYYY-MM-DD", to)
	}
	first, _, ok := f.Bounds()
	_, last, both := t.Bounds()
	if ok && both && last.Before(first) {
		return "", "", usage(cmd, "--to %s is before --from %s: exchange them", to, from)
	}
	return f, t, nil
}

// previous reads an answer as ask --json printed it.
func previous(path string) (*ask.Previous, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--after %s: %w: name a file written by: briefdesk ask --json", path, reason(err))
	}
	defer file.Close()
	var form answerJSON
	err = json.NewDecoder(io.LimitReader(file, maxAnswerFile)).Decode(&form)
	if err != nil || form.Question == "" {
		return nil, briefs.Fault(briefs.ErrInvalid, "--after %s: is not an answer: name a file written by: briefdesk ask --json", path)
	}
	p := &ask.Previous{Question: form.Question}
	for _, q := range form.Quotes {
		p.Quotes = append(p.Quotes, briefs.Ref{Document: q.Document, Revision: q.Revision, Span: briefs.Span{Start: q.Start, End: q.End}})
		if !slices.Contains(p.Documents, q.Document) {
			p.Documents = append(p.Documents, q.Document)
		}
	}
	last := p
	for _, question := range form.After {
		last.Before = &ask.Previous{Question: question}
		last = last.Before
	}
	return p, nil
}

// reason strips operation and path from a file error, which the message
// names itself.
func reason(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}
