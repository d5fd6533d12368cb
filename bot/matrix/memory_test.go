//go:build homeserver && goolm

package matrix_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"briefdesk/bot"
	"briefdesk/bot/chattest"
	"briefdesk/bot/matrix"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// counted counts what is sent.
type counted struct {
	*matrix.Chat
	sent atomic.Int64
}

func (c *counted) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	receipt, err := c.Chat.Send(ctx, o, key)
	if err == nil {
		c.sent.Add(1)
	}
	return receipt, err
}

// Memory stays what it is, however much was asked, in plain rooms and in an
// encrypted one, and nothing is left running. With BRIEFDESK_PROVE it asks
// 10,000 questions.
func TestMemory(t *testing.T) {
	rooms, each, rounds := 4, 5, 4
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		rooms, each, rounds = 10, 100, 10
	}
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	peer := matrixtest.NewPeer(t, hs, ana)
	o := options(t, hs)
	o.Client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	chat, err := matrix.New(slog.New(slog.DiscardHandler), o)
	if err != nil {
		t.Fatal(err)
	}
	office := chattest.NewOffice(t, time.Now)
	posts := &counted{Chat: chat}
	w, r := office.Worker(posts, bot.WorkerOptions{Platform: "matrix"})
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = w.Run(ctx) })
	running.Go(func() { _ = chat.Run(ctx, r.Handle) })
	defer func() {
		cancel()
		running.Wait()
	}()
	var in []string
	for i := range rooms {
		room := ana.CreateRoom(t, matrixtest.Room{Name: fmt.Sprint("room ", i), Encrypted: i == 0, Invite: []string{o.UserID}})
		member(t, ana, room, o.UserID)
		in = append(in, room)
	}
	until(t, "the bot greets", func() bool { return posts.sent.Load() >= int64(rooms) })
	question := "desk: " + chattest.Reason
	var heaps, goroutines []int
	for round := range rounds {
		want := posts.sent.Load() + int64(rooms*each)
		var asking sync.WaitGroup
		for i, room := range in {
			asking.Go(func() {
				for n := range each {
					if i == 0 {
						peer.Send(room, question, mention(o.UserID))
					} else {
						ana.Send(t, room, "m.room.message", fmt.Sprint(round, "-", i, "-", n), text(question, o.UserID))
					}
				}
			})
		}
		asking.Wait()
		end := time.Now().Add(15 * time.Minute) // many, on a busy machine
		for posts.sent.Load() < want && time.Now().Before(end) {
			time.Sleep(50 * time.Millisecond)
		}
		if posts.sent.Load() != want {
			t.Errorf("%d answers, want %d", posts.sent.Load(), want)
		}
		peer.Discard()
		heap, running := settled()
		heaps, goroutines = append(heaps, heap), append(goroutines, running)
		t.Logf("after %5d questions: heap %.1f MB, %d goroutines", (round+1)*rooms*each, float64(heap)/1e6, running)
	}
	const slack = 6 << 20 // caches fill; what was asked takes more than 200 MB
	if grown := heaps[rounds-1] - heaps[rounds/3]; grown > slack {
		t.Errorf("the heap grew by %d bytes: %v", grown, heaps)
	}
	if grown := goroutines[rounds-1] - goroutines[rounds/3]; grown > 20 {
		t.Errorf("%d more goroutines: %v", grown, goroutines)
	}
	cancel()
	running.Wait()
	o.Client.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(before, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop")); err != nil {
		t.Error(err)
	}
}

// settled is how much of the heap is in use, in bytes, and how many goroutines
// run, at the quietest of some moments: the bot still hears what it said.
func settled() (heap, running int) {
	for i := range 4 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if i == 0 || int(m.HeapAlloc) < heap {
			heap = int(m.HeapAlloc)
		}
		if n := runtime.NumGoroutine(); i == 0 || n < running {
			running = n
		}
		time.Sleep(300 * time.Millisecond)
	}
	return heap, running
}
