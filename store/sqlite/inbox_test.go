package sqlite_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// question is a thing that comes to the bot, in a lane of its own.
func question(key string) briefs.Incoming {
	return briefs.Incoming{
		Key: key, Aliases: []string{key + "/message"}, Lane: key, At: storetest.Morning,
		Body: []byte(`{"kind":"text","room":"slack:C1","message":"` + key + `","author":"slack:U1","text":"Why do the gulls shout at night?"}`),
	}
}

// reply is an answer of usual size to a question.
func reply(in briefs.Incoming) ([]briefs.Outgoing, *briefs.Shown) {
	text := strings.Repeat("“A sentence stands here.” [1]\n", 40)
	shown := &briefs.Shown{ID: briefs.AnswerID("a-" + in.Key), Room: "slack:C1", Thread: in.Key, Asker: "slack:U1", Question: "Why do the gulls shout at night?", At: in.At}
	for i := range 12 {
		q := briefs.ShownQuote{N: i + 1, Source: 1, Ref: briefs.Ref{
			Document: briefs.DocumentID(fmt.Sprint("d", i)), Revision: 1, Span: briefs.Span{Start: 24 * i, End: 24*i + 23},
		}, Why: []briefs.Feature{{Name: "coverage", Value: 0.75}, {Name: "cue", Value: 0.5}, {Name: "order", Value: 0.125}}}
		if i < 5 {
			shown.Quotes = append(shown.Quotes, q)
		} else {
			shown.More = append(shown.More, q)
		}
	}
	return []briefs.Outgoing{{
		Place: briefs.Place{Room: "slack:C1", Thread: in.Key},
		Part:  briefs.Part{Text: text, Body: []byte(`{"blocks":[{"kind":"text","text":` + fmt.Sprintf("%q", text) + `}]}`)},
	}}, shown
}

// answerOne takes one question from its coming to its end.
func answerOne(ctx context.Context, lib *sqlite.Library, in briefs.Incoming) error {
	if _, err := lib.Receive(ctx, []briefs.Incoming{in}); err != nil {
		return err
	}
	t, ok, err := lib.Take(ctx, "slack", "one", storetest.Morning, time.Minute)
	if err != nil || !ok {
		return fmt.Errorf("take: %v, %w", ok, err)
	}
	replies, shown := reply(t.Incoming)
	if t, err = lib.Compose(ctx, t, replies, shown); err != nil {
		return err
	}
	if err := lib.BeginReply(ctx, t, 1); err != nil {
		return err
	}
	return lib.SentReply(ctx, t, 1, "r-"+t.Key, storetest.Morning)
}

// BenchmarkInbox is a question from its coming to its answer, eight at a time,
// every commit on the disk; with what is recorded of each question, too.
func BenchmarkInbox(b *testing.B) {
	for _, recorded := range []bool{false, true} {
		b.Run(fmt.Sprintf("recorded=%v", recorded), func(b *testing.B) {
			ctx := context.Background()
			lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(b.TempDir(), "library.db"), sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer lib.Close()
			var batch []briefs.Document
			for i := range 20 {
				batch = append(batch, storetest.Document(fmt.Sprint("d", i), strings.Repeat("A sentence stands here. ", 100)))
			}
			if _, err := lib.PutDocuments(ctx, batch); err != nil {
				b.Fatal(err)
			}
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range 8 {
				wg.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						key := fmt.Sprint("slack:", i)
						if err := answerOne(ctx, lib, question(key)); err != nil {
							b.Error(err)
							return
						}
						if !recorded {
							continue
						}
						if err := lib.RecordAsked(ctx, briefs.Asked{Question: key, Room: "slack:C1", Last: storetest.Morning}); err != nil {
							b.Error(err)
						}
						if err := lib.RecordGap(ctx, briefs.Gap{Question: key, Room: "slack:C1", Last: storetest.Morning}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "questions/s")
		})
	}
}

// BenchmarkBacklog is the taking and ending of one thing, while many wait and
// many have ended.
func BenchmarkBacklog(b *testing.B) {
	for _, backlog := range []int{100, 50_000} {
		b.Run(fmt.Sprint(backlog), func(b *testing.B) {
			ctx := context.Background()
			lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(b.TempDir(), "library.db"), sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer lib.Close()
			next := 0
			receive := func(n int) {
				all := make([]briefs.Incoming, n)
				for i := range all {
					all[i] = question(fmt.Sprint("slack:", next))
					all[i].Lane = fmt.Sprint("lane", next%100)
					next++
				}
				if _, err := lib.Receive(ctx, all); err != nil {
					b.Fatal(err)
				}
			}
			work := func() {
				t, ok, err := lib.Take(ctx, "slack", "one", storetest.Morning, time.Minute)
				if err != nil || !ok {
					b.Fatal(ok, err)
				}
				if err := lib.End(ctx, t, briefs.Answered, "", storetest.Morning); err != nil {
					b.Fatal(err)
				}
			}
			for next < 2*backlog {
				receive(min(backlog, 1000))
			}
			for range backlog / 10 {
				work()
			}
			for b.Loop() {
				receive(1)
				work()
			}
		})
	}
}
