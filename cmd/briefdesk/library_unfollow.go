package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/store"
)

func (a *app) unfollowCommand() *cobra.Command {
	var collections []string
	cmd := &cobra.Command{
		Use:   "unfollow SOURCE",
		Short: "Read a source no more that add --follow or a room has followed",
		Long: `Read a source no more that "briefdesk add --follow" or an admin in a room has
followed. Its documents stay; "briefdesk library remove" takes them away.`,
		Example: "  briefdesk library unfollow https://example.org/feed.xml",
		Args:    exactArgs(1, "the source"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			scope := briefs.Everything()
			if len(collections) > 0 {
				scope = briefs.Only(collections...)
			}
			if err := a.unfollow(cmd.Context(), lib, args[0], scope); err != nil {
				return err
			}
			_, err := fmt.Fprintln(a.stdout, "Not followed any more. Its documents stay in the library.")
			return err
		}),
	}
	cmd.Flags().StringSliceVar(&collections, "collection", nil, "only for `COLLECTION`; may be repeated")
	return cmd
}

// unfollow ends the reading of the source at an address or path for the
// collections that scope sees. It returns ErrNotFound where none is followed,
// and ErrInvalid for one that the configuration names, as lines for people.
func (a *app) unfollow(ctx context.Context, lib store.Backend, name string, scope briefs.Scope) error {
	address := addedSource(name, "").Address
	for _, s := range a.configuredSources() {
		if s.Address == address && scope.Sees(s.Collection) {
			return briefs.Fault(briefs.ErrInvalid, "%s: stands in the configuration: take it out of collections.%s there", name, s.Collection)
		}
	}
	known, err := lib.Sources(ctx, scope)
	if err != nil {
		return err
	}
	found := false
	for _, s := range known {
		if s.Address != address || s.By == "" {
			continue
		}
		found = true
		if err := lib.ForgetSource(ctx, s.Key()); err != nil {
			return err
		}
	}
	if !found {
		return briefs.Fault(briefs.ErrNotFound, "%s: is no source that is followed", name)
	}
	return nil
}
