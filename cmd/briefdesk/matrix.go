package main

import (
	"context"

	"briefdesk/bot"
	"briefdesk/bot/matrix"
	"briefdesk/briefs"
	"briefdesk/store"
)

// matrixKeys is what the name of the file of Matrix's keys has behind that of
// the library.
const matrixKeys = ".matrix"

// connectMatrix makes the connection that the configuration wants; a nil chat
// for none. done ends its use. desk is nil where nobody can ask: then it is for
// posting alone.
func (a *app) connectMatrix(_ context.Context, lib store.Backend, desk *bot.Responder) (chat bot.Chat, done func(), err error) {
	if a.cfg.Matrix.Homeserver == "" {
		return nil, nil, nil
	}
	o := a.matrixOptions(lib)
	o.Alone = desk == nil
	c, err := matrix.New(a.log, o)
	if err != nil {
		return nil, nil, err
	}
	return c, c.Close, nil
}

// matrixOptions is the connection that the configuration wants. The sign-in is
// sealed with the secret key, or where there is none with the pickle key.
func (a *app) matrixOptions(keep matrix.Keeper) matrix.Options {
	c, s := a.cfg.Matrix, a.cfg.Secrets
	secret := s.SecretKey.Reveal()
	if secret == "" {
		secret = s.MatrixPickleKey.Reveal()
	}
	return matrix.Options{
		Homeserver: c.Homeserver, UserID: c.UserID, Password: s.MatrixPassword.Reveal(), AccessToken: s.MatrixAccessToken.Reveal(),
		CryptoFile: a.libraryPath() + matrixKeys, PickleKey: s.MatrixPickleKey.Reveal(), RecoveryKey: s.MatrixRecoveryKey.Reveal(),
		AllowFrom: c.AllowInvitesFrom, Keep: keep, Secret: secret, Now: a.now,
		Listed: func(room briefs.RoomID) bool { _, ok := a.cfg.Rooms[string(room)]; return ok },
	}
}
