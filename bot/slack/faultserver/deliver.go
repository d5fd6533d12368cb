package faultserver

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The kinds of delivery, by their names in Socket Mode.
const (
	Events      = "events_api"
	Command     = "slash_commands"
	Interactive = "interactive"
)

// Delivery is something that the app is to take.
type Delivery struct {
	Kind     string
	ID       string // of the event; else one of our own
	Body     json.RawMessage
	Made     time.Time
	attempts []*attempt
	taken    *attempt
	response json.RawMessage // what the app answered with its acknowledgement
	gone     bool            // Slack delivers it no more
	tried    int
}

type attempt struct {
	envelope string
	at       time.Time
	took     time.Duration // to the acknowledgement
	ok       chan struct{} // closed by it
	done     bool
}

func (d *Delivery) state() string {
	switch {
	case d.taken != nil:
		return fmt.Sprintf("taken after %d attempts", d.tried)
	case d.gone:
		return fmt.Sprintf("not taken by %d attempts", d.tried)
	}
	return fmt.Sprintf("under way, attempt %d", d.tried)
}

// Taken reports whether d was acknowledged in time.
func (s *Server) Taken(d *Delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return d.taken != nil
}

// Response is what the app sent back with its acknowledgement.
func (s *Server) Response(d *Delivery) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return d.response
}

// Lost are the deliveries that Slack has given up, as nobody took them.
func (s *Server) Lost() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, d := range s.deliveries {
		if d.gone && d.taken == nil {
			all = append(all, d.Kind+" "+d.ID)
		}
	}
	return all
}

// Idle reports whether nothing is under way.
func (s *Server) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.deliveries {
		if d.taken == nil && !d.gone {
			return false
		}
	}
	return true
}

// Acks are the times from each delivery's first sending to its acknowledgement,
// in the order of the deliveries; Attempts how often each was sent.
func (s *Server) Acks() (took []time.Duration, attempts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.deliveries {
		attempts += d.tried
		if d.taken != nil {
			took = append(took, d.taken.at.Add(d.taken.took).Sub(d.attempts[0].at))
		}
	}
	return took, attempts
}

// Deliver sends payload to the app, as Slack does: what is not acknowledged in
// time comes again at once, after one minute and after five. Commands and
// interactions come once.
func (s *Server) Deliver(kind, id string, payload any) *Delivery {
	var d *Delivery
	s.lock(func() { d = s.deliver(kind, id, payload) })
	return d
}

// deliver is Deliver with the lock held.
func (s *Server) deliver(kind, id string, payload any) *Delivery {
	body, err := json.Marshal(payload)
	if err != nil {
		body = []byte("null")
		s.violations = append(s.violations, "the server's own: "+err.Error())
	}
	d := &Delivery{Kind: kind, ID: cmp.Or(id, s.name("x")), Body: body, Made: time.Now()}
	s.deliveries = append(s.deliveries, d)
	s.busy.Go(func() { s.attempts(d) })
	return d
}

// Again delivers an event once more that was delivered before, under its own
// name or under a new one.
func (s *Server) Again(d *Delivery, renamed bool) *Delivery {
	id, body := d.ID, map[string]any{}
	_ = json.Unmarshal(d.Body, &body) // our own
	if renamed {
		s.lock(func() { id = s.name("Ev0") })
		body["event_id"] = id
	}
	return s.Deliver(d.Kind, id, body)
}

// Delivered are the deliveries whose event is of a type, such as "app_mention";
// for "" all. They are in order.
func (s *Server) Delivered(kind string) []*Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Delivery
	for _, d := range s.deliveries {
		var body struct {
			Event struct{ Type string }
		}
		if kind == "" || json.Unmarshal(d.Body, &body) == nil && body.Event.Type == kind {
			all = append(all, d)
		}
	}
	return all
}

func (s *Server) attempts(d *Delivery) {
	var waits []time.Duration
	s.lock(func() { waits = []time.Duration{0, s.o.Minute, 5 * s.o.Minute} })
	if d.Kind != Events {
		waits = nil
	}
	ok, again := s.attempt(d, 0, "")
	for i, wait := range waits {
		if ok || !again || !pause(s.ctx, wait) {
			break
		}
		ok, again = s.attempt(d, i+1, "timeout")
	}
	s.lock(func() { d.gone = !ok && d.taken == nil })
}

// attempt sends d once, and waits for its acknowledgement. It reports whether
// that came, and, where not, whether the app may be asked again.
func (s *Server) attempt(d *Delivery, retry int, reason string) (ok, again bool) {
	a := &attempt{ok: make(chan struct{})}
	var k *socket
	var to string
	s.lock(func() {
		to = s.o.RequestURL
		a.envelope, a.at = s.name("env-"), time.Now()
		d.attempts = append(d.attempts, a)
		d.tried++
		if to == "" {
			k = s.pick()
		}
	})
	if to != "" {
		return s.post(d, a, to, retry, reason)
	}
	if k == nil {
		return false, true
	}
	envelope := map[string]any{"envelope_id": a.envelope, "type": d.Kind, "payload": d.Body, "accepts_response_payload": d.Kind != Events}
	if d.Kind == Events {
		envelope["retry_attempt"], envelope["retry_reason"] = retry, reason
	}
	if k.send(envelope) != nil {
		k.cut()
		return false, true
	}
	select {
	case <-a.ok:
		return true, false
	case <-k.gone:
	case <-s.ctx.Done():
	case <-time.After(s.o.Patience):
	}
	select {
	case <-a.ok: // it came while the connection ended
		return true, false
	default:
		return false, true
	}
}

// accept notes an acknowledgement. One that comes too late changes nothing but
// that the delivery, when it was not yet taken, is. The lock is held.
func (s *Server) accept(d *Delivery, a *attempt, now time.Time, response json.RawMessage) {
	if a.done {
		s.violations = append(s.violations, "an envelope was acknowledged twice: "+d.ID)
		return
	}
	a.done, a.took = true, now.Sub(a.at)
	if a.took > s.o.Patience {
		return
	}
	close(a.ok)
	if d.taken == nil {
		d.taken, d.response = a, response
		s.responded(d)
	}
}

// post sends d over HTTP, signed.
func (s *Server) post(d *Delivery, a *attempt, to string, retry int, reason string) (ok, again bool) {
	body, kind := []byte(d.Body), "application/json"
	switch d.Kind {
	case Command:
		var fields map[string]any
		_ = json.Unmarshal(d.Body, &fields) // our own
		form := url.Values{}
		for name, v := range fields {
			form.Set(name, fmt.Sprint(v))
		}
		body, kind = []byte(form.Encode()), "application/x-www-form-urlencoded"
	case Interactive:
		body, kind = []byte(url.Values{"payload": {string(d.Body)}}.Encode()), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return false, false
	}
	req.Header.Set("Content-Type", kind)
	Sign(req.Header, SigningSecret, time.Now(), body)
	if retry > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(retry))
		req.Header.Set("X-Slack-Retry-Reason", "http_"+reason)
	}
	client := http.Client{Timeout: s.o.Patience, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return false, true
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		return false, resp.Header.Get("X-Slack-No-Retry") != "1"
	}
	s.lock(func() { s.accept(d, a, time.Now(), answer) })
	select {
	case <-a.ok:
		return true, false
	default: // it came too late
		return false, true
	}
}

// Sign sets the headers of a signed request
// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
func Sign(h http.Header, secret string, now time.Time, body []byte) {
	at := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + at + ":"))
	mac.Write(body)
	h.Set("X-Slack-Request-Timestamp", at)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}
