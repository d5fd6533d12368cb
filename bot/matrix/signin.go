package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

// keptSignIn is where the sign-in is kept; keptDevice is the name of the
// device, which is no secret.
const (
	keptSignIn = "sign-in"
	keptDevice = "device"
)

// signIn connects: with the token that is kept, else with the one of the
// options, else by password, as the same device as before wherever it lives.
func (c *Chat) signIn(ctx context.Context) error {
	client, err := c.newClient()
	if err != nil {
		return err
	}
	fresh, err := c.token(ctx, client, false)
	if err != nil {
		return err
	}
	crypt, err := c.openKeys(ctx, client)
	if errors.Is(err, errForgotten) && !fresh && c.o.Password != "" {
		// The device was signed out and then in again under its old name,
		// without its keys: only a new one can be trusted.
		c.log.Warn("matrix: the device was signed out elsewhere: beginning with a new one", "device", string(client.DeviceID))
		if _, err = c.token(ctx, client, true); err != nil {
			return err
		}
		crypt, err = c.openKeys(ctx, client)
	}
	if errors.Is(err, errForgotten) {
		return briefs.Fault(briefs.ErrInvalid, "matrix: device %s: %v: set BRIEFDESK_MATRIX_PASSWORD, or the access token of a new device", client.DeviceID, errForgotten)
	}
	if err != nil {
		return err
	}
	names := c.ownNames(ctx, client)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.client, c.cipher, c.names = client, crypt, names
	c.log.Info("matrix: signed in", "user", c.o.UserID, "device", string(client.DeviceID), "encrypted_rooms", crypt != nil)
	return nil
}

// openKeys opens the cipher; nil where encrypted rooms cannot be used, which
// the operator is told.
func (c *Chat) openKeys(ctx context.Context, client *mautrix.Client) (cipher, error) {
	switch {
	case !Encrypts:
		c.log.Error("matrix: this build cannot use encrypted rooms: take the release build, made with -tags goolm")
		return nil, nil
	case c.o.CryptoFile == "" || c.o.PickleKey == "":
		c.log.Error("matrix: encrypted rooms are off: set BRIEFDESK_MATRIX_PICKLE_KEY, for example to what openssl rand -base64 32 prints")
		return nil, nil
	}
	return openCipher(ctx, c.log, client, &c.o)
}

// token puts a token that works into client. another asks for a device that
// did not exist before; made reports that it is one.
func (c *Chat) token(ctx context.Context, client *mautrix.Client, another bool) (made bool, err error) {
	if !another {
		for _, t := range []string{c.keptToken(ctx), c.o.AccessToken} {
			if t == "" {
				continue
			}
			client.AccessToken = t
			who, err := client.Whoami(ctx)
			switch {
			case err == nil && who.UserID != id.UserID(c.o.UserID):
				return false, briefs.Fault(briefs.ErrInvalid, "matrix: the access token is of %s, and matrix.user_id is %s: write the one that is meant", who.UserID, c.o.UserID)
			case err == nil:
				client.DeviceID = who.DeviceID
				return false, nil
			case !errors.Is(err, mautrix.MUnknownToken):
				return false, signInFault(err)
			}
			c.log.Warn("matrix: the access token has died", "soft_logout", softLogout(err))
			if !softLogout(err) {
				another = true // the device is gone, and its keys with it
			}
		}
	}
	if c.o.Password == "" {
		return false, briefs.Fault(briefs.ErrInvalid, "matrix: the homeserver refuses the access token: set BRIEFDESK_MATRIX_ACCESS_TOKEN to a new one, or BRIEFDESK_MATRIX_PASSWORD")
	}
	var device id.DeviceID
	if !another {
		known, err := c.load(ctx, keptDevice)
		if err != nil {
			return false, err
		}
		device = id.DeviceID(known)
	}
	client.AccessToken = ""
	resp, err := c.login(ctx, client, device)
	if err != nil {
		return false, err
	}
	return device == "", c.keepSignIn(ctx, resp)
}

// login signs in by password, waiting where the homeserver wants that.
func (c *Chat) login(ctx context.Context, client *mautrix.Client, device id.DeviceID) (*mautrix.RespLogin, error) {
	for range 5 {
		resp, err := client.Login(ctx, &mautrix.ReqLogin{
			Type:       mautrix.AuthTypePassword,
			Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: c.o.UserID},
			Password:   c.o.Password, DeviceID: device, InitialDeviceDisplayName: "briefdesk", StoreCredentials: true,
		})
		if wait := retryAfter(err); wait > 0 {
			if err := sleep(ctx, wait); err != nil {
				return nil, err
			}
			continue
		}
		if errors.Is(err, mautrix.MForbidden) {
			return nil, briefs.Fault(briefs.ErrInvalid, "matrix: the homeserver refuses the password of %s: set BRIEFDESK_MATRIX_PASSWORD again", c.o.UserID)
		}
		if err != nil {
			return nil, signInFault(err)
		}
		return resp, nil
	}
	return nil, briefs.Fault(briefs.ErrUnavailable, "matrix: signing in: M_LIMIT_EXCEEDED")
}

// signInFault is an error of signing in, of which the outcome does not matter.
func signInFault(err error) error { return readFault(err, "signing in") }

type signedIn struct {
	Token string `json:"token"`
}

// keptToken is the token that is kept; empty when there is none that can be
// read.
func (c *Chat) keptToken(ctx context.Context) string {
	sealed, err := c.load(ctx, keptSignIn)
	if err != nil || sealed == nil || c.box == nil {
		return ""
	}
	plain, ok := c.box.open(c.kept(keptSignIn), sealed)
	if !ok {
		c.log.Warn("matrix: the sign-in that is kept was sealed with another key: signing in anew")
		return ""
	}
	var s signedIn
	_ = json.Unmarshal(plain, &s)
	return s.Token
}

func (c *Chat) keepSignIn(ctx context.Context, resp *mautrix.RespLogin) error {
	ctx = context.WithoutCancel(ctx)
	if err := c.o.Keep.Keep(ctx, c.kept(keptDevice), []byte(resp.DeviceID)); err != nil {
		return err
	}
	if c.box == nil {
		return nil
	}
	plain, err := json.Marshal(signedIn{Token: resp.AccessToken})
	if err != nil {
		return err
	}
	return c.o.Keep.Keep(ctx, c.kept(keptSignIn), c.box.seal(c.kept(keptSignIn), plain))
}

// ownNames are what people call the bot, besides its id.
func (c *Chat) ownNames(ctx context.Context, client *mautrix.Client) []string {
	name, _ := splitUser(c.o.UserID)
	names := []string{name}
	if shown, err := client.GetOwnDisplayName(ctx); err == nil && shown.DisplayName != "" && shown.DisplayName != name {
		names = append([]string{shown.DisplayName}, names...)
	}
	return names
}

// sleep waits, or returns the error of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// typeOf is what evt is: mautrix tells state from messages by the class.
func classify(evt *event.Event) {
	if evt.StateKey != nil {
		evt.Type.Class = event.StateEventType
	} else {
		evt.Type.Class = event.MessageEventType
	}
}
