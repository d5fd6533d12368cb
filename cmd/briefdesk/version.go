package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// version is set by the release build (-ldflags "-X main.version=…").
var version = ""

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       "Print version, commit and build features",
		Example:     "  briefdesk version\n  briefdesk version --json",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			v, _ := buildVersion()
			if a.json {
				return writeJSON(a.stdout, v)
			}
			features := strings.Join(v.Features, ", ")
			if features == "" {
				features = "none"
			}
			_, err := fmt.Fprintf(a.stdout, "briefdesk %s\ncommit    %s\ngo        %s\nfeatures  %s\n", v.Version, v.Commit, v.Go, features)
			return err
		},
	}
}

// buildVersion tells what this binary was built from, and when that was
// committed; the zero time when the build does not tell.
func buildVersion() (versionJSON, time.Time) {
	v := versionJSON{Version: version, Commit: "unknown", Go: runtime.Version(), Features: []string{}}
	var committed time.Time
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v, committed
	}
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	modified, goolm := "", false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				modified = " (modified)"
			}
		case "vcs.time":
			committed, _ = time.Parse(time.RFC3339, s.Value)
		case "-tags":
			for tag := range strings.SplitSeq(s.Value, ",") {
				goolm = goolm || tag == "goolm"
			}
		}
	}
	v.Commit += modified
	for _, d := range info.Deps { // the tag alone makes no encryption
		if goolm && d.Path == "maunium.net/go/mautrix" {
			v.Features = append(v.Features, "encrypted Matrix rooms")
		}
	}
	return v, committed
}
