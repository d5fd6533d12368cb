// Package extract turns the bytes of a file into a briefs.Document: its
// metadata, its text, and the blocks of the text with their roles.
//
// It reads plain text (above all text copied from web pages), Markdown, HTML
// and JSON lines. Package fetch brings the bytes, package structure finds
// sentences and enumerations in the blocks, package ingest joins the three.
// Nothing here touches a disk, a network or a clock.
//
// Every reader promises the same: Text is valid UTF-8 with "\n" as its only
// line break and holds everything that was read, menus and buttons included;
// the blocks are sorted and disjoint, their offsets cut no character, and no
// character of Text outside them is anything but space.
//
// All functions are safe for concurrent use.
package extract
