package slack

import (
	"errors"
	"strings"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
)

// What an admin sends comes with the message, and its content is had with the
// scope for it alone.
func TestFiles(t *testing.T) {
	s := fault(t, faultserver.Options{})
	c, e := connected(t, s, nil)
	report := faultserver.File{Name: "report.txt", Type: "text/plain", Content: []byte("The harbour was closed.")}
	s.Say(faultserver.Words{Channel: cyber, User: ana, Text: faultserver.Mention + " add this to cyber", Files: []faultserver.File{report}})
	s.Await(t, "one event", func() bool { return len(e.heard()) == 1 && s.Idle() })
	got := e.heard()[0]
	if len(got.Files) != 1 || got.Text != "add this to cyber" || !got.Addressed {
		t.Fatalf("heard %+v", got)
	}
	f := got.Files[0]
	if f.Name != report.Name || f.Type != report.Type || f.Size != int64(len(report.Content)) {
		t.Errorf("file %+v", f)
	}
	data, err := c.OpenFile(t.Context(), got.Room, f, 1<<20)
	if err != nil || string(data) != string(report.Content) {
		t.Fatalf("%q, %v", data, err)
	}
	smaller := f
	smaller.Size = 0 // as told wrongly
	gone := f
	gone.Ref = strings.Replace(f.Ref, "/F0", "/F0NONE", 1)
	away := f
	away.Ref = "https://files.slack.com.example.org/files-pri/T1-F1/report.txt"
	for name, test := range map[string]struct {
		f     bot.File
		limit int64
		kind  error
		line  string
	}{
		"too large":                      {f, 3, briefs.ErrInvalid, "report.txt: is above the"},
		"too large, told wrongly":        {smaller, 3, briefs.ErrInvalid, "report.txt: is above the"},
		"deleted":                        {gone, 1 << 20, briefs.ErrNotFound, "report.txt: was deleted: send it again"},
		"somewhere else":                 {away, 1 << 20, briefs.ErrInvalid, "report.txt: is not kept by Slack"},
		"kept elsewhere, as Slack knows": {brought([]sharedFile{{Name: "plan", External: true, URL: f.Ref}})[0], 1 << 20, briefs.ErrInvalid, "plan: Slack does not keep it"},
	} {
		if _, err := c.OpenFile(t.Context(), got.Room, test.f, test.limit); !errors.Is(err, test.kind) || !strings.HasPrefix(err.Error(), test.line) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Forbid("files:read")
	if _, err := c.OpenFile(t.Context(), got.Room, f, 1<<20); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "adds the scope files:read") {
		t.Errorf("without the scope: %v", err)
	}
}

// The token goes to Slack alone.
func TestFilesHost(t *testing.T) {
	c := &Chat{o: Options{APIURL: "https://slack.com/api/"}}
	for address, want := range map[string]bool{
		"https://files.slack.com/files-pri/T1-F1/download/a.pdf": true,
		"http://files.slack.com/files-pri/T1-F1/download/a.pdf":  false,
		"https://files.slack.com:8443/a":                         false,
		"https://files.slack.com@example.org/a":                  false,
		"https://user@files.slack.com/a":                         false,
		"https://evilfiles.slack.com/a":                          false,
		"file:///etc/passwd":                                     false,
		"":                                                       false,
	} {
		if got := c.keeps(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
