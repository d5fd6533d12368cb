package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// onlyPrefix begins the receipts of messages that one member sees.
const onlyPrefix = "only:"

// responseMethod stands for a response_url where methods are named.
const responseMethod = "response_url"

// sendOnly posts what one member is to see. Such a message bears no key: what
// became of it cannot be read back.
func (c *Chat) sendOnly(ctx context.Context, t *team, channel string, o briefs.Outgoing) (string, error) {
	for how := lookPlain; ; how++ {
		receipt, err := c.sendOnlyLook(ctx, t, channel, o, how)
		if how == lookWords || !refusedBlocks(err) || !errors.Is(err, briefs.ErrInvalid) {
			return receipt, err
		}
		c.log.Warn("Slack refuses how a message to one is drawn: it is drawn plainer", "error", err)
	}
}

func (c *Chat) sendOnlyLook(ctx context.Context, t *team, channel string, o briefs.Outgoing, how look) (string, error) {
	drawn, err := render(o.Part, how, "")
	if err != nil {
		return "", err
	}
	ours := readOwn(o.Own)
	receipt := ""
	for i, m := range drawn {
		var ts string
		if i == 0 && o.Replace != "" {
			if ours.URL == "" || !c.mayUse(ours) {
				return "", briefs.Fault(briefs.ErrNotFound, "Slack: a message that one member sees can be changed for half an hour only")
			}
			ts, err = strings.TrimPrefix(o.Replace, onlyPrefix), c.respond(ctx, ours.URL, m, o.Replace)
		} else {
			ts, err = c.ephemeral(ctx, t, channel, o.Place, m)
		}
		if err != nil && i > 0 {
			return "", &refusal{method: "chat.postEphemeral", code: "lost", cause: "some of its messages were posted"}
		}
		if err != nil {
			return "", err
		}
		if i == 0 {
			receipt = onlyPrefix + ts
		}
	}
	return receipt, nil
}

// ephemeral posts one message that one member sees: through the response_url
// where the bot is no member of the channel.
func (c *Chat) ephemeral(ctx context.Context, t *team, channel string, at briefs.Place, m message) (string, error) {
	options := []slack.MsgOption{slack.MsgOptionText(m.Text, false)}
	if m.Blocks != nil {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	if at.Thread != "" {
		options = append(options, slack.MsgOptionTS(at.Thread))
	}
	var ts string
	err := c.call(ctx, t, "chat.postEphemeral", "", func(ctx context.Context, api *slack.Client) (err error) {
		ts, err = api.PostEphemeralContext(ctx, channel, userOf(at.Only), options...)
		return err
	})
	ours := readOwn(at.Own)
	if err == nil || ours.URL == "" || !c.mayUse(ours) || !errors.Is(err, briefs.ErrNotFound) && !errors.Is(err, briefs.ErrUnavailable) {
		return ts, err
	}
	if c.uses(ours.URL) == urlUses-1 {
		m = m.last()
	}
	return "", c.respond(ctx, ours.URL, m, "")
}

// lastWords end the last message that a response_url takes, after which there
// may be more.
const lastWords = "Slack shows only five messages this way. If something is missing, invite the bot to the channel, or ask it in a direct message."

// last is m with lastWords, where it has room for them.
func (m message) last() message {
	if len(m.Blocks) > 0 && len(m.Blocks) < messageBlocks {
		m.Blocks = append(slices.Clip(m.Blocks), slack.NewContextBlock("", plain(lastWords)))
	}
	if units(m.Text)+units(lastWords) < wordsText {
		m.Text += "\n" + lastWords
	}
	return m
}

// uses is how often a response_url was used, as far as this process knows.
func (c *Chat) uses(address string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.urls[address]
}

// mayUse reports whether a response_url still takes something, as far as this
// process knows.
func (c *Chat) mayUse(o own) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.o.Now().Before(o.Until) && c.urls[o.URL] < urlUses
}

// respond posts to a response_url, to the one who has it; with replace in the
// place of the message that it came with.
func (c *Chat) respond(ctx context.Context, address string, m message, replace string) error {
	if !c.trusted(address) {
		return briefs.Fault(briefs.ErrInvalid, "Slack: a response_url is none of Slack's")
	}
	c.mu.Lock()
	if len(c.urls) > 4096 {
		clear(c.urls)
	}
	c.urls[address]++
	c.mu.Unlock()
	body, err := json.Marshal(struct {
		Text    string        `json:"text"`
		Blocks  []slack.Block `json:"blocks,omitempty"`
		Type    string        `json:"response_type"`
		Replace bool          `json:"replace_original"`
	}{Text: m.Text, Blocks: m.Blocks, Type: "ephemeral", Replace: replace != ""})
	if err != nil {
		return briefs.Fault(briefs.ErrInvalid, "%v", err)
	}
	return c.once(ctx, &team{}, responseMethod, "", func(ctx context.Context) error {
		return c.postJSON(ctx, address, body)
	})
}

func (c *Chat) postJSON(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	said := struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}{}
	json.Unmarshal(b, &said) // "ok" is no JSON, and enough
	switch {
	case said.OK != nil && !*said.OK:
		return slack.SlackErrorResponse{Err: said.Error}
	case resp.StatusCode == http.StatusNotFound: // used_url, expired_url
		return &refusal{method: responseMethod, code: "expired_url", kind: briefs.ErrNotFound}
	case resp.StatusCode != http.StatusOK:
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return err
}

// trusted reports whether an address is one that Slack gives, or of the server
// that stands in for it.
func (c *Chat) trusted(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Scheme == "https" && (strings.HasSuffix(u.Hostname(), ".slack.com") || strings.HasSuffix(u.Hostname(), ".slack-gov.com")) {
		return true
	}
	api, err := url.Parse(c.o.APIURL)
	return err == nil && api.Hostname() != "slack.com" && u.Scheme == api.Scheme && u.Host == api.Host
}
