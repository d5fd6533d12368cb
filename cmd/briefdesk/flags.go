package main

import (
	"errors"
	"strconv"

	"github.com/spf13/pflag"
)

// flagFault words an error of the flag parser: the flag as it was given, what
// is wrong with it, and what to write.
func flagFault(err error) string {
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return "--" + e.GetFlag().Name + ": its value is missing: write " + flagExample(e.GetFlag())
	}
	e, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err.Error()
	}
	f := e.GetFlag()
	what := "not a value of this flag"
	switch f.Value.Type() {
	case "int":
		what = "not a number"
		if errors.Is(err, strconv.ErrRange) {
			what = "too large a number"
		}
	case "bool":
		what = "neither true nor false"
	case "stringSlice":
		what = "its quotation marks do not match"
	}
	return "--" + f.Name + " " + e.GetValue() + ": " + what + ": write " + flagExample(f)
}

// flagExample is a flag as it is rightly written.
func flagExample(f *pflag.Flag) string {
	value, _ := pflag.UnquoteUsage(f)
	switch f.Value.Type() {
	case "bool":
		return "--" + f.Name
	case "int":
		value = f.DefValue
		if n, err := strconv.Atoi(value); err != nil || n < 1 {
			value = "1"
		}
	}
	return "--" + f.Name + " " + value
}
