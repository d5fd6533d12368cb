package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"briefdesk/briefs"
)

// The exit codes of the command line.
const (
	exitOK = iota
	exitFailed
	exitUsage
	exitNotFound    // or nothing answered
	exitUnavailable // cannot reach a service or file
	exitDamaged
)

// usageError is a command line that cannot be understood.
type usageError struct{ what, see string }

func (e *usageError) Error() string { return e.what + ": see " + e.see + " --help" }

func usage(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...), cmd.CommandPath()}
}

// silent ends a command with an exit code and no message, because what went
// wrong has been printed as the result.
type silent int

func (s silent) Error() string { return fmt.Sprintf("exit code %d", int(s)) }

// report prints err as one line and returns the exit code of its kind.
func report(w io.Writer, err error) int {
	code := exitCode(err)
	if _, quiet := errors.AsType[silent](err); err != nil && !quiet {
		fmt.Fprintf(w, "briefdesk: %s\n", oneLine(err))
	}
	return code
}

// oneLine is the text of err without line breaks and control characters.
func oneLine(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted: what was done stays: run the same command again to finish"
	}
	return collapse(clean(strings.TrimSpace(err.Error())))
}

func exitCode(err error) int {
	var quiet silent
	var wrong *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &quiet):
		return int(quiet)
	case errors.As(err, &wrong):
		return exitUsage
	case errors.Is(err, briefs.ErrDamaged):
		return exitDamaged
	case errors.Is(err, briefs.ErrNotFound):
		return exitNotFound
	case errors.Is(err, briefs.ErrUnavailable):
		return exitUnavailable
	}
	return exitFailed
}

// minArgs and exactArgs are cobra's, with errors that say what is missing.
func minArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usage(cmd, "%s is missing", what)
		}
		return nil
	}
}

func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usage(cmd, "%s is missing", what)
		}
		if len(args) > n {
			return usage(cmd, "%q is too much", args[n])
		}
		return nil
	}
}

func maxArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage(cmd, "%q is too much", args[n])
		}
		return nil
	}
}
