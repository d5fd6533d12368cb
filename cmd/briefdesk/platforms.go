package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/console"
	"briefdesk/bot/slack"
	"briefdesk/bot/web"
	"briefdesk/store"
)

// platform is one that this process is connected to.
type platform struct {
	name   string // what stands before the colon of its rooms
	chat   bot.Chat
	listen listening // where it reaches us; nothing for most
	close  func()
}

// connect connects to the platforms that are configured, and to the rooms of
// the console in file, unless that is empty. desk answers forms; nil where
// nobody can fill in any. metrics may be nil.
func (a *app) connect(ctx context.Context, lib store.Backend, desk *bot.Responder, metrics *web.Metrics, file string) (all platforms, err error) {
	defer func() {
		if err != nil {
			all.close()
			all = nil
		}
	}()
	if file != "" {
		c, err := console.Open(file, a.now)
		if err != nil {
			return all, err
		}
		all = append(all, platform{name: strings.TrimSuffix(console.Prefix, ":"), chat: c, close: func() { _ = c.Close() }})
	}
	var forms slack.Desk
	if desk != nil {
		forms = desk
	}
	side, err := a.connectSlack(lib, forms, metrics)
	if err != nil {
		return all, err
	}
	if side != nil {
		all = append(all, platform{name: "slack", chat: side.chat, listen: side.listen, close: side.close})
	}
	chat, done, err := a.connectMatrix(ctx, lib, desk)
	if err != nil {
		return all, err
	}
	if chat != nil {
		all = append(all, platform{name: "matrix", chat: chat, close: done})
	}
	return all, nil
}

type platforms []platform

func (all platforms) close() {
	for _, p := range all {
		p.close()
	}
}

// mux sends to the rooms of all.
func (all platforms) mux() bot.Mux {
	m := bot.Mux{}
	for _, p := range all {
		m[p.name] = p.chat
	}
	return m
}

// listens are where the platforms reach us.
func (all platforms) listens() []listening {
	var out []listening
	for _, p := range all {
		if p.listen.Listener != nil {
			out = append(out, p.listen)
		}
	}
	return out
}

// The pauses before a connection that ended is made again, which is seldom:
// the adapters mend what can be mended themselves.
const (
	firstReconnect = 5 * time.Second
	lastReconnect  = 5 * time.Minute
)

// runRooms hears and answers what is asked on all until ctx ends, and returns
// when what was being sent has come to its end.
func (a *app) runRooms(ctx context.Context, lib store.Backend, all platforms, by *bot.Responder, metrics *web.Metrics) {
	var work sync.WaitGroup
	for _, p := range all {
		w := bot.NewWorker(a.log, lib, by, p.chat, bot.WorkerOptions{
			Platform: p.name, Now: a.now, Observe: func(k bot.Work) { metrics.Work(p.name, string(k.Kind), k.Took) },
		})
		heard := bot.NewReceiver(a.log, lib, by.Wants, w.Wake, a.now)
		work.Go(func() { _ = w.Run(ctx) }) // ends with ctx
		work.Go(func() { a.runPlatform(ctx, p, heard.Handle) })
	}
	work.Wait()
}

// runPlatform hears what is said on p until ctx ends.
func (a *app) runPlatform(ctx context.Context, p platform, heard bot.Handler) {
	for wait := firstReconnect; ctx.Err() == nil; wait = min(2*wait, lastReconnect) {
		err := p.chat.Run(ctx, heard)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("the connection ended")
		}
		fmt.Fprintf(a.stderr, "briefdesk: warning: %s: %s: trying again in %s\n", p.name, oneLine(err), wait)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}
