package matrix

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	_ "image/png" // charts
	"strconv"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

const (
	// keyField carries the key of a message in its content, pieceField which of
	// its events this is, from 1, and piecesField how many there are.
	keyField    = "dev.briefdesk.key"
	pieceField  = "dev.briefdesk.piece"
	piecesField = "dev.briefdesk.pieces"

	resends    = 3               // of a request whose answer was lost
	resendWait = 2 * time.Second // before it is sent again: a homeserver shows late what it has taken
	longLimit  = 30 * time.Second
)

// outgoing is one event of a message, before it is encrypted.
type outgoing struct {
	content *event.MessageEventContent
	picture []byte
	alt     string
}

// Send implements bot.Chat. A message that is too long, or has a picture, is
// several events; the receipt is the first one's. Nothing is ever posted in
// plain to an encrypted room.
func (c *Chat) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (receipt string, err error) {
	client, crypt, err := c.connect(ctx)
	if err != nil {
		return "", err
	}
	if o.Only != "" {
		if o.Room, err = c.privately(ctx, o.Only); err != nil {
			return "", err
		}
		o.Thread = ""
	}
	messages, err := renderWithin(o.Part, limitOf(&o))
	if err != nil {
		return "", err
	}
	v, err := c.current(ctx, o.Room)
	if err != nil {
		return "", err
	}
	if v.Encrypted && crypt == nil {
		return "", cannotWrite(o.Room)
	}
	release, err := c.enter(ctx, v.ID)
	if err != nil {
		return "", briefs.Fault(briefs.ErrUnavailable, "matrix: room %s: %v", o.Room, err)
	}
	defer release()
	all := compose(&o, messages)
	s := &sending{Chat: c, client: client, cipher: crypt, room: v, place: o.Place, key: key, have: c.piecesOf(key), total: len(all)}
	for i, m := range all {
		at, ok := s.have[i+1]
		if !ok {
			if at, err = s.post(ctx, i+1, m); err != nil {
				if i > 0 || s.begun {
					err = fmt.Errorf("%s (%w)", err.Error(), errLost) // not of its kind: a part is posted
				}
				return "", err
			}
			s.have[i+1] = at
			c.notePiece(key, i+1, at)
		}
		if i == 0 {
			receipt = at
		}
	}
	c.dropPieces(key)
	return receipt, nil
}

// limitOf is how long the messages of o may be, as length counts: an edit says
// all twice, for clients that know no edits.
func limitOf(o *briefs.Outgoing) int {
	if o.Replace != "" {
		return pieceLength / 2
	}
	return pieceLength
}

// compose makes the events of a message.
func compose(o *briefs.Outgoing, messages []message) []outgoing {
	var all []outgoing
	if len(o.Part.Image) > 0 && len(o.Part.Body) == 0 && o.Part.Text == o.Part.Alt {
		messages = nil // the picture says it all
	}
	for i, m := range messages {
		content := &event.MessageEventContent{MsgType: event.MsgNotice, Body: m.body, Format: event.FormatHTML, FormattedBody: m.html, Mentions: &event.Mentions{}}
		if i == 0 && o.Replace != "" {
			next := *content
			content.NewContent = &next
			content.Body = "* " + content.Body
			content.RelatesTo = (&event.RelatesTo{}).SetReplace(id.EventID(o.Replace))
		} else {
			content.RelatesTo = threadRelation(o.Thread)
		}
		all = append(all, outgoing{content: content})
	}
	if len(o.Part.Image) > 0 {
		all = append(all, outgoing{
			content: &event.MessageEventContent{MsgType: event.MsgImage, Body: o.Part.Alt, FileName: "chart.png", Mentions: &event.Mentions{}, RelatesTo: threadRelation(o.Thread)},
			picture: o.Part.Image, alt: o.Part.Alt,
		})
	}
	return all
}

// threadRelation puts a message into a thread; clients that know none show it
// as a reply.
func threadRelation(thread string) *event.RelatesTo {
	if thread == "" {
		return nil
	}
	return (&event.RelatesTo{}).SetThread(id.EventID(thread), id.EventID(thread))
}

// enter waits until nothing else is being sent to a room.
func (c *Chat) enter(ctx context.Context, at id.RoomID) (release func(), err error) {
	c.mu.Lock()
	lane := c.lanes[at]
	if lane == nil {
		lane = make(chan struct{}, 1)
		c.lanes[at] = lane
	}
	c.mu.Unlock()
	select {
	case lane <- struct{}{}:
		return func() { <-lane }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// sending is a message on its way.
type sending struct {
	*Chat
	client *mautrix.Client
	cipher cipher
	room   roomView
	place  briefs.Place
	key    briefs.DeliveryKey
	have   map[int]string
	total  int
	begun  bool // something may have been posted
}

// protect asks the homeserver, before anything plain is sent, whether the room
// has become encrypted; from then on what is sent is encrypted.
func (s *sending) protect(ctx context.Context) error {
	if s.room.Encrypted {
		return nil
	}
	now, err := s.encryptedNow(ctx, s.client, s.room.ID)
	if err != nil || !now {
		return err
	}
	if s.cipher == nil {
		return cannotWrite(s.place.Room)
	}
	v, err := s.Chat.room(ctx, s.room.ID)
	if err != nil {
		return err
	}
	if !v.Encrypted { // what was asked for before came after
		s.forget(s.room.ID)
		return briefs.Fault(briefs.ErrUnavailable, "matrix: room %s: has become encrypted just now", s.place.Room)
	}
	s.room = v
	return nil
}

// post posts one event. An answer that is lost leaves open whether it was: the
// room is looked at before the same is sent again, under the same transaction
// id.
func (s *sending) post(ctx context.Context, piece int, m outgoing) (receipt string, err error) {
	if err := s.protect(ctx); err != nil {
		return "", err
	}
	plain, again := !s.room.Encrypted, m
	if plain { // the content may be needed once more, without the address of a picture in plain
		content := *m.content
		again.content = &content
	}
	if m.picture != nil {
		if err := s.upload(ctx, &m); err != nil {
			return "", err
		}
	}
	kind := event.EventMessage
	var content any = &event.Content{Parsed: m.content, Raw: map[string]any{keyField: string(s.key), pieceField: piece, piecesField: s.total}}
	if s.room.Encrypted {
		sealed, err := s.cipher.encrypt(ctx, s.room.ID, kind, content, s.room.Present)
		if err != nil {
			return "", briefs.Fault(briefs.ErrUnavailable, "matrix: room %s: encrypting: %v", s.place.Room, err)
		}
		kind, content = event.EventEncrypted, sealed
	}
	limited := time.Duration(0)
	for try := 0; ; {
		if plain && (m.picture != nil || limited > 0 || try > 0) { // time has gone by
			if err := s.protect(ctx); err != nil {
				return "", err
			}
			if s.room.Encrypted {
				return s.post(ctx, piece, again)
			}
		}
		resp, err := s.client.SendMessageEvent(ctx, s.room.ID, kind, content, mautrix.ReqSendEvent{TransactionID: transaction(s.key, piece), DontEncrypt: true})
		if err == nil {
			return string(resp.EventID), nil
		}
		if wait := retryAfter(err); wait > 0 {
			if limited += wait; limited > longLimit || sleep(ctx, wait) != nil {
				return "", fault(err, "room "+string(s.place.Room))
			}
			continue
		}
		told := fault(err, "room "+string(s.place.Room))
		if errors.Is(err, mautrix.MForbidden) || errors.Is(told, briefs.ErrNotFound) {
			s.forget(s.room.ID)
		}
		if !errors.Is(told, errLost) {
			return "", told
		}
		s.begun = true
		if try++; try > resends || sleep(ctx, resendWait) != nil {
			return "", told
		}
		found, err := s.look(ctx, s.client, s.cipher, s.room, s.place.Thread, s.key)
		if err != nil {
			return "", told
		}
		if at, ok := found.pieces[piece]; ok {
			return at, nil
		}
	}
}

// upload puts a picture into the homeserver's store, encrypted where the room
// is, and its address into the message.
func (s *sending) upload(ctx context.Context, m *outgoing) error {
	info := &event.FileInfo{MimeType: "image/png", Size: len(m.picture)}
	if cfg, _, err := image.DecodeConfig(bytes.NewReader(m.picture)); err == nil {
		info.Width, info.Height = cfg.Width, cfg.Height
	}
	data, kind := bytes.Clone(m.picture), "image/png"
	var file *attachment.EncryptedFile
	if s.room.Encrypted {
		file = attachment.NewEncryptedFile()
		file.EncryptInPlace(data)
		kind = "application/octet-stream"
	}
	resp, err := s.client.UploadBytes(ctx, data, kind)
	if err != nil { // an upload that nothing refers to is no post
		return briefs.Fault(briefs.ErrUnavailable, "matrix: room %s: a picture: %s", s.place.Room, cause(err))
	}
	if file != nil {
		m.content.File = &event.EncryptedFileInfo{EncryptedFile: *file, URL: resp.ContentURI.CUString()}
	} else {
		m.content.URL = resp.ContentURI.CUString()
	}
	m.content.Info = info
	if m.alt == "" {
		m.content.Body = "chart.png"
	}
	return nil
}

// transaction is the id under which an event of a message is sent, the same in
// every attempt.
func transaction(key briefs.DeliveryKey, piece int) string {
	sum := sha256.Sum256([]byte(string(key) + "\x00" + strconv.Itoa(piece)))
	return "briefdesk-" + base64.RawURLEncoding.EncodeToString(sum[:18])
}

// Check implements bot.Checker. Before Run has signed in nobody can tell, and
// the room is trusted.
func (c *Chat) Check(ctx context.Context, room briefs.RoomID) error {
	if _, _, err := roomOf(room); err != nil {
		return err
	}
	_, crypt, err := c.connect(ctx)
	if err != nil && !c.o.Alone {
		return nil
	}
	if err != nil {
		return err
	}
	v, err := c.current(ctx, room)
	if err != nil || !v.Encrypted || crypt != nil {
		return err
	}
	return cannotWrite(room)
}

func cannotWrite(room briefs.RoomID) error {
	return briefs.Fault(briefs.ErrInvalid, "matrix: room %s is encrypted, and the bot cannot write there: take the release build, and set BRIEFDESK_MATRIX_PICKLE_KEY", room)
}
