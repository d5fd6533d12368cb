// Package browsertest proves package web in a real browser: every link opens
// at its quote, the pages work by keyboard, without scripts, on a phone and in
// the dark, ask nothing of any other host, and are accessible. It holds tests
// only. Its documents stand in the library of a temporary file and are read by
// the product's own code.
//
// The tests need Chromium and, for accessibility, axe-core; make test installs
// both where it can.
package browsertest
