package main

import (
	"context"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// request is one address that is due at a moment of a phase.
type request struct {
	at   time.Duration
	path string
}

// plan draws from paths at rate a second for a while; the gaps between
// requests are exponential, as when many people ask on their own.
func plan(paths []string, rate float64, last time.Duration, seed int64) []request {
	if rate <= 0 || len(paths) == 0 {
		return nil
	}
	random := rand.New(rand.NewSource(seed))
	var all []request
	for at := 0.0; ; {
		at += random.ExpFloat64() / rate
		due := time.Duration(at * float64(time.Second))
		if due >= last {
			return all
		}
		all = append(all, request{due, paths[random.Intn(len(paths))]})
	}
}

// measured is what came of the requests of one phase.
type measured struct {
	took   []time.Duration // from when each was due to its last byte; sorted
	failed []string
}

// at is the time within which a share of the requests, 0 to 1, was answered.
func (m *measured) at(share float64) time.Duration {
	if len(m.took) == 0 {
		return 0
	}
	return m.took[min(int(share*float64(len(m.took))), len(m.took)-1)]
}

// press makes the requests when they are due, and waits for all of them.
func (s *server) press(ctx context.Context, requests []request) measured {
	slices.SortStableFunc(requests, func(a, b request) int { return int(a.at - b.at) })
	var m measured
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := time.Now()
	for _, r := range requests {
		time.Sleep(time.Until(begin.Add(r.at)))
		all.Go(func() {
			err := s.get(ctx, r.path, nil)
			took := time.Since(begin.Add(r.at))
			mu.Lock()
			defer mu.Unlock()
			m.took = append(m.took, took)
			if err != nil {
				m.failed = append(m.failed, err.Error())
			}
		})
	}
	all.Wait()
	slices.Sort(m.took)
	return m
}

// answerTimeout is far above what any request may take.
const answerTimeout = 60 * time.Second

// get reads the page at path to its end, into body unless that is nil.
func (s *server) get(ctx context.Context, path string, body *strings.Builder) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+path, nil)
	if err != nil {
		return err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	into := io.Discard
	if body != nil {
		into = body
	}
	n, err := io.Copy(into, answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || n == 0 {
		return fmt.Errorf("%.200s: status %d, %d bytes", path, answer.StatusCode, n)
	}
	return nil
}
