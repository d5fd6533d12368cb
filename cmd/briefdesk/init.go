package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
)

//go:embed template.yaml
var commentedConfig []byte

func (a *app) initCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:         "init",
		Short:       "Write a commented briefdesk.yaml, or with slack the manifest of the Slack app",
		Long:        "Write a commented briefdesk.yaml, or the file that --config names. A file\nthat exists is left alone.",
		Example:     "  briefdesk init\n  briefdesk init --config /etc/briefdesk.yaml",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			path := a.configFlag
			if path == "" {
				path = defaultConfig
			}
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return briefs.Fault(briefs.ErrConflict, "%s: exists already and was left alone: edit it, or name another with --config", path)
			}
			if err != nil {
				return fmt.Errorf("%s: cannot be written: %w: name another file with --config", path, reason(err))
			}
			_, err = f.Write(commentedConfig)
			if err = errors.Join(err, f.Close()); err != nil {
				return fmt.Errorf("%s: cannot be written: %w", path, reason(err))
			}
			_, err = fmt.Fprintf(a.stdout, "%s is written. Next: briefdesk add SOURCE\n", path)
			return err
		},
	}
	cmd.AddCommand(a.initSlackCommand())
	return cmd
}
