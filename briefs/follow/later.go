package follow

import (
	"errors"
	"hash/fnv"
	"strconv"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
)

// How long is waited for what.
const (
	sourceRetry   = 5 * time.Minute // after the first failure of a source; doubles with each
	sourceSlow    = 24 * time.Hour  // at most
	goneRetry     = 7 * 24 * time.Hour
	itemRetry     = 15 * time.Minute // after the first failure of an item; doubles with each
	missingRetry  = 6 * time.Hour    // likewise, for what is not found
	refusedRetry  = 7 * 24 * time.Hour
	itemSlow      = 30 * 24 * time.Hour // at most
	recheckFirst  = 12 * time.Hour      // until a page that was read is looked at again; then its age doubles
	recheckMapped = 7 * 24 * time.Hour  // likewise for pages of sitemaps, which can be very many
	goOn          = time.Minute         // until the rest is read of what was too much for one go
)

// What is missing for this long, at so many attempts, is gone: not at once,
// because sites lose pages for an hour when they are mended.
const (
	missingLong     = 48 * time.Hour
	missingAttempts = 3
)

// ownAfter is how often a page may fail before the source's own text of it is
// taken instead.
const ownAfter = 3

// giveUp is how often a page that was never found is asked for.
const giveUp = 8

// DefaultEvery is how often a source of a kind is read that names no interval.
func DefaultEvery(k briefs.SourceKind) time.Duration {
	switch k {
	case briefs.SourceFeed:
		return time.Hour
	case briefs.SourcePath:
		return 15 * time.Minute
	}
	return 24 * time.Hour
}

// doubled is first, doubled for each failure after the first, at most most.
func doubled(first, most time.Duration, failures int) time.Duration {
	for ; failures > 1 && first < most; failures-- {
		first *= 2
	}
	return min(first, most)
}

// jitter moves d by up to a tenth, so that what was read together is not
// always read together. It depends on its arguments alone.
func jitter(d time.Duration, name string, at time.Time) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	_, _ = h.Write(strconv.AppendInt(nil, at.Unix(), 36))
	part := float64(h.Sum64()>>11) / (1 << 53) // [0,1)
	return d + time.Duration((part*2-1)*float64(d)/10)
}

// retryAfter is how long the server behind err asks to be left alone.
func retryAfter(err error) time.Duration {
	d := fetch.RetryAfter(err)
	if r, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err); ok {
		d = max(d, r.RetryAfter())
	}
	return d
}
