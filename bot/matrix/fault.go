package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"maunium.net/go/mautrix"

	"briefdesk/briefs"
)

// errForgotten is the error of openCipher when the homeserver and the file of
// keys disagree about the device: it was signed out elsewhere.
var errForgotten = errors.New("the homeserver no longer knows the keys of this device")

// errLost is the error of a request whose outcome nobody can tell.
var errLost = errors.New("whether it was done cannot be told")

// fault is err as an error of the kinds of bot.Chat: ErrUnavailable where the
// request certainly did nothing and may work later, ErrNotFound where the room
// is gone or closed, ErrInvalid where it will never work, else errLost. what
// was meant stands in its words. Nothing that people wrote stands in it.
func fault(err error, what string) error {
	if err == nil {
		return nil
	}
	for _, kind := range []error{briefs.ErrUnavailable, briefs.ErrNotFound, briefs.ErrInvalid} {
		if errors.Is(err, kind) {
			return err
		}
	}
	var failed mautrix.HTTPError
	if !errors.As(err, &failed) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return lost(what, err)
		}
		return briefs.Fault(briefs.ErrUnavailable, "matrix: %s: %v", what, err)
	}
	if failed.Response == nil || failed.RespError == nil && failed.Response.StatusCode >= 500 || failed.Response.StatusCode < 300 {
		if untried(err) {
			return briefs.Fault(briefs.ErrUnavailable, "matrix: %s: the homeserver cannot be reached: %v", what, cause(err))
		}
		return lost(what, err)
	}
	said := ""
	if failed.RespError != nil {
		said = failed.RespError.ErrCode
	} else {
		said = strconv.Itoa(failed.Response.StatusCode)
	}
	switch {
	case errors.Is(err, mautrix.MUnknownToken), errors.Is(err, mautrix.MLimitExceeded), failed.Response.StatusCode == http.StatusTooManyRequests:
		return briefs.Fault(briefs.ErrUnavailable, "matrix: %s: %s", what, said)
	case errors.Is(err, mautrix.MForbidden), errors.Is(err, mautrix.MNotFound), failed.Response.StatusCode == http.StatusForbidden, failed.Response.StatusCode == http.StatusNotFound:
		return briefs.Fault(briefs.ErrNotFound, "matrix: %s: %s: the room is gone, or closed to the bot", what, said)
	case failed.Response.StatusCode >= 500:
		return lost(what, err)
	}
	return briefs.Fault(briefs.ErrInvalid, "matrix: %s: %s", what, said)
}

// lost is an errLost, in one line.
func lost(what string, err error) error {
	return fmt.Errorf("matrix: %s: %s (%w)", what, cause(err), errLost)
}

// readFault is fault for a request that changes nothing: it can be tried again.
func readFault(err error, what string) error {
	told := fault(err, what)
	if errors.Is(told, errLost) {
		return briefs.Fault(briefs.ErrUnavailable, "matrix: %s: %s", what, cause(err))
	}
	return told
}

// cause is what went wrong, without the address, which may hold a token.
func cause(err error) string {
	var failed mautrix.HTTPError
	if errors.As(err, &failed) {
		if failed.RespError != nil {
			return failed.RespError.ErrCode
		}
		if failed.Response != nil {
			return "HTTP " + strconv.Itoa(failed.Response.StatusCode)
		}
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "it took too long"
	}
	if failed.WrappedError != nil {
		err = failed.WrappedError
	}
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}

// untried reports that no request can have reached the homeserver.
func untried(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial" || errors.Is(err, syscall.ECONNREFUSED)
}

// retryAfter is how long the homeserver wants to be left alone; zero where err
// says no such thing. Dendrite tells it in the body only.
func retryAfter(err error) time.Duration {
	var failed mautrix.HTTPError
	if !errors.As(err, &failed) || failed.Response == nil || failed.Response.StatusCode != http.StatusTooManyRequests {
		return 0
	}
	if failed.RespError != nil {
		switch ms := failed.RespError.ExtraData["retry_after_ms"].(type) {
		case float64:
			return time.Duration(ms) * time.Millisecond
		case json.Number:
			n, _ := ms.Float64()
			return time.Duration(n) * time.Millisecond
		}
	}
	if s, err := strconv.Atoi(failed.Response.Header.Get("Retry-After")); err == nil {
		return time.Duration(s) * time.Second
	}
	return time.Second
}

// softLogout reports that the token has died but the device lives on: it can
// be signed in again.
func softLogout(err error) bool {
	var failed mautrix.HTTPError
	if !errors.As(err, &failed) || failed.RespError == nil {
		return false
	}
	soft, _ := failed.RespError.ExtraData["soft_logout"].(bool)
	return soft
}
