package bot_test

import (
	"context"
	"strings"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/briefs"
)

// shelf brings files by their reference.
type shelf map[string]string

func (s shelf) OpenFile(_ context.Context, _ briefs.RoomID, f bot.File, _ int64) ([]byte, error) {
	data, ok := s[f.Ref]
	if !ok {
		return nil, briefs.Fault(briefs.ErrNotFound, "%s: was deleted: send it again", f.Name)
	}
	return []byte(data), nil
}

func TestFilesFromARoom(t *testing.T) {
	s := newScene(t)
	s.Grants[room] = bot.Grant{SetUp: true, Admin: true, Scope: briefs.Only("cyber", "trade")}
	s.Files = shelf{"1": "Harbour dues", "2": "Fog signals"}
	send := func(room briefs.RoomID, text string, refs ...string) bot.Event {
		e := mention("m1", text)
		e.Room = room
		for _, ref := range refs {
			e.Files = append(e.Files, bot.File{Name: "report-" + ref + ".pdf", Ref: ref})
		}
		return e
	}
	many := strings.Fields("1 2 1 2 1 2 1 2 1 2 1 2")
	for name, test := range map[string]struct {
		e    bot.Event
		want []string
	}{
		"named collection":         {send(room, "please add this to the trade.", "1"), []string{"Added to trade:", "Harbour dues", "no author"}},
		"several":                  {send(room, "add to trade", "1", "2"), []string{"Harbour dues", "Fog signals"}},
		"no collection":            {send(room, "", "1"), []string{"Write the collection too", "add this to cyber or trade"}},
		"another's collection":     {send(room, "to defence", "1"), []string{"no collection of that name"}},
		"one that is gone":         {send(room, "into trade", "9", "2"), []string{"report-9.pdf: was deleted: send it again", "Fog signals"}},
		"too many":                 {send(room, "to trade", many...), []string{"2 files left out: send at most 10 at once"}},
		"a question beside a file": {send(room, chattest.Reason, "1"), chattest.Reasons()},
		"by somebody else":         {send("test:plain", "to trade", "1"), []string{"Only admins may add documents"}},
		"a question beside a file by somebody else": {send("test:plain", chattest.Reason, "1"), chattest.Reasons()},
	} {
		t.Run(name, func(t *testing.T) {
			var all strings.Builder
			for _, r := range s.do(test.e) {
				all.WriteString(r.Part.Text + "\n")
			}
			contains(t, all.String(), test.want...)
			if strings.Contains(all.String(), "Added") && strings.Contains(name, "else") {
				t.Errorf("added:\n%s", all.String())
			}
		})
	}
	quiet := send(room, "to trade", "1")
	quiet.Addressed, quiet.Thread = false, "m1"
	if got := s.do(quiet); len(got) > 0 {
		t.Errorf("nobody meant the bot: %+v", got)
	}
}
