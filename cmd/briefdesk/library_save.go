package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func (a *app) exportCommand() *cobra.Command {
	var collections []string
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write every document and revision as JSONL",
		Long: `Write every document with every revision as JSONL, one a line, to a new FILE
or to standard output. briefdesk add reads it back to the same library.`,
		Example: "  briefdesk library export library.jsonl\n  briefdesk library export --collection cyber | gzip > cyber.jsonl.gz",
		Args:    maxArgs(1),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			s, err := scope(cmd.Context(), lib, collections)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error {
				return lib.Export(cmd.Context(), s, func(d briefs.Document) error {
					line, err := extract.MarshalJSONL(d)
					if err != nil {
						return err
					}
					_, err = w.Write(append(line, '\n'))
					return err
				})
			}
			if len(args) == 0 || args[0] == "-" {
				return write(a.stdout)
			}
			return create(args[0], write)
		}),
	}
	cmd.Flags().StringSliceVar(&collections, "collection", nil, "only `COLLECTION` (may be repeated)")
	return cmd
}

// create writes a new file, and leaves none behind when that fails.
func create(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return briefs.Fault(briefs.ErrConflict, "%s: exists already and was left alone: name a new file", path)
	}
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w: name another file", path, reason(err))
	}
	w := bufio.NewWriter(f)
	err = write(w)
	for _, end := range []func() error{w.Flush, f.Sync, f.Close} {
		if e := end(); err == nil && e != nil {
			err = fmt.Errorf("%s: cannot be written: %w: free some disk space", path, reason(e))
		}
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "check",
		Short:   "Check that the library is whole",
		Long:    "Check the library file, its index, and that every passage stands in its text.\nThe exit code is 5 when something is damaged.",
		Example: "  briefdesk library check",
		Args:    exactArgs(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			problems, err := a.check(cmd)
			if err != nil && (!errors.Is(err, briefs.ErrDamaged) || !a.json) {
				return err
			}
			if err != nil {
				problems = []string{oneLine(err)}
			}
			if a.json {
				if err := writeJSON(a.stdout, checkJSON{OK: len(problems) == 0, Problems: append([]string{}, problems...)}); err != nil {
					return err
				}
			} else if len(problems) == 0 {
				fmt.Fprintf(a.stdout, "Library %s is whole.\n", a.libraryPath())
			}
			if len(problems) == 0 {
				return nil
			}
			if !a.json {
				for _, p := range problems {
					fmt.Fprintln(a.stdout, collapse(clean(p)))
				}
			}
			mend := "restore a backup with: briefdesk library restore --force BACKUP"
			if !slices.ContainsFunc(problems, func(p string) bool { return !strings.HasSuffix(p, "run: briefdesk library repack") }) {
				mend = "all of it is mended by: briefdesk library repack"
			}
			return briefs.Fault(briefs.ErrDamaged, "library %s: is damaged (%s): %s", a.libraryPath(), count(len(problems), "problem"), mend)
		},
	}
}

func (a *app) check(cmd *cobra.Command) ([]string, error) {
	lib, err := a.open(cmd.Context())
	if err != nil {
		return nil, err
	}
	defer lib.Close()
	return lib.Check(cmd.Context())
}

func (a *app) repackCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "repack",
		Short: "Make the packed index anew, from which questions are answered",
		Long: `Make the packed index anew, from which questions are answered, as check asks
where that part of the library is damaged. It can be done while the library is
in use: questions are answered without it, more slowly, until it is done.`,
		Example: "  briefdesk library repack",
		Args:    exactArgs(0, ""),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, _ []string) error {
			err := lib.Repack(cmd.Context(), func(done, all int) { a.log.Debug("packing", "done", done, "passages", all) })
			if err != nil {
				return err
			}
			stats, err := lib.Stats(cmd.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s packed.\n", count(stats.Passages, "passage"))
			return err
		}),
	}
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "Save the library to a new file, also while it is in use",
		Example: "  briefdesk library backup briefdesk-backup.db",
		Args:    exactArgs(1, "the file"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			if err := lib.Backup(cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(a.stdout, "Saved to %s.\n", args[0])
			return err
		}),
	}
}

func (a *app) restoreCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:     "restore BACKUP",
		Short:   "Make the library from a backup",
		Example: "  briefdesk library restore briefdesk-backup.db",
		Args:    exactArgs(1, "the backup"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := sqlite.Restore(cmd.Context(), a.log, args[0], a.libraryPath(), sqlite.RestoreOptions{Force: force})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "Restored to %s.\n", a.libraryPath())
			return err
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace the library that stands there")
	return cmd
}
