package slack

import (
	"bytes"
	"context"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// altMost is how much of a description Slack takes, in bytes
// (https://docs.slack.dev/reference/methods/files.getUploadURLExternal).
const altMost = 1000

// uploadSettles is how long Slack gets to know a picture, when it refuses a
// message that shows it: what was uploaded is looked at before it can be shown.
const uploadSettles = 2 * time.Second

// upload brings the picture of a part to Slack and returns its id; "" when
// that failed: then its words stand for it, which say why where somebody can
// mend it. A picture that is uploaded and never shown is seen by nobody.
func (c *Chat) upload(ctx context.Context, t *team, p *briefs.Part) string {
	id, err := c.uploadPicture(ctx, t, p)
	if err == nil {
		return id
	}
	if code(err) == missingScope {
		p.Alt += " (The picture is not shown: the app lacks the scope files:write.)"
	}
	c.log.Warn("a picture could not be brought to Slack: its words are shown", "error", err)
	return ""
}

func (c *Chat) uploadPicture(ctx context.Context, t *team, p *briefs.Part) (string, error) {
	var to *slack.GetUploadURLExternalResponse
	err := c.call(ctx, t, "files.getUploadURLExternal", "", func(ctx context.Context, api *slack.Client) (err error) {
		to, err = api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			AltTxt: shorten(p.Alt, altMost), FileName: "chart.png", FileSize: len(p.Image),
		})
		return err
	})
	if err != nil {
		return "", err
	}
	err = c.call(ctx, t, "upload", "", func(ctx context.Context, api *slack.Client) error {
		return api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: to.UploadURL, Reader: bytes.NewReader(p.Image), Filename: "chart.png"})
	})
	if err != nil {
		return "", err
	}
	err = c.call(ctx, t, "files.completeUploadExternal", "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: to.FileID, Title: "Chart"}}})
		return err
	})
	return to.FileID, err
}
