package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// figures are what is measured of one engine at one size.
type figures struct {
	Engine   string
	Passages int

	// Adding.
	Add     cost    // all of it, from files to durable
	Settled cost    // the same with what went on in the background afterwards
	Pause   float64 // seconds, the longest in which nothing was added; 0 where it is not known
	AddPeak int64   // bytes, the largest resident set
	Disk    int64   // bytes
	Packed  int64   // bytes of it that are derived, for search alone

	// Serving, with what the operating system keeps of the files warm.
	Open     float64    // seconds until the first answer of a new process
	First    []cost     // of searching for each question once
	Warm     []cost     // of searching for all of them again, for each the median of several times
	Rounds   int        // how many times
	Best     [][]string // what was found
	Filters  []filtered // in one collection
	Parallel []float64  // how many times as many searches a second two goroutines did as one, sorted
	Beside   []float64  // how many times as much CPU time a search took beside another as alone, sorted
	AskFirst []cost     // of each whole answer, once
	Ask      []cost     // again, as Warm
	Answered int        // questions with an answer
	Resident int64      // bytes at rest after all this
	Peak     int64      // bytes, the largest resident set

	// Cold: before each question the files are dropped from memory and opened.
	Cold     []float64 // seconds, wall
	ColdRead int64     // bytes read from the disk for a question, on average

	Served served // by briefdesk serve

	Exact []exactness
}

// filtered are searches in one collection, and those without a filter that
// were asked in turn with them.
type filtered struct {
	Collection    string
	With, Without []cost
}

// phase measures one phase of one engine in this process and prints it.
func phase(ctx context.Context, s settings, w io.Writer) error {
	at := indexDir(s, s.engine)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err
	}
	questions, err := readQuestions(s.root, s.questions)
	if err != nil {
		return err
	}
	f := make(map[string]any)
	switch s.phase {
	case "add":
		err = s.profiled(func() error { return add(ctx, s, at, f) })
	case "serve":
		err = s.profiled(func() error { return serve(ctx, s, at, questions, f) })
	case "cold":
		err = cold(ctx, s, at, questions, f)
	case "start":
		err = start(ctx, s, at, questions, f)
	case "exact":
		err = exact(ctx, s, at, f)
	default:
		err = fmt.Errorf("phase %q: there are add, serve, cold, start and exact", s.phase)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(f)
}

// profiled runs do under the CPU profiler when there is a folder for it.
func (s settings) profiled(do func() error) error {
	if s.profile == "" {
		return do()
	}
	f, err := os.Create(filepath.Join(s.profile, s.engine+"-"+s.phase+".pprof"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}

func add(ctx context.Context, s settings, at string, f map[string]any) error {
	e, err := openEngine(ctx, s.engine, s.dir, at)
	if err != nil {
		return err
	}
	var all cost
	begun := time.Now()
	spent := timed2(e, &all, func() error { return e.Add(ctx, s.dir, s.passages) })
	if err := errors.Join(spent, settle(ctx, e)); err != nil {
		e.Close()
		return err
	}
	f["Add"] = all
	f["Settled"] = cost{e.CPU(), time.Since(begun).Seconds()}
	_, peak := memory(e.Process())
	if b, ok := e.(*briefdesk); ok {
		f["Pause"] = b.pause.Seconds()
	}
	if x, ok := e.(*xapian); ok {
		peak = x.peak
	}
	f["AddPeak"] = peak
	if err := e.Close(); err != nil {
		return err
	}
	if f["Disk"], err = size(at); err != nil {
		return err
	}
	if s.engine == "briefdesk" {
		f["Packed"], err = packedBytes(ctx, at)
	}
	return err
}

// timed2 is timed with the cost as a parameter.
func timed2(e engine, c *cost, do func() error) (err error) {
	*c, err = timed(e, do)
	return err
}

func serve(ctx context.Context, s settings, at string, questions []question, f map[string]any) error {
	begun := time.Now()
	e, err := openEngine(ctx, s.engine, s.dir, at)
	if err != nil {
		return err
	}
	defer e.Close()
	if _, err := e.Search(ctx, questions[0]); err != nil {
		return err
	}
	f["Open"] = time.Since(begun).Seconds()
	best := make([][]string, len(questions))
	search := func(i int) (err error) { best[i], err = e.Search(ctx, questions[i]); return err }
	if f["First"], err = each(e, len(questions), search); err != nil {
		return err
	}
	rounds := 0
	if f["Warm"], rounds, err = again(e, len(questions), s.budget, search); err != nil {
		return err
	}
	f["Rounds"], f["Best"] = rounds, best
	if b, ok := e.(*briefdesk); ok {
		if err := serveMore(ctx, s, b, questions, f); err != nil {
			return err
		}
	}
	if err := settle(ctx, e); err != nil {
		return err
	}
	f["Resident"], f["Peak"] = memory(e.Process())
	return nil
}

// serveMore measures what is asked of briefdesk alone.
func serveMore(ctx context.Context, s settings, b *briefdesk, questions []question, f map[string]any) (err error) {
	var filters []filtered
	for _, c := range []string{one, half} {
		in := b.in(c)
		// Who asks second finds in the processor's caches what the first one
		// read: they take turns in that.
		within := func(i int) bool { return (i+i/2)%2 == 0 }
		search := func(i int) error {
			e := b
			if within(i) {
				e = in
			}
			_, err := e.Search(ctx, questions[i/2])
			return err
		}
		if _, err := each(b, 2*len(questions), search); err != nil {
			return err
		}
		both, _, err := again(b, 2*len(questions), s.budget, search)
		if err != nil {
			return err
		}
		fl := filtered{Collection: c}
		for i, cost := range both {
			if within(i) {
				fl.With = append(fl.With, cost)
			} else {
				fl.Without = append(fl.Without, cost)
			}
		}
		filters = append(filters, fl)
	}
	f["Filters"] = filters
	two, beside, err := parallel(ctx, b, questions, s.budget)
	if err != nil {
		return err
	}
	f["Parallel"], f["Beside"] = two, beside
	answered := make([]bool, len(questions))
	ask := func(i int) (err error) { answered[i], err = b.Ask(ctx, questions[i]); return err }
	if f["AskFirst"], err = each(b, len(questions), ask); err != nil {
		return err
	}
	if f["Ask"], _, err = again(b, len(questions), s.budget, ask); err != nil {
		return err
	}
	n := 0
	for _, yes := range answered {
		if yes {
			n++
		}
	}
	f["Answered"] = n
	return nil
}

// each times do once for each of n questions.
func each(e engine, n int, do func(i int) error) ([]cost, error) {
	costs := make([]cost, n)
	for i := range costs {
		if err := timed2(e, &costs[i], func() error { return do(i) }); err != nil {
			return nil, fmt.Errorf("question %d: %w", i, err)
		}
	}
	return costs, nil
}

// maxRounds is how often a thing is measured at most; odd, so that a median is
// one of them.
const maxRounds = 7

// again does several times what was done before, as far as the budget goes, and
// returns the median for each question.
func again(e engine, n int, budget time.Duration, do func(i int) error) (costs []cost, rounds int, err error) {
	begun := time.Now()
	var all [][]cost
	for len(all) == 0 || len(all) < maxRounds && time.Since(begun) < budget {
		round, err := each(e, n, do)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, round)
	}
	for i := range n {
		var one []cost
		for _, round := range all {
			one = append(one, round[i])
		}
		costs = append(costs, cost{percentile(one, 50, onCPU), percentile(one, 50, onWall)})
	}
	return costs, len(all), nil
}

// parallel compares two goroutines with one, in turn several times: searches a
// second, and the CPU time of each.
func parallel(ctx context.Context, b *briefdesk, questions []question, budget time.Duration) (rates, costs []float64, err error) {
	measure := func(goroutines, rounds int) (cost, error) { // of one search
		var next atomic.Int64
		total := int64(rounds * len(questions))
		g, ctx := errgroup.WithContext(ctx)
		c, err := timed(b, func() error {
			for range goroutines {
				g.Go(func() error {
					for i := next.Add(1) - 1; i < total; i = next.Add(1) - 1 {
						if _, err := b.Search(ctx, questions[int(i)%len(questions)]); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return g.Wait()
		})
		return cost{c.CPU / float64(total), c.Wall / float64(total)}, err
	}
	once, err := measure(1, 1)
	if err != nil {
		return nil, nil, err
	}
	const spell = 0.5 // seconds of a measurement at least
	rounds := max(1, int(spell/once.Wall/float64(len(questions))))
	begun := time.Now()
	for len(rates) == 0 || len(rates) < 3*maxRounds && time.Since(begun) < budget {
		alone, err := measure(1, rounds)
		if err != nil {
			return nil, nil, err
		}
		two, err := measure(2, rounds)
		if err != nil {
			return nil, nil, err
		}
		rates, costs = append(rates, alone.Wall/two.Wall), append(costs, two.CPU/alone.CPU)
	}
	slices.Sort(rates)
	slices.Sort(costs)
	return rates, costs, nil
}

// maxCold is how many questions are asked cold.
const maxCold = 100

func cold(ctx context.Context, s settings, at string, questions []question, f map[string]any) error {
	var walls []float64
	var read int64
	begun := time.Now()
	for i := 0; i < min(maxCold, len(questions)) && (i == 0 || time.Since(begun) < s.budget); i++ {
		q := questions[i*len(questions)/min(maxCold, len(questions))] // of all sets
		if err := drop(at); err != nil {
			return err
		}
		e, err := openEngine(ctx, s.engine, s.dir, at)
		if err != nil {
			return err
		}
		before := readBytes(e.Process())
		c, err := timed(e, func() error { _, err := e.Search(ctx, q); return err })
		read += readBytes(e.Process()) - before
		if err := errors.Join(err, e.Close()); err != nil {
			return err
		}
		walls = append(walls, c.Wall)
	}
	f["Cold"], f["ColdRead"] = walls, read/int64(len(walls))
	return nil
}
