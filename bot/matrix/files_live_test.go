//go:build homeserver && goolm

package matrix_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maunium.net/go/mautrix/crypto/attachment"

	"briefdesk/bot"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// upload puts content into the homeserver's store, and returns its address.
func upload(t testing.TB, hs *matrixtest.Server, u *matrixtest.User, content []byte) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hs.URL+"/_matrix/media/v3/upload", bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+u.Token)
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out struct {
		URI string `json:"content_uri"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out.URI == "" {
		t.Fatalf("upload: %s, %v", resp.Status, err)
	}
	return out.URI
}

// fileContent is a message that brings a file at address.
func fileContent(name, address string, size int) map[string]any {
	return map[string]any{"msgtype": "m.file", "body": name, "filename": name, "url": address, "info": map[string]any{"mimetype": "text/plain", "size": size}}
}

// with adds to a copy of a content.
func with(content, more map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range []map[string]any{content, more} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// Files come byte for byte, in rooms of both kinds: with a caption that
// mentions the bot, and in reply to one, in a thread and outside. What cannot
// be had ends in a line that says so.
func TestFiles(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	d.reply = func(bot.Heard) (briefs.Outgoing, bool) { return briefs.Outgoing{}, false }
	p := matrixtest.NewPeer(t, hs, ana)
	plain := ana.CreateRoom(t, matrixtest.Room{Name: "plain", Invite: []string{d.o.UserID}})
	sealed := ana.CreateRoom(t, matrixtest.Room{Name: "sealed", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, plain, d.o.UserID)
	member(t, ana, sealed, d.o.UserID)
	content := []byte("A report.\x00\xff\r\n" + strings.Repeat("Wörter, “words”.\n", 5000))
	address := upload(t, hs, ana, content)
	key := attachment.NewEncryptedFile()
	hidden := bytes.Clone(content)
	key.EncryptInPlace(hidden)
	secret := with(fileContent("report.txt", "", len(content)), nil)
	delete(secret, "url")
	secret["file"] = map[string]any{"url": upload(t, hs, ana, hidden), "v": key.Version, "key": key.Key, "iv": key.InitVector, "hashes": key.Hashes}

	say := func(room string, content map[string]any) string {
		t.Helper()
		if room == sealed {
			body, _ := content["body"].(string)
			return p.Send(room, body, content)
		}
		return ana.Send(t, room, "m.room.message", fmt.Sprint(len(content), content["body"], content["m.relates_to"]), content)
	}
	heard := func(message string) bot.Event {
		t.Helper()
		var got bot.Event
		until(t, "the bot hears "+message, func() bool {
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, h := range d.heard {
				if h.Event.Message == message {
					got = h.Event
					return true
				}
			}
			return false
		})
		return got
	}
	for room, file := range map[string]map[string]any{plain: fileContent("report.txt", address, len(content)), sealed: secret} {
		caption := map[string]any{"body": "desk: to cyber", "m.mentions": map[string]any{"user_ids": []string{d.o.UserID}}}
		captioned := say(room, with(file, caption))
		bare := say(room, file) // nobody is addressed
		reply := func(relation map[string]any) string {
			relation["m.in_reply_to"] = map[string]any{"event_id": bare}
			return say(room, with(text("!sources add to cyber"), map[string]any{"m.relates_to": relation}))
		}
		for message, words := range map[string]string{
			captioned:               "text  to cyber",
			reply(map[string]any{}): "command sources add to cyber",
			reply(map[string]any{"rel_type": "m.thread", "event_id": captioned}): "command sources add to cyber",
		} {
			e := heard(message)
			if said := fmt.Sprintf("%s %s %s", e.Kind, e.Command, e.Text); said != words || !e.Addressed || len(e.Files) != 1 || e.Files[0].Name != "report.txt" {
				t.Errorf("heard %q with files %+v, want %q and report.txt", said, e.Files, words)
				continue
			}
			got, err := d.chat.OpenFile(t.Context(), e.Room, e.Files[0], 1<<20)
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes of %d came: %v", len(got), len(content), err)
			}
			small := e.Files[0]
			small.Size = 0 // as senders may say
			if _, err := d.chat.OpenFile(t.Context(), e.Room, small, 1000); err == nil || !strings.Contains(err.Error(), "report.txt: is above the") {
				t.Errorf("above the limit: %v", err)
			}
		}
		d.mu.Lock()
		for _, h := range d.heard {
			if h.Event.Message == bare {
				t.Errorf("a file for nobody was heard: %+v", h.Event)
			}
		}
		d.mu.Unlock()
	}

	// Another content than was encrypted, addresses that lead elsewhere, and
	// replies to nothing.
	spoiled := with(secret, map[string]any{"body": "desk: spoiled", "m.mentions": map[string]any{"user_ids": []string{d.o.UserID}}})
	of := secret["file"].(map[string]any)
	spoiled["file"] = with(of, map[string]any{"url": address})
	e := heard(say(sealed, spoiled))
	if _, err := d.chat.OpenFile(t.Context(), e.Room, e.Files[0], 1<<20); err == nil || !strings.Contains(err.Error(), "cannot be decrypted") {
		t.Errorf("spoiled: %v", err)
	}
	for elsewhere, line := range map[string]string{
		"mxc://../whoami": "its address cannot be read", "mxc://" + hs.Name + "/../x": "its address cannot be read", "https://example.org/x": "its address cannot be read",
		"mxc://" + hs.Name + "/none": "the homeserver does not have it any more",
	} {
		e := heard(say(plain, with(fileContent("x.txt", elsewhere, 3), map[string]any{"body": "desk: add " + elsewhere, "m.mentions": map[string]any{"user_ids": []string{d.o.UserID}}})))
		if _, err := d.chat.OpenFile(t.Context(), e.Room, e.Files[0], 1<<20); err == nil || !strings.Contains(err.Error(), line) {
			t.Errorf("%s: %v", elsewhere, err)
		}
	}
	for _, nothing := range []string{"$none", "$none:elsewhere.example", "none", "../../account/whoami", "$a/b?c#d"} {
		q := say(plain, with(text("desk: in reply to "+nothing), map[string]any{"m.relates_to": map[string]any{"m.in_reply_to": map[string]any{"event_id": nothing}}}))
		if e := heard(q); len(e.Files) > 0 {
			t.Errorf("a reply to %s brings %+v", nothing, e.Files)
		}
	}
}
