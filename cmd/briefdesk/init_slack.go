package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/bot/slack"
	"briefdesk/briefs"
)

const (
	slackManifestFile = "slack-manifest.json"
	slackAppName      = "Briefdesk"
)

func (a *app) initSlackCommand() *cobra.Command {
	var mode, address, name, out string
	var several bool
	cmd := &cobra.Command{
		Use:   "slack",
		Short: "Write the manifest of the Slack app, and say what to do with it",
		Long: `Write what Slack makes the app from: its commands, events and permissions, no
more than are used. What no flag says is taken from slack in the configuration.
A file that exists is left alone.`,
		Example: "  briefdesk init slack\n  briefdesk init slack --mode http --url https://desk.example.org\n  briefdesk init slack --several --url https://desk.example.org --out -",
		Args:    exactArgs(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s := a.cfg.Slack
			if mode == "" {
				mode = s.Mode
			}
			if mode == "" {
				mode = slackSocket
			}
			if mode != slackSocket && mode != slackHTTP {
				return usage(cmd, "--mode %s: not a choice: write socket or http", mode)
			}
			if address == "" {
				address = s.PublicURL
			}
			address = strings.TrimRight(address, "/")
			if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
				return usage(cmd, "--url %s: not a web address: write https://HOST/…", address)
			}
			o := slack.ManifestOptions{
				Name: name, PublicURL: address, Socket: mode == slackSocket, Several: several || len(s.Workspaces) > 0, Pages: a.cfg.Web.PublicURL,
			}
			text, err := slack.Manifest(o)
			if errors.Is(err, briefs.ErrInvalid) {
				return usage(cmd, "%s", err)
			}
			if err != nil {
				return err
			}
			if out == "-" {
				_, err = a.stdout.Write(text)
				return err
			}
			if err := writeNew(out, text); err != nil {
				return err
			}
			a.printSlackSteps(out, o)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&mode, "mode", "", "how events come: over a `socket` that briefdesk opens, or by http to --url (default socket)")
	f.StringVar(&address, "url", "", "`URL` at which Slack reaches slack.listen, for --mode http and --several")
	f.StringVar(&name, "name", slackAppName, "`NAME` of the app and its bot")
	f.BoolVar(&several, "several", false, "for several workspaces, installed by OAuth with rotating tokens")
	f.StringVar(&out, "out", slackManifestFile, "write `FILE`; - is standard output")
	return cmd
}

// writeNew writes a file that does not exist yet.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return briefs.Fault(briefs.ErrConflict, "%s: exists already and was left alone: name another with --out", path)
	}
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w: name another file with --out", path, reason(err))
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: cannot be written: %w", path, reason(err))
	}
	return nil
}

// printSlackSteps says what to do with the manifest, as far as the first
// answer.
func (a *app) printSlackSteps(file string, o slack.ManifestOptions) {
	steps := []string{"https://api.slack.com/apps: Create New App, From a manifest: paste " + file}
	if o.Several {
		steps = append(steps,
			"Basic Information: set BRIEFDESK_SLACK_CLIENT_ID and BRIEFDESK_SLACK_CLIENT_SECRET",
			"set BRIEFDESK_SECRET_KEY to what this prints: openssl rand -base64 32")
	} else {
		steps = append(steps, "Install App: set BRIEFDESK_SLACK_BOT_TOKEN to the Bot User OAuth Token, xoxb-…")
	}
	settings := "mode: socket"
	if o.Socket {
		steps = append(steps, "Basic Information, App-Level Tokens: generate one with connections:write, and set BRIEFDESK_SLACK_APP_TOKEN to it, xapp-…")
	} else {
		settings = "mode: http"
		steps = append(steps, "Basic Information: set BRIEFDESK_SLACK_SIGNING_SECRET to the Signing Secret")
	}
	if o.PublicURL != "" {
		settings += ", public_url: " + o.PublicURL
	}
	if o.Several {
		settings += ", workspaces: [T…]"
	}
	steps = append(steps, "briefdesk.yaml: slack: {"+settings+"}, and rooms; then briefdesk doctor and briefdesk serve")
	if !o.Socket {
		steps = append(steps, "App Manifest: verify the Request URL, while briefdesk serve runs")
	}
	if o.Several {
		steps = append(steps, "Manage Distribution: activate it; then open "+o.PublicURL+slack.InstallPath+" for each workspace")
	}
	steps = append(steps, "In Slack: /invite the bot to a channel, and mention it with a question")
	fmt.Fprintf(a.stdout, "%s is written. Next:\n", file)
	for i, s := range steps {
		fmt.Fprintf(a.stdout, "%2d  %s\n", i+1, s) // not wrapped: to be copied
	}
}
