// Package homeserver is a module of its own, so that what the homeserver of
// the tests needs stays out of ours. It holds no code: package matrixtest
// builds Dendrite from the versions that stand in go.mod. Nothing of it is
// shipped.
package homeserver
