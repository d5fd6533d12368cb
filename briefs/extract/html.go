package extract

import "briefdesk/briefs"

func declaredCharset([]byte) string              { return "" }
func readHTML(name, text string) briefs.Document { return plain(name, text) }
