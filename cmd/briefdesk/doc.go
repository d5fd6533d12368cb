// Briefdesk answers questions from a library of documents, word for word and
// with sources. This is a tour of the house, bottom-up; each package knows
// only some of those above it in this list, and cmd/archtest sees to it.
//
// The core: what the product knows, pure of storage and of chat.
//
//	briefs  the words of the domain: documents, passages, quotes, answers, error kinds
//	briefs/text  words, sentences and synonyms; the one place where index terms are made
//	briefs/structure  where sentences, lists and passages lie in a document
//	briefs/extract  bytes of a file → a document: text, blocks with their roles, metadata
//	briefs/fetch  names of files and folders, addresses of the web → bytes, within limits
//	briefs/fetch/fetchtest  a web server that misbehaves in every known way, for tests
//	briefs/reader  the same in processes of their own, so that a document that hangs or bursts costs no more
//	briefs/ingest  fetch, extract, structure, and store in batches
//	briefs/follow  sources read again and again: what is new or changed, once each, and what is gone
//	briefs/dispute  two sentences → whether they disagree, or say nearly the same
//	briefs/ask  a question → search, rank, select sentences, or stay silent
//	briefs/summary  a topic → what the library says about it, sentence by sentence, in sections
//	briefs/copies  two documents → whether they are the same piece
//	briefs/cite  a document → footnotes, entries of bibliographies, records of reference managers
//	briefs/schedule  when a briefing is due, and bringing it to its room once
//	briefs/sample  the embedded sample library and its golden questions
//	briefs/chart  the picture of a briefing: documents per week
//	briefs/eval  measures of search, answers and briefs, over the product's own code
//
// The edges: they know the core, and not each other.
//
//	store/sqlite/packed  the search engine: postings packed into blobs, and which passages score best
//	store/sqlite  a library in one SQLite file: revisions, full-text index, gaps
//	store  what any library backend must do, and how one is opened
//	store/storetest  the tests that every backend must pass
//	bot  what every room shares: fixed words around verbatim sentences, commands, threads, an inbox worked off once
//	bot/chattest  the tests that every platform must pass, and a desk for them
//	bot/console  rooms that are a file: posts as JSON lines, each key once
//	bot/slack  the rooms of Slack: events by socket or signed request, Block Kit out, each key once
//	bot/slack/faultserver  a Slack that goes wrong where tests tell it to
//	bot/matrix  the rooms of Matrix, encrypted ones too: each key once
//	bot/matrix/matrixtest  a real homeserver for tests, built once from a module of its own
//	bot/web  the reading page: every quote opens at its sentence; ask, briefs, library, metrics
//	bot/web/browsertest  the proof of the pages in a real browser
//	bot/web/load  a program that asks for pages and answers at a fixed rate, and says how long they took
//	config  the configuration file and the environment, in one struct
//
// And what joins them.
//
//	cmd/archtest  the test that keeps the arrows of this list
//	cmd/briefdesk  the command line: one file a subcommand, run in run.go
//
// A question takes this way: askCommand opens the store and gives it to
// ask.Asker, which parses the question, lets the store search, ranks the
// passages, reads the best documents and cuts quotes out of their stored text;
// printer and answerForm show the answer. A document takes this: addCommand
// gives sources to ingest.Ingester, which reads, analyses and stores them. A
// question on the page takes this: serve mounts web.Server, whose handler lets
// the visitor in and hands the question, with the scope of their room, to
// clerk, which asks like the command line, records, and counts. One in a room
// takes this: an adapter gives what it hears to bot.Receiver, which keeps it
// in the library before the platform is told that it came; a bot.Worker takes
// it, has bot.Responder make the replies, fixes them, and sends each under its
// key.
package main
