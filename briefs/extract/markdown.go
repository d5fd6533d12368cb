package extract

import "briefdesk/briefs"

func looksLikeMarkdown(text string) bool             { return false }
func readMarkdown(name, text string) briefs.Document { return plain(name, text) }
