// Package extract turns the bytes of a file into a briefs.Document: its
// metadata, its text, and the blocks of the text with their roles.
//
// It reads plain text (above all text copied from web pages), Markdown, HTML,
// office documents, books, feeds and JSON lines; a Reader reads PDFs besides,
// with an engine that it starts for the first of them. Package fetch brings the
// bytes, package structure finds sentences and enumerations in the blocks,
// package ingest joins the three. Nothing here touches a network or a clock,
// nor a disk but for the folder in which a Reader keeps its engine.
//
// Every reader promises the same: Text is valid UTF-8 with "\n" as its only
// line break and holds everything that was read, menus and buttons included,
// but for running heads, running feet and page numbers; the blocks are sorted
// and disjoint, their offsets cut no character, and no character of Text
// outside them is anything but space.
//
// All functions are safe for concurrent use.
package extract
