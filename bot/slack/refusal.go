package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

const missingScope = "missing_scope"

// refusal is a call that did not succeed. It unwraps to ErrUnavailable,
// ErrNotFound or ErrInvalid when Slack certainly did nothing, and to nothing
// when nobody can tell. It holds nothing of what was sent.
type refusal struct {
	method string
	code   string        // Slack's, "http 503", or "lost"
	needed string        // the scope that is missing
	after  time.Duration // how long to wait, when there were too many calls
	kind   error
	cause  string // of what never reached Slack
}

func (r *refusal) Unwrap() error { return r.kind }

func (r *refusal) Error() string {
	line := "Slack " + r.method + ": " + r.code
	if r.cause != "" {
		line += ": " + r.cause
	}
	if r.code == missingScope {
		return line + ": add the scope " + r.needed + " to the app and install it again"
	}
	if m := mend(r.code); m != "" {
		line += ": " + m
	}
	return line
}

// dead reports whether the token is worth nothing any more.
func (r *refusal) dead() bool {
	switch r.code {
	case "account_inactive", "token_revoked", "invalid_auth":
		return true
	}
	return false
}

// posting are the methods that may not be called twice when the outcome of the
// first call is unknown.
func posting(method string) bool {
	return method == "chat.postMessage" || method == "chat.postEphemeral" || method == responseMethod
}

// judge says what an error of slack-go means; reached tells that a connection
// was there, over which the call may have gone.
func judge(method string, err error, reached bool) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	r = &refusal{method: method, code: "lost"}
	var said slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &limited):
		r.code, r.kind, r.after = "ratelimited", briefs.ErrUnavailable, max(limited.RetryAfter, time.Second)
	case errors.As(err, &said):
		r.code, r.kind, r.needed = said.Err, kindOf(said.Err), said.Needed
		if said.Err == "ratelimited" || said.Err == "rate_limited" {
			r.after = time.Second
		}
	case errors.As(err, &status):
		r.code, r.kind = fmt.Sprintf("http %d", status.Code), kindOfStatus(status.Code)
		if status.Code == http.StatusTooManyRequests {
			r.after = time.Second
		}
	case !reached:
		r.kind, r.cause = briefs.ErrUnavailable, short(err)
	}
	if r.kind == nil && !posting(method) {
		r.kind = briefs.ErrUnavailable
	}
	return r
}

// short is why Slack was not reached, without its address, which may hold
// secrets.
func short(err error) string {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}

func kindOfStatus(code int) error {
	switch {
	case code == http.StatusRequestEntityTooLarge:
		return briefs.ErrInvalid
	case code >= 400 && code < 500 && code != http.StatusRequestTimeout:
		return briefs.ErrUnavailable
	}
	return nil
}

// kindOf sorts the errors of the methods called here, as their references list
// them (https://docs.slack.dev/reference/methods). An unknown one is taken for
// one that passes.
func kindOf(code string) error {
	switch code {
	case "fatal_error", "internal_error": // "some aspect of the operation" may have succeeded
		return nil
	case "channel_not_found", "not_in_channel", "is_archived", "channel_is_limited_access", "channel_type_not_supported",
		"user_not_found", "user_not_visible", "user_disabled", "user_not_in_channel", "users_not_found", "cannot_dm_bot",
		"messages_tab_disabled", "posting_to_channel_denied", "team_not_found", "is_inactive",
		"thread_not_found", "message_not_found", "edit_window_closed", "cant_update_message", "cannot_reply_to_message",
		"restricted_action", "restricted_action_non_threadable_channel", "restricted_action_read_only_channel",
		"restricted_action_thread_locked", "restricted_action_thread_only_channel":
		return briefs.ErrNotFound
	case "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "block_mismatch",
		"too_many_attachments", "attachment_payload_limit_exceeded", "markdown_text_conflict", "metadata_too_large",
		"invalid_metadata_format", "invalid_metadata_schema", "invalid_arguments", "invalid_form_data", "invalid_charset",
		"missing_file_data", "invalid_attachments", "alt_txt_too_large", "file_type_not_allowed", "file_upload_size_restricted", "view_too_large":
		return briefs.ErrInvalid
	}
	return briefs.ErrUnavailable
}

// refusedBlocks reports whether err says that a plainer form may be taken.
func refusedBlocks(err error) bool {
	var r *refusal
	if !errors.As(err, &r) {
		return false
	}
	switch r.code {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "block_mismatch",
		"markdown_text_conflict", "invalid_arguments", "missing_file_data", "invalid_attachments":
		return true
	}
	return false
}

// code is what Slack said; "" for an error of another make.
func code(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return ""
}

// mend says what can be done about an error of Slack; "" where nobody knows.
func mend(code string) string {
	switch code {
	case "channel_not_found":
		return "the channel is gone, or the bot is not in it: invite the bot there"
	case "not_in_channel":
		return "the bot is not in the channel: invite it there"
	case "is_archived":
		return "the channel is archived: take it out of the archive, or configure another"
	case "account_inactive":
		return "the app was removed from the workspace: install it again"
	case "token_revoked", "token_expired":
		return "the token is worth nothing any more: install the app again"
	case "invalid_auth", "not_authed":
		return "the token is not valid: set BRIEFDESK_SLACK_BOT_TOKEN to that of the app"
	case "messages_tab_disabled":
		return "the app takes no direct messages: switch on its messages tab"
	case "ratelimited", "rate_limited":
		return "Slack asks to wait"
	}
	return ""
}
