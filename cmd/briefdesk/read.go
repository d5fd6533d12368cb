package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"briefdesk/briefs/extract"
	"briefdesk/briefs/reader"
)

// readCommandName is what the children of this program are called with.
const readCommandName = "read-documents"

// readCommand is what the children of this program run: they read the
// documents that they are given on standard input.
func (a *app) readCommand() *cobra.Command {
	var memory int64
	var cache string
	cmd := &cobra.Command{
		Use:         readCommandName,
		Short:       "Read documents for another briefdesk (not for people)",
		Hidden:      true,
		Args:        exactArgs(0, ""),
		Annotations: map[string]string{noConfig: "true"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			reader.Confine(memory)
			r := extract.NewReader(extract.Options{CacheDir: cache})
			return errors.Join(reader.Serve(cmd.Context(), a.stdin, a.stdout, r.Read), r.Close())
		},
	}
	cmd.Flags().Int64Var(&memory, "memory", reader.DefaultMaxMemory, "memory that it may take, in `BYTES`")
	cmd.Flags().StringVar(&cache, "cache", "", "`FOLDER` for what is costly to make")
	return cmd
}

// readers returns what reads documents in processes of their own. Close it.
func (a *app) readers() *reader.Pool {
	return reader.New(a.log, reader.Options{Program: thisProgram(), Args: []string{"briefdesk", readCommandName}, CacheDir: cacheFolder()})
}

// cacheFolder is where the user who runs this keeps what can be made again;
// empty when there is no such place. It is no folder that others may write to:
// what is kept there is run. Whoever keeps something makes it.
func cacheFolder() string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "briefdesk")
}

// thisProgram is the file to run for a child: on Linux the very one that
// runs, also when another version has taken its place meanwhile.
func thisProgram() string {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil && runtime.GOOS == "linux" {
		return self
	}
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}
