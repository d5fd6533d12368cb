//go:build homeserver && goolm

package matrix_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// denying stands before a homeserver and denies that any room is encrypted.
func denying(t testing.TB, hs *matrixtest.Server) string {
	to, err := url.Parse(hs.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(resp *http.Response) error {
		if !strings.HasSuffix(resp.Request.URL.Path, "/state") {
			return nil
		}
		var all, left []map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
			return err
		}
		for _, e := range all {
			if e["type"] != "m.room.encryption" {
				left = append(left, e)
			}
		}
		body, err := json.Marshal(left)
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return err
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/state/m.room.encryption") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"errcode":"M_NOT_FOUND","error":"none"}`)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL
}

// A room that was encrypted stays so for the bot, also after a restart and
// where the homeserver denies it.
func TestEncryptedForEver(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	p := matrixtest.NewPeer(t, hs, ana)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	p.Send(room, "desk: one?", mention(d.o.UserID))
	p.Wait("reads the answer", func(s matrixtest.Saw) bool { return s.Body == "heard : one?" && s.Encrypted })
	d.down()
	d.o.Homeserver = denying(t, hs)
	d.up()
	t.Cleanup(func() { d.stop() }) // before the proxy, which waits for its requests
	until(t, "the bot signs in", func() bool { return strings.Count(d.logs.String(), "matrix: signed in") == 2 })
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "two"}}, "two#1"); err != nil {
		t.Fatal(err)
	}
	p.Wait("decrypts what is sent", func(s matrixtest.Saw) bool { return s.Body == "two" && s.Encrypted })
	for _, e := range ana.Messages(t, room) {
		if e.Sender == d.o.UserID && e.Type == "m.room.message" {
			t.Errorf("plain: %v", e.Content)
		}
	}
}
