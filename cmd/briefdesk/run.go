package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
	"briefdesk/config"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// defaultConfig is read when it exists and no other file is named.
const defaultConfig = "briefdesk.yaml"

// app is what every subcommand shares: the streams, the global flags, and
// after prepare the configuration and the logger.
type app struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	began          time.Time // when this process did

	configFlag, libraryFlag string
	json, verbose           bool

	cfg  config.Config
	log  *slog.Logger
	view view
}

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal kills
	a := &app{getenv: getenv, stdin: stdin, stderr: stderr, now: time.Now, began: time.Now(), view: viewOf(stdout, getenv)}
	return a.run(ctx, args, stdout)
}

func (a *app) run(ctx context.Context, args []string, stdout io.Writer) int {
	out := bufio.NewWriter(stdout)
	a.stdout = out
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(out)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if flushed := out.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("standard output: %w: nothing more could be printed", flushed)
	}
	return report(a.stderr, err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "briefdesk",
		Short: "Answers questions from a library of documents, word for word, with sources",
		Long: `Briefdesk keeps a library of documents and answers questions from it: with
sentences that stand in the documents, word for word, each with its source.

Exit codes: 0 ok, 1 failed, 2 usage, 3 not found or nothing answered,
4 cannot reach a service or file, 5 library damaged.`,
		Example:           "  briefdesk demo\n  briefdesk add ./papers\n  briefdesk ask \"why did the talks fail?\"",
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              cobra.ArbitraryArgs,
		RunE:              group,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.prepare(cmd) },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.configFlag, "config", "", "configuration `FILE` (default ./briefdesk.yaml where it exists)")
	f.StringVar(&a.libraryFlag, "library", "", "library `FILE` (default ./briefdesk.db)")
	f.BoolVar(&a.json, "json", false, "print data as JSON")
	f.BoolVar(&a.verbose, "verbose", false, "log to standard error what is done")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, "%s", flagFault(err)) })
	root.SetHelpCommand(&cobra.Command{Use: "no-help", Hidden: true})
	root.AddCommand(
		a.demoCommand(), a.initCommand(), a.versionCommand(), a.addCommand(), a.askCommand(), a.briefCommand(), a.searchCommand(),
		a.libraryCommand(), a.gapsCommand(), a.feedbackCommand(), a.scheduleCommand(), a.syncCommand(), a.serveCommand(), a.evalCommand(), a.doctorCommand(), a.readCommand(),
	)
	return root
}

// group is the RunE of a command that only holds others.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	cmd.SuggestionsMinimumDistance = 2 // cobra's own default, which it sets too late
	what := fmt.Sprintf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		what += ": did you mean " + near[0] + "?"
	}
	return usage(cmd, "%s", what)
}

// noConfig marks commands that run without configuration.
const noConfig = "no-config"

// prepare loads the configuration, for every command that wants one.
func (a *app) prepare(cmd *cobra.Command) error {
	level := slog.LevelError
	if a.verbose {
		level = slog.LevelDebug
	}
	a.log = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
	a.cfg = config.Default()
	if cmd.Annotations[noConfig] != "" {
		return nil
	}
	return a.loadConfig()
}

func (a *app) loadConfig() error {
	path := a.configFlag
	if path == "" {
		if _, err := os.Stat(defaultConfig); !errors.Is(err, fs.ErrNotExist) {
			path = defaultConfig
		}
	}
	cfg, err := config.Load(path, a.getenv)
	a.cfg = cfg
	if err == nil { // what only the domain can tell
		if _, problems := a.configured(); len(problems) > 0 {
			err = problems
		}
	}
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

func (a *app) libraryPath() string {
	if a.libraryFlag != "" {
		return a.libraryFlag
	}
	return a.cfg.Library.Path
}

// open opens the library that must already exist.
func (a *app) open(ctx context.Context) (store.Backend, error) {
	return a.openAt(ctx, a.libraryPath(), sqlite.Options{MustExist: true, Now: a.now})
}

func (a *app) openAt(ctx context.Context, path string, o sqlite.Options) (store.Backend, error) {
	return store.Open(ctx, a.log, path, o)
}

// scope is what --collection lets a command see: everything when it names
// none. It returns ErrNotFound for a collection that the library lacks.
func scope(ctx context.Context, lib store.Backend, collections []string) (briefs.Scope, error) {
	if len(collections) == 0 {
		return briefs.Everything(), nil
	}
	have, err := lib.Collections(ctx, briefs.Everything())
	if err != nil {
		return briefs.Scope{}, err
	}
	known := map[string]bool{}
	for _, c := range have {
		known[c.Name] = true
	}
	for _, c := range collections {
		if !known[c] {
			return briefs.Scope{}, briefs.Fault(briefs.ErrNotFound, "collection %q: the library has none of that name: list them with: briefdesk library collections", c)
		}
	}
	return briefs.Only(collections...), nil
}
