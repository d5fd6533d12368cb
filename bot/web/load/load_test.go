package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A short run over the sample library: every request is answered, and the
// process ends when it is told to. The figures of docs/benchmarks.md are of
// the long run.
func TestShortLoad(t *testing.T) {
	each := time.Second // fewer requests than there are turns, so that a slow machine turns none away
	if testing.Short() {
		each = 300 * time.Millisecond
	}
	var out strings.Builder
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if err := run(ctx, settings{pages: 40, questions: 5, each: each, seed: 1}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Logf("\n%s", out.String())
	rows := regexp.MustCompile(`(?m)^\| (.*) for .* \| (\d+) \| (\d+) \|`).FindAllStringSubmatch(out.String(), -1)
	if len(rows) != 3 {
		t.Fatalf("%d rows, want pages, questions and both", len(rows))
	}
	for _, row := range rows {
		if row[2] == "0" || row[3] != "0" {
			t.Errorf("%s: %s requests, %s failed", row[1], row[2], row[3])
		}
	}
}

// The same seed asks the same at the same moments, at the rate that it is told.
func TestPlan(t *testing.T) {
	paths := []string{"/a", "/b", "/c"}
	one, same, other := plan(paths, 200, 10*time.Second, 1), plan(paths, 200, 10*time.Second, 1), plan(paths, 200, 10*time.Second, 2)
	if len(one) < 1800 || len(one) > 2200 {
		t.Errorf("%d requests in 10 s at 200 a second", len(one))
	}
	if one[len(one)-1] != same[len(same)-1] || one[0] == other[0] {
		t.Error("the seed does not decide what is asked when")
	}
	seen := map[string]int{}
	for i, r := range one {
		seen[r.path]++
		if i > 0 && r.at < one[i-1].at || r.at >= 10*time.Second {
			t.Fatalf("request %d is due at %v", i, r.at)
		}
	}
	if len(seen) != len(paths) {
		t.Errorf("asked %v", seen)
	}
	if none := plan(nil, 200, time.Second, 1); none != nil {
		t.Errorf("without paths: %v", none)
	}
}

// Shares of times are those of the sorted list.
func TestShares(t *testing.T) {
	var m measured
	for i := range 100 {
		m.took = append(m.took, time.Duration(i))
	}
	if m.at(0.5) != 50 || m.at(0.99) != 99 || m.at(1) != 99 || (&measured{}).at(0.5) != 0 {
		t.Errorf("p50 %d, p99 %d, slowest %d", m.at(0.5), m.at(0.99), m.at(1))
	}
}
