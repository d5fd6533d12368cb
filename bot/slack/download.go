package slack

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

var _ bot.Opener = (*Chat)(nil)

// downloadTimeout is how long the content of a file may take.
const downloadTimeout = 2 * time.Minute

// filesAt is where Slack keeps what people share.
const filesAt = "https://files.slack.com/"

// sharedFile is a file of a message
// (https://docs.slack.dev/reference/objects/file-object).
type sharedFile struct {
	Name     string `json:"name"`
	Type     string `json:"mimetype"`
	Size     int64  `json:"size"`
	Mode     string `json:"mode"`
	External bool   `json:"is_external"`
	Access   string `json:"file_access"`
	URL      string `json:"url_private"`
	Download string `json:"url_private_download"`
}

// brought are the files of a message. What cannot be had keeps its name alone,
// so that its sender is told.
func brought(all []sharedFile) []bot.File {
	var out []bot.File
	for _, f := range all {
		b := bot.File{Name: f.Name, Type: f.Type, Size: f.Size, Ref: f.Download}
		if b.Ref == "" {
			b.Ref = f.URL
		}
		if f.External || f.Mode == "external" || f.Mode == "tombstone" || f.Mode == "hidden_by_limit" || f.Access != "" && f.Access != "visible" {
			b.Ref = ""
		}
		if b.Name == "" {
			b.Name = "file"
		}
		out = append(out, b)
	}
	return out
}

// OpenFile implements bot.Opener. It needs the scope files:read.
func (c *Chat) OpenFile(ctx context.Context, room briefs.RoomID, f bot.File, limit int64) ([]byte, error) {
	if f.Ref == "" {
		return nil, briefs.Fault(briefs.ErrInvalid, "%s: Slack does not keep it, or keeps it from the app: send the file itself", f.Name)
	}
	if !c.keeps(f.Ref) {
		return nil, briefs.Fault(briefs.ErrInvalid, "%s: is not kept by Slack: add its web address", f.Name)
	}
	if f.Size > limit {
		return nil, tooLarge(f.Name, limit)
	}
	t, _, err := c.target(ctx, briefs.Place{Room: room})
	if err != nil {
		return nil, err
	}
	token, err := c.o.Tokens.Token(ctx, t.install)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Ref, nil)
	if err != nil {
		return nil, briefs.Fault(briefs.ErrInvalid, "%s: Slack gives it no address that can be read: send it again", f.Name)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	client := *c.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the token goes nowhere else
	resp, err := client.Do(req)
	if err != nil {
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s: Slack cannot be reached (%s)", f.Name, short(err))
	}
	defer resp.Body.Close()
	switch page := strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") && !strings.HasPrefix(f.Type, "text/html"); {
	case resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusGone:
		return nil, briefs.Fault(briefs.ErrNotFound, "%s: was deleted: send it again", f.Name)
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 500:
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s: Slack answers %s", f.Name, resp.Status)
	case resp.StatusCode != http.StatusOK, page: // Slack shows those who may not read it the page to sign in
		if c.first("scope "+t.id+" files", time.Hour) {
			c.log.Error("Slack does not give the app a file that was sent to it: add a scope to the app and install it again", "scope", "files:read", "workspace", t.id, "status", resp.StatusCode)
		}
		return nil, briefs.Fault(briefs.ErrInvalid, "%s: Slack does not give it to the app: its operator adds the scope files:read to the app and installs it again", f.Name)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s: Slack broke off (%s)", f.Name, short(errors.Unwrap(err)))
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(f.Name, limit)
	}
	return data, nil
}

func tooLarge(name string, limit int64) error {
	return briefs.Fault(briefs.ErrInvalid, "%s: is above the %d MB limit: split it", name, limit>>20)
}

// keeps reports whether an address is one of Slack's for files: no other gets
// the token.
func (c *Chat) keeps(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if strings.HasPrefix(address, filesAt) {
		return true
	}
	api, err := url.Parse(c.o.APIURL)
	return err == nil && u.Scheme == api.Scheme && u.Host == api.Host
}
