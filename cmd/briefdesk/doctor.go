package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/config"
	"briefdesk/store/sqlite"
)

// leastFree is the free disk space below which doctor warns: room for the
// write-ahead log of a large add (64 MiB kept, see store/sqlite) and its batch.
const leastFree = 256 << 20

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "doctor",
		Short:       "Check configuration, library, sources, briefings, disk and clock, and say how to mend each fault",
		Example:     "  briefdesk doctor\n  briefdesk doctor --json",
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "yes"}, // a faulty configuration is a finding
		RunE: func(cmd *cobra.Command, _ []string) error {
			checks := a.diagnose(cmd.Context())
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			form := doctorJSON{OK: true, Checks: checks}
			for _, c := range checks {
				form.OK = form.OK && c.OK
			}
			if a.json {
				if err := writeJSON(a.stdout, form); err != nil {
					return err
				}
			} else {
				a.printChecks(checks)
			}
			if !form.OK {
				return silent(exitFailed)
			}
			return nil
		},
	}
}

func (a *app) printChecks(checks []diagnosis) {
	for _, c := range checks {
		mark := "ok     "
		if !c.OK {
			mark = "FAULT  "
		}
		text := strings.TrimPrefix(a.view.paragraph(mark, c.Name+": "+c.Detail), mark)
		if !c.OK {
			mark = a.view.bold(mark)
		}
		fmt.Fprint(a.stdout, mark, text)
		if !c.OK && c.Mend != "" {
			fmt.Fprint(a.stdout, a.view.paragraph("       mend: ", c.Mend))
		}
	}
}

func (a *app) diagnose(ctx context.Context) []diagnosis {
	checks := a.diagnoseConfig()
	right := checks[0].OK
	checks = append(checks, a.diagnoseLibrary(ctx, right)...)
	checks = append(checks, a.diagnoseDisk(), a.diagnoseClock())
	if !right { // its addresses may be none
		return checks
	}
	checks = append(checks, a.diagnoseWeb()...)
	checks = append(checks, a.diagnosePort(ctx))
	checks = append(checks, a.diagnoseSlack(ctx)...)
	return append(checks, a.diagnoseMatrix(ctx)...)
}

// diagnoseConfig gives one finding for each fault. That no secret stands in
// the file is one of the faults that Load looks for.
func (a *app) diagnoseConfig() []diagnosis {
	err := a.loadConfig()
	var problems config.Problems
	switch {
	case err == nil && a.cfg.File == "":
		return []diagnosis{{"configuration", true, "no file, all defaults", ""}}
	case err == nil:
		return []diagnosis{{"configuration", true, a.cfg.File + " is right, and holds no secret", ""}}
	case !errors.As(err, &problems):
		return []diagnosis{{"configuration", false, oneLine(err), "name a readable file with --config, or write one with: briefdesk init"}}
	}
	var checks []diagnosis
	for _, p := range problems {
		checks = append(checks, diagnosis{"configuration", false, oneLine(p), "correct it there"})
	}
	return checks
}

// diagnoseLibrary looks at the library, and when the configuration is right at
// the briefings that it is to give.
func (a *app) diagnoseLibrary(ctx context.Context, right bool) []diagnosis {
	path := a.libraryPath()
	lib, err := a.openAt(ctx, path, sqlite.Options{MustExist: true, ReadOnly: true, Now: a.now})
	if errors.Is(err, briefs.ErrNotFound) {
		checks := []diagnosis{{"library", false, path + " does not exist", "make one with: briefdesk add SOURCE"}}
		if right {
			checks = append(checks, a.diagnoseSources(ctx, nil)...)
		}
		return checks
	}
	if err != nil {
		return []diagnosis{{"library", false, oneLine(err), "name another with --library, or restore a backup with: briefdesk library restore --force BACKUP"}}
	}
	defer lib.Close()
	stats, err := lib.Stats(ctx)
	if err != nil {
		return []diagnosis{{"library", false, oneLine(err), "check it with: briefdesk library check"}}
	}
	checks := []diagnosis{{"library", true, fmt.Sprintf("%s holds %s and %s, %s on disk", path,
		count(stats.Documents, "document"), count(stats.Passages, "passage"), size(stats.Bytes)), ""}}
	if stats.Outdated > 0 {
		checks = append(checks, diagnosis{"library", true, "to index as this version does: " + count(stats.Outdated, "document") +
			"; briefdesk serve does it in the background, until then questions may find less there", ""})
	}
	if f, err := os.OpenFile(path, os.O_RDWR, 0); err != nil {
		checks = append(checks, diagnosis{"library", false, path + " cannot be written: " + reason(err).Error(), "make the file and its folder writable"})
	} else {
		f.Close()
	}
	if right {
		checks = append(checks, a.diagnoseSources(ctx, lib)...)
		checks = append(checks, a.diagnoseSchedules(ctx, lib)...)
	}
	return checks
}

func (a *app) diagnoseDisk() diagnosis {
	folder := filepath.Dir(a.libraryPath())
	free, err := freeSpace(folder)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return diagnosis{"disk", true, "free space cannot be told on this system", ""}
	case err != nil:
		return diagnosis{"disk", false, fmt.Sprintf("folder %s: %v", folder, reason(err)), "make the folder, or name another library with --library"}
	case free < leastFree:
		return diagnosis{"disk", false, size(free) + " free in " + folder, "free some space: " + size(leastFree) + " is the least to add documents safely"}
	}
	return diagnosis{"disk", true, size(free) + " free in " + folder, ""}
}

// diagnoseClock compares the clock with the moment this program was made of.
func (a *app) diagnoseClock() diagnosis {
	now := a.now().UTC()
	_, committed := buildVersion()
	if committed.IsZero() { // a build that does not tell
		committed = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if now.Before(committed) || now.Year() > committed.Year()+50 {
		return diagnosis{"clock", false, "shows " + now.Format(time.RFC3339) + ", which cannot be", "set the clock, or let it follow a time server"}
	}
	return diagnosis{"clock", true, now.Format(time.RFC3339), ""}
}

// size writes n bytes for a reader.
func size(n int64) string {
	const k = 1024
	switch {
	case n < k:
		return fmt.Sprintf("%d B", n)
	case n < k*k:
		return fmt.Sprintf("%.0f KiB", float64(n)/k)
	case n < k*k*k:
		return fmt.Sprintf("%.1f MiB", float64(n)/(k*k))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(k*k*k))
}
