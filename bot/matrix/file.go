package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

var _ bot.Opener = (*Chat)(nil)

// downloadTimeout is how long the content of a file may take.
const downloadTimeout = 2 * time.Minute

// fileRef is the Ref of a bot.File: where its content is, and the key to it
// where it is encrypted.
type fileRef struct {
	URL  string                   `json:"url,omitempty"`
	File *event.EncryptedFileInfo `json:"file,omitempty"`
}

// fileOf is the file that a message brings, if it does.
func fileOf(content *event.MessageEventContent) (bot.File, bool) {
	if content.MsgType != event.MsgFile || content.URL == "" && (content.File == nil || content.File.URL == "") {
		return bot.File{}, false
	}
	ref := fileRef{URL: string(content.URL)}
	if content.File != nil && content.File.URL != "" {
		ref = fileRef{File: content.File}
	}
	data, err := json.Marshal(ref)
	if err != nil {
		return bot.File{}, false
	}
	f := bot.File{Name: clip(content.GetFileName()), Ref: string(data)}
	if content.Info != nil {
		f.Type, f.Size = content.Info.MimeType, int64(max(content.Info.Size, 0))
	}
	if f.Name == "" {
		f.Name = "file"
	}
	return f, true
}

// OpenFile implements bot.Opener.
func (c *Chat) OpenFile(ctx context.Context, room briefs.RoomID, f bot.File, limit int64) ([]byte, error) {
	var ref fileRef
	if err := json.Unmarshal([]byte(f.Ref), &ref); err != nil {
		return nil, briefs.Fault(briefs.ErrInvalid, "%s: its message cannot be read: send it again", f.Name)
	}
	at := id.ContentURIString(ref.URL)
	if ref.File != nil {
		at = ref.File.URL
		if err := ref.File.PrepareForDecryption(); err != nil {
			return nil, briefs.Fault(briefs.ErrInvalid, "%s: its key cannot be read: send it again", f.Name)
		}
	}
	uri, err := at.Parse()
	if err != nil || !uri.IsValid() || strings.HasPrefix(uri.Homeserver, ".") { // a path upwards
		return nil, briefs.Fault(briefs.ErrInvalid, "%s: its address cannot be read: send it again", f.Name)
	}
	if f.Size > limit {
		return nil, tooLarge(f.Name, limit)
	}
	client, _, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	defer cancel()
	resp, err := client.Download(ctx, uri)
	if errors.Is(err, mautrix.ErrResponseTooLong) {
		return nil, tooLarge(f.Name, limit)
	}
	if err != nil {
		if err = fault(err, "a file"); errors.Is(err, briefs.ErrNotFound) {
			return nil, briefs.Fault(briefs.ErrNotFound, "%s: the homeserver does not have it any more: send it again", f.Name)
		}
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s: %s", f.Name, cause(err))
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s: the homeserver broke off: %s", f.Name, cause(err))
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(f.Name, limit)
	}
	if ref.File != nil {
		if err := ref.File.DecryptInPlace(data); err != nil {
			return nil, briefs.Fault(briefs.ErrInvalid, "%s: cannot be decrypted: send it again", f.Name)
		}
	}
	return data, nil
}

func tooLarge(name string, limit int64) error {
	return briefs.Fault(briefs.ErrInvalid, "%s: is above the %d MB limit: split it", name, limit>>20)
}
