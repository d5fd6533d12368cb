package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/store"
)

func (a *app) rotateKeyCommand() *cobra.Command {
	var revoke bool
	cmd := &cobra.Command{
		Use:   "rotate-key",
		Short: "Sign links to quotes with a new key from now on",
		Long: `Sign links to quotes with a new key from now on. Links that rooms were given
before still open until they expire. With --revoke they open no more, for
nobody: each has to be asked for again.`,
		Example: "  briefdesk library rotate-key\n  briefdesk library rotate-key --revoke",
		Args:    exactArgs(0, ""),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, _ []string) error {
			keys, err := lib.LinkKeys(cmd.Context())
			if err != nil {
				return err
			}
			if err := addLinkKey(cmd.Context(), lib, keys, a.now(), revoke); err != nil {
				return err
			}
			what := "Links that were given before still open."
			if revoke {
				what = "Links that were given before open no more."
			}
			_, err = fmt.Fprintln(a.stdout, "Links are signed with a new key. "+what)
			return err
		}),
	}
	cmd.Flags().BoolVar(&revoke, "revoke", false, "drop the keys before: no link signed with them opens any more")
	return cmd
}

// addLinkKey adds a key that follows keys, which are newest first. Its size is
// that of the hash it is used with, more would not be stronger (RFC 2104,
// section 3). It returns ErrConflict when keys are not the newest any more.
func addLinkKey(ctx context.Context, lib store.Backend, keys []briefs.LinkKey, now time.Time, revoke bool) error {
	newest := 0
	if len(keys) > 0 {
		newest = keys[0].ID
	}
	secret := make([]byte, sha256.Size)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	return lib.RotateLinkKey(ctx, newest, secret, now.UTC(), revoke)
}
