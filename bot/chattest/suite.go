package chattest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// Platform is a platform under test, as people see it who share one room with
// the bot.
type Platform interface {
	// Chat makes a connection of the bot: another one than before, as after a
	// restart.
	Chat(t testing.TB) bot.Chat
	Room() briefs.RoomID
	Nowhere() briefs.RoomID // a room that is not there, or closed to the bot
	// Say writes in the room as a member, in a thread unless that is empty, and
	// to the bot where mention is set. It returns the name of the message.
	Say(t testing.TB, thread, text string, mention bool) (message string)
	// Again delivers a message to the bot once more.
	Again(t testing.TB, message string)
	// Noise lets everything happen in the thread of a message that nobody may
	// answer: the message is edited, another bot writes text, and what the bot
	// itself posted comes back to it.
	Noise(t testing.TB, message, text string)
	// Posts are the messages of the bot in the room that people see, the oldest
	// first.
	Posts(t testing.TB) []Post
	// Mute lets the next post be taken, and the bot not be told. It reports
	// false where that cannot be done.
	Mute(t testing.TB) bool
}

// Post is a message as people read it.
type Post struct {
	Thread string // the message that it hangs on; empty for none
	Text   string // without its markup
	Pings  int    // how many it calls by name, or by calling all
}

// patience bounds how long a platform may take.
const patience = 60 * time.Second

// quiet is how long nothing must come, for it to come no more.
const quiet = time.Second

// Run checks that what opens answers as every platform must.
func Run(t *testing.T, open func(t *testing.T) Platform) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, d *desk)
	}{
		{"answers in the thread", threads},
		{"what comes again is answered once", redelivery},
		{"what nobody may answer is not answered", noise},
		{"a lost response is found", muted},
		{"a key is found", found},
		{"hostile text is inert", inert},
		{"a long answer is whole", whole},
		{"it can be cancelled", cancelled},
		{"an unknown room is refused", refused},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, &desk{Platform: open(t), t: t}) })
	}
}

// desk is a bot on a platform.
type desk struct {
	Platform
	t      *testing.T
	office *Office
	chat   bot.Chat // that runs
	stop   func()
	seen   int // posts
}

// start runs the bot, until the test ends or d.stop is called.
func (d *desk) start() {
	d.t.Helper()
	if d.office == nil {
		d.office = NewOffice(d.t, time.Now)
	}
	d.chat = d.Chat(d.t)
	w, r := d.office.Worker(d.chat, bot.WorkerOptions{
		Platform: d.Room().Platform(), Interval: 50 * time.Millisecond, Settle: 100 * time.Millisecond, Backoff: 100 * time.Millisecond, Lease: 5 * time.Second,
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.t.Context()))
	ended := make(chan error, 2)
	go func() { ended <- w.Run(ctx) }()
	go func(chat bot.Chat) { ended <- chat.Run(ctx, r.Handle) }(d.chat)
	d.stop = func() {
		cancel()
		for range 2 {
			select {
			case err := <-ended:
				if err != nil && !errors.Is(err, context.Canceled) {
					d.t.Errorf("it ends with: %v", err)
				}
			case <-time.After(patience):
				d.t.Fatal("it does not end")
			}
		}
		d.stop = func() {}
	}
	d.t.Cleanup(func() { d.stop() })
}

// posts waits until so many messages of the bot are there, and returns those
// that were not seen before.
func (d *desk) posts(n int) []Post {
	d.t.Helper()
	var all []Post
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if all = d.Posts(d.t); len(all) >= d.seen+n {
			fresh := all[d.seen:]
			d.seen = len(all)
			return fresh
		}
	}
	d.t.Fatalf("%d posts, want %d more than %d", len(all), n, d.seen)
	return nil
}

// connected does fn once the bot is connected.
func (d *desk) connected(fn func() error) error {
	d.t.Helper()
	err := fn()
	for end := time.Now().Add(patience); errors.Is(err, briefs.ErrUnavailable) && time.Now().Before(end); err = fn() {
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// send posts blocks to a place.
func (d *desk) send(at briefs.Place, key string, blocks ...bot.Block) (receipt string, err error) {
	d.t.Helper()
	p, err := bot.Post{Blocks: blocks}.Part()
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.connected(func() (err error) {
		receipt, err = d.chat.Send(d.t.Context(), briefs.Outgoing{Place: at, Part: p}, briefs.DeliveryKey(key).Part(1))
		return err
	})
	return receipt, err
}

// calm fails when the bot posts something.
func (d *desk) calm() {
	d.t.Helper()
	time.Sleep(quiet)
	if all := d.Posts(d.t); len(all) != d.seen {
		d.t.Fatalf("it posts: %+v", all[d.seen:])
	}
}

func holds(t *testing.T, text string, wants ...string) {
	t.Helper()
	at := 0
	for _, want := range wants {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("no %q, in this order, in %d bytes that end with:\n%s", want, len(text), text[max(0, len(text)-2000):])
		}
		at += i + len(want)
	}
}

func threads(t *testing.T, d *desk) {
	d.start()
	m := d.Say(t, "", Reason, true)
	p := d.posts(1)[0]
	holds(t, p.Text, append(Reasons(), "The Quarrel That Held")...)
	if p.Thread != m {
		t.Errorf("it hangs on %q, want %q", p.Thread, m)
	}
	d.Say(t, m, "and what did the emergency response teams do?", false)
	if p = d.posts(1)[0]; p.Thread != m {
		t.Errorf("a follow-up hangs on %q, want %q", p.Thread, m)
	}
	d.Say(t, m, "how kind of you", false)
	d.Say(t, "", "why does it rain so much?", false)
	d.calm()
}

func redelivery(t *testing.T, d *desk) {
	d.start()
	m := d.Say(t, "", Reason, true)
	d.Again(t, m)
	d.posts(1)
	d.Again(t, m)
	d.stop()
	d.start()
	d.Again(t, m)
	d.calm()
}

func noise(t *testing.T, d *desk) {
	d.start()
	m := d.Say(t, "", Reason, true)
	d.posts(1)
	d.Noise(t, m, "why did the talks fail?")
	d.calm()
}

func muted(t *testing.T, d *desk) {
	if !d.Mute(t) {
		return // the platform always answers
	}
	d.start()
	d.Say(t, "", Reason, true)
	d.posts(1)
	d.calm()
}

func found(t *testing.T, d *desk) {
	d.start()
	m := d.Say(t, "", Reason, true)
	d.posts(1)
	at := briefs.Place{Room: d.Room(), Thread: m}
	find := func(n int) (receipt string, yes bool) {
		t.Helper()
		f, ok := d.chat.(bot.Finder)
		if !ok {
			t.Fatal("it cannot be asked")
		}
		if err := d.connected(func() (err error) {
			receipt, yes, err = f.Find(t.Context(), at, briefs.DeliveryKey("chattest:found").Part(n))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return receipt, yes
	}
	if _, yes := find(1); yes {
		t.Fatal("before it is sent")
	}
	receipt, err := d.send(at, "chattest:found", bot.Block{Kind: bot.BlockText, Text: "Here."})
	if err != nil || receipt == "" {
		t.Fatal(receipt, err)
	}
	d.posts(1)
	d.stop()
	d.start()
	if again, yes := find(1); !yes || again != receipt {
		t.Errorf("after a restart it finds %q, %v; sent as %q", again, yes, receipt)
	}
	if _, yes := find(2); yes {
		t.Error("another part is found")
	}
}

// hostile is text that a platform might act on.
const hostile = `<!channel> <!here> <@U02BEN> @room @channel #general *bold* _it_ ~no~ <b>b</b> <a href="https://x.example">x</a> [x](https://x.example) ` +
	"`code` &amp; &lt; @ana:desk.example https://matrix.to/#/@ana:desk.example \u202etxet\u202c :smile:"

func inert(t *testing.T, d *desk) {
	d.start()
	blocks := []bot.Block{
		{Kind: bot.BlockHeading, Text: hostile},
		{Kind: bot.BlockText, Text: hostile},
		{Kind: bot.BlockLeadIn, Text: hostile, Source: 1},
		{Kind: bot.BlockQuote, Text: hostile, N: 1, Source: 1},
		{Kind: bot.BlockItem, Text: hostile},
		{Kind: bot.BlockLiteral, Text: hostile},
		{Kind: bot.BlockSource, N: 1, Text: hostile, Note: hostile, Link: "https://desk.example/d/1"},
		{Kind: bot.BlockNote, Text: hostile},
	}
	for i, b := range blocks {
		if _, err := d.send(briefs.Place{Room: d.Room()}, fmt.Sprintf("chattest:hostile-%d", i), b); err != nil {
			t.Fatalf("%s: %v", b.Kind, err)
		}
		p := d.posts(1)[0]
		if p.Pings > 0 {
			t.Errorf("%s: it calls %d", b.Kind, p.Pings)
		}
		holds(t, unspaced(p.Text), unspaced("<!channel> <!here> <@U02BEN> @room @channel #general *bold* _it_ ~no~ <b>b</b>"), unspaced("[x](https://x.example)"), "&amp;&lt;")
	}
}

// unspaced drops what platforms may put between or into words to keep them
// from being read as commands, and which nobody sees.
func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\n', '\u00a0', '\u200b', '\u200d', '\u2060', '\ufeff', '`':
			return -1
		}
		return r
	}, s)
}

func whole(t *testing.T, d *desk) {
	d.start()
	var blocks []bot.Block
	var wants []string
	for i := range 60 {
		sentence := fmt.Sprintf("Sentence %02d %sends.", i, strings.Repeat("goes on and ", 60))
		wants = append(wants, fmt.Sprintf("Sentence %02d goes", i))
		blocks = append(blocks, bot.Block{Kind: bot.BlockQuote, Text: sentence, N: i + 1, Source: 1, Link: fmt.Sprintf("https://desk.example/d/1?s=%d", i)})
	}
	long := "One sentence " + strings.Repeat("that has no end ", 700) + "ends."
	blocks = append(blocks, bot.Block{Kind: bot.BlockQuote, Text: long, N: 61, Source: 1}, bot.Block{Kind: bot.BlockSource, N: 1, Text: "A Long Title"})
	if _, err := d.send(briefs.Place{Room: d.Room()}, "chattest:long", blocks...); err != nil {
		t.Fatal(err)
	}
	text := ""
	for end := time.Now().Add(patience); !strings.Contains(text, "A Long Title") && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		text = ""
		for _, p := range d.Posts(t) {
			text += p.Text + "\n"
		}
	}
	holds(t, text, append(wants, "One sentence that has no end", "A Long Title")...)
	if n := strings.Count(text, "that has no end"); n != 700 {
		t.Errorf("%d of 700 times", n)
	}
}

func cancelled(t *testing.T, d *desk) {
	chat := d.Chat(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- chat.Run(ctx, func(context.Context, ...bot.Heard) error { return nil }) }()
	time.Sleep(100 * time.Millisecond)
	cancel()
	began := time.Now()
	if _, err := chat.Send(ctx, briefs.Outgoing{Place: briefs.Place{Room: d.Room()}, Part: briefs.Part{Text: "Too late."}}, "chattest:late#1"); err == nil {
		t.Error("what was cancelled is sent")
	}
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("Run does not end")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func refused(t *testing.T, d *desk) {
	d.start()
	if c, ok := d.chat.(bot.Checker); ok {
		if err := d.connected(func() error { return c.Check(t.Context(), d.Room()) }); err != nil {
			t.Errorf("its room: %v", err)
		}
	}
	if _, err := d.send(briefs.Place{Room: d.Nowhere()}, "chattest:nowhere", bot.Block{Kind: bot.BlockText, Text: "Hello."}); !errors.Is(err, briefs.ErrNotFound) && !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("a room that is not there: %v", err)
	}
}
