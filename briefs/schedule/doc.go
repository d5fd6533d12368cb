// Package schedule knows when briefings are due and brings each to its room
// once. Parse reads a cron expression or plain words; a Spec lists its slots;
// a Runner plans what is due in a Ledger, claims it, has it composed, freezes
// the bytes and delivers them part by part. It is the only user of cron, whose
// parser and Next it takes and whose runner, which forgets what was missed, it
// does not.
//
// It imports briefs alone: the ledger, the rooms and the composing are given
// to it.
package schedule
