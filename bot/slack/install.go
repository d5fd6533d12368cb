package slack

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// The paths below the public address.
const (
	EventPath   = "/slack"         // where Slack sends what happens
	InstallPath = "/slack/install" // where admins begin to install
	oauthPath   = "/slack/oauth"
)

// stateLasts is how long somebody may look at Slack's question whether to
// install; the code that Slack then gives lasts 10 minutes too
// (https://docs.slack.dev/authentication/installing-with-oauth).
const stateLasts = 10 * time.Minute

// stateCookie binds a state to the browser that began.
const stateCookie = "briefdesk_slack_install"

// InstallerOptions says who may install the app, and how.
type InstallerOptions struct {
	PublicURL  string   // where Slack and admins reach this server, without a slash at its end
	Scopes     []string // asked for
	Workspaces []string // "T0AB" or, for all of an organisation, "E0AB": those that may install
}

// Installer installs the app in workspaces by OAuth v2: it serves
// GET /slack/install, which leads to Slack, and GET /slack/oauth, to which
// Slack leads back.
type Installer struct {
	log *slog.Logger
	InstallerOptions
	installs *Installs
	key      []byte // proves states
}

// NewInstaller returns an installer that keeps what it installs in installs.
func NewInstaller(log *slog.Logger, installs *Installs, o InstallerOptions) (*Installer, error) {
	key, err := hkdf.Key(sha256.New, installs.o.Secret, nil, "briefdesk slack states 1", 32)
	if err != nil {
		return nil, err
	}
	return &Installer{log: log, InstallerOptions: o, installs: installs, key: key}, nil
}

// Handler serves both paths.
func (i *Installer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+InstallPath, i.begin)
	mux.HandleFunc("GET "+oauthPath, i.end)
	return mux
}

func (i *Installer) redirectURL() string { return i.PublicURL + oauthPath }

// begin leads to Slack's question.
func (i *Installer) begin(w http.ResponseWriter, r *http.Request) {
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails
	http.SetCookie(w, &http.Cookie{
		Name: stateCookie, Value: base64.RawURLEncoding.EncodeToString(nonce), Path: "/", MaxAge: int(stateLasts / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(i.PublicURL, "https:"),
	})
	q := url.Values{
		"client_id": {i.installs.o.ClientID}, "scope": {strings.Join(i.Scopes, ",")},
		"state": {i.state(nonce, i.installs.o.Now().Add(stateLasts))}, "redirect_uri": {i.redirectURL()},
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, strings.TrimSuffix(i.installs.o.APIURL, "api/")+"oauth/v2/authorize?"+q.Encode(), http.StatusFound)
}

// state is what Slack hands back: when it ends and a proof of that for one
// browser, base64url.
func (i *Installer) state(nonce []byte, ends time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(ends.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(b, i.proof(nonce, b)...))
}

func (i *Installer) proof(nonce, ends []byte) []byte {
	mac := hmac.New(sha256.New, i.key)
	mac.Write(nonce)
	mac.Write(ends)
	return mac.Sum(nil)
}

// ours reports whether a state was made for the browser of r, and lasts.
func (i *Installer) ours(r *http.Request) bool {
	b, err := base64.RawURLEncoding.DecodeString(r.FormValue("state"))
	cookie, errCookie := r.Cookie(stateCookie)
	if err != nil || errCookie != nil || len(b) != 8+sha256.Size {
		return false
	}
	nonce, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || !hmac.Equal(b[8:], i.proof(nonce, b[:8])) {
		return false
	}
	return i.installs.o.Now().Unix() <= int64(binary.BigEndian.Uint64(b))
}

// end takes Slack's code, trades it for a token, and keeps that.
func (i *Installer) end(w http.ResponseWriter, r *http.Request) {
	if !i.ours(r) {
		i.page(w, http.StatusBadRequest, "This did not begin here", "Or it took longer than ten minutes. Nothing was installed.", i.PublicURL+InstallPath)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: stateCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	if r.FormValue("error") != "" || r.FormValue("code") == "" {
		i.page(w, http.StatusOK, "Not installed", "Slack says that it was cancelled.", i.PublicURL+InstallPath)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 2*callTimeout) // a code is good once
	defer cancel()
	in, err := i.trade(ctx, r.FormValue("code"))
	if err == nil {
		err = i.admit(ctx, in)
	}
	if err == nil {
		err = i.installs.Put(ctx, in)
	}
	if errors.Is(err, briefs.ErrInvalid) {
		i.log.WarnContext(ctx, "Slack's app is not installed", "team", in.ID(), "err", err)
		i.page(w, http.StatusForbidden, "Not installed", err.Error(), i.PublicURL+InstallPath)
		return
	}
	if err != nil {
		i.log.ErrorContext(ctx, "Slack's app is not installed", "team", in.ID(), "err", err)
		i.page(w, http.StatusBadGateway, "Not installed", "Slack or the library could not be reached; the log says more.", i.PublicURL+InstallPath)
		return
	}
	i.log.InfoContext(ctx, "Slack's app is installed", "team", in.ID())
	i.page(w, http.StatusOK, "Installed in "+in.Name,
		`In Slack, invite the bot to a channel. In the configuration a room of this workspace begins with "slack:`+in.ID()+`/".`, "")
}

// trade gives the install for a code. It returns ErrInvalid with what Slack
// says against it.
func (i *Installer) trade(ctx context.Context, code string) (Install, error) {
	got, err := slack.GetOAuthV2ResponseContext(ctx, i.installs.o.Client, i.installs.o.ClientID, i.installs.o.ClientSecret, code, i.redirectURL(), slack.OAuthOptionAPIURL(i.installs.o.APIURL))
	var said slack.SlackErrorResponse
	if errors.As(err, &said) {
		return Install{}, briefs.Fault(briefs.ErrInvalid, "Slack says %s.%s", said.Err, mendOAuth(said.Err))
	}
	if err != nil {
		return Install{}, err
	}
	in := Install{
		Team: got.Team.ID, Enterprise: got.Enterprise.ID, Name: got.Team.Name, BotUser: got.BotUserID, Scopes: got.Scope,
		Token: got.AccessToken, Refresh: got.RefreshToken, Expires: expiry(i.installs.o.Now(), got.ExpiresIn),
	}
	if got.IsEnterpriseInstall {
		in.Team, in.Name = "", got.Enterprise.Name
	}
	if in.Token == "" || in.ID() == "" || got.TokenType != "bot" {
		return Install{}, briefs.Fault(briefs.ErrInvalid, "Slack gave no bot token. Make the app from what briefdesk init slack writes.")
	}
	return in, nil
}

// mendOAuth says what to do about an error of oauth.v2.access.
func mendOAuth(said string) string {
	switch said {
	case "invalid_client_id":
		return " Set BRIEFDESK_SLACK_CLIENT_ID to the Client ID of the app's page Basic Information."
	case "bad_client_secret":
		return " Set BRIEFDESK_SLACK_CLIENT_SECRET to the Client Secret of the app's page Basic Information."
	case "bad_redirect_uri":
		return " Let slack.public_url and the Redirect URLs of the app's page OAuth & Permissions be the same."
	case "invalid_code", "code_expired", "code_already_used":
		return " Begin again."
	}
	return ""
}

// admit refuses workspaces that are not named: whoever finds the address could
// read the library otherwise. Its token is revoked.
func (i *Installer) admit(ctx context.Context, in Install) error {
	if slices.Contains(i.Workspaces, in.ID()) || in.Enterprise != "" && slices.Contains(i.Workspaces, in.Enterprise) {
		return nil
	}
	api := slack.New(in.Token, slack.OptionAPIURL(i.installs.o.APIURL), slack.OptionHTTPClient(i.installs.o.Client))
	if _, err := api.SendAuthRevokeContext(ctx, ""); err != nil {
		i.log.WarnContext(ctx, "token of a workspace that is not named could not be revoked", "team", in.ID(), "err", err)
	}
	return briefs.Fault(briefs.ErrInvalid, "%s (%s) is not named in slack.workspaces. Whoever runs briefdesk can name it there and start it again.", in.Name, in.ID())
}

var installPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
{{with .Again}}<p><a href="{{.}}">Begin again</a></p>{{end}}
`))

// page tells how it went; again leads to another try, where it is not empty.
func (i *Installer) page(w http.ResponseWriter, status int, title, text, again string) {
	var b bytes.Buffer
	if err := installPage.Execute(&b, struct{ Title, Text, Again string }{title, text, again}); err != nil {
		i.log.Error("page of an install", "err", err)
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Referrer-Policy", "no-referrer") // the address holds a code
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
