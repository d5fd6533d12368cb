package slack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/slack-go/slack"
)

// bodyMost bounds a request, in bytes: a view of Slack's largest size, twice
// escaped, fits.
const bodyMost = 2 << 20

// ServeHTTP takes the requests of Slack, all at one address, while Run runs:
// events, commands and interactions. Each must bear Slack's signature and be
// no older than five minutes. Until Run runs, and when an event could not be
// kept, the answer is 503, and Slack asks again.
func (c *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only Slack has business here", http.StatusMethodNotAllowed)
		return
	}
	body, status := c.verified(w, r)
	if status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	e, challenge, ok := opened(r, body)
	switch {
	case !ok:
		http.Error(w, "not a request that Slack makes", http.StatusBadRequest)
	case challenge != "":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		io.WriteString(w, challenge)
	default:
		err := c.deliver(r.Context(), e, func(payload any) error { return answer(w, payload) })
		if err != nil {
			if !errors.Is(err, errStopped) {
				c.log.Warn("a request of Slack was not taken", "kind", e.kind, "error", err)
			}
			w.Header().Set("Retry-After", "1")
			http.Error(w, "not now", http.StatusServiceUnavailable)
		}
	}
}

// verified reads the body of a request that Slack signed. The signature is the
// one of https://docs.slack.dev/authentication/verifying-requests-from-slack.
func (c *Chat) verified(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	if c.o.SigningSecret == "" {
		return nil, http.StatusNotFound // events come through sockets
	}
	check, err := slack.NewSecretsVerifier(r.Header, c.o.SigningSecret)
	if err != nil {
		return nil, http.StatusUnauthorized
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost))
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	if _, err := check.Write(body); err != nil || check.Ensure() != nil {
		return nil, http.StatusUnauthorized
	}
	return body, 0
}

// opened says what a request holds: events come as JSON, commands and
// interactions as forms.
func opened(r *http.Request, body []byte) (e envelope, challenge string, ok bool) {
	e.retry, _ = strconv.Atoi(r.Header.Get("X-Slack-Retry-Num"))
	if len(body) > 0 && body[0] == '{' {
		var first struct {
			Type      string `json:"type"`
			Challenge string `json:"challenge"`
		}
		if json.Unmarshal(body, &first) != nil {
			return e, "", false
		}
		e.kind, e.payload = kindEvent, body
		if first.Type == "url_verification" {
			return e, first.Challenge, first.Challenge != ""
		}
		return e, "", true
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return e, "", false
	}
	if form.Get("ssl_check") == "1" && form.Get("command") == "" {
		return e, "ok", true
	}
	if p := form.Get("payload"); p != "" {
		e.kind, e.payload = kindInteraction, []byte(p)
		return e, "", true
	}
	if form.Get("command") == "" {
		return e, "", false
	}
	fields := map[string]string{}
	for k := range form {
		fields[k] = form.Get(k)
	}
	e.kind = kindCommand
	e.payload, err = json.Marshal(fields)
	return e, "", err == nil
}

// answer acknowledges a request.
func answer(w http.ResponseWriter, payload any) error {
	if payload == nil {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(b)
	return err
}
