package main

import (
	"context"

	"briefdesk/bot"
	"briefdesk/store"
)

// connectMatrix makes the connection that the configuration wants; a nil chat
// for none. done ends its use. desk is nil where nobody can ask.
func (a *app) connectMatrix(_ context.Context, _ store.Backend, _ *bot.Responder) (chat bot.Chat, done func(), err error) {
	return nil, nil, nil
}
